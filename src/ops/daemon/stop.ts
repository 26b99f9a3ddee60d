import * as z from "zod/mini";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { daemonFolder, daemonOptions } from "./daemon-place.ts";
import { endDaemon, launchDaemon, startDaemon } from "./start.ts";

/** Ends the daemon of the workspace: what runs may end, for a while. Harmless where none runs. */
export const stopDaemon = defineOperation({
  name: "daemon.stop",
  access: "machine",
  input: NO_INPUT,
  async run(context): Promise<{ readonly pid: number | undefined }> {
    return { pid: await endDaemon(daemonFolder(context), context.signal) };
  },
  wire: {
    of: ({ pid }) => ({ outcome: pid === undefined ? "not-running" : "stopped", pid }),
    schema: () => z.looseObject({ outcome: z.enum(["stopped", "not-running"]), pid: z.optional(z.int()) }),
  },
});

/** Ends it, and starts one: after the settings or the environment have changed. */
export const restartDaemon = defineOperation({
  name: "daemon.restart",
  access: "machine",
  input: z.strictObject({ mode: z.optional(z.enum(["events", "poll"])) }),
  async run(context, { mode }) {
    const options = await daemonOptions(context, mode);
    await endDaemon(options.beadsDir, context.signal);
    return launchDaemon(context, options);
  },
  wire: startDaemon.wire,
});
