import * as z from "zod/mini";
import { connectDaemon } from "../../rpc/ask-daemon.ts";
import { defineOperation } from "../operation.ts";
import { daemonFolder } from "./daemon-place.ts";

export const DAEMON_EVENTS = ["import-needed", "export-needed", "tracker-changed"] as const;

/** A hook waits for it. */
const HOOK_MS = 2000;

const EventInput = z.strictObject({ event: z.enum(DAEMON_EVENTS) });

/** Tells the daemon that something is due, for hooks: where none runs, or no workspace is there, nothing is to be told. */
export const tellDaemon = defineOperation({
  name: "daemon.event",
  access: "none",
  input: EventInput,
  async run(context, { event }: z.infer<typeof EventInput>): Promise<{ readonly isTold: boolean }> {
    if (context.findWorkspace() === undefined) return { isTold: false };
    const daemon = await connectDaemon(daemonFolder(context), { signal: context.signal, answerMs: HOOK_MS });
    if (typeof daemon === "string") return { isTold: false };
    daemon.send({ id: 1, op: "daemon.event", input: { event } });
    const answer = await daemon.next();
    daemon.close();
    return { isTold: answer !== undefined };
  },
  wire: {
    of: ({ isTold }) => ({ told: isTold }),
    schema: () => z.looseObject({ told: z.boolean() }),
  },
});
