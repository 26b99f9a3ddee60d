import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { connectDaemon } from "../../rpc/ask-daemon.ts";
import type { BaseContext } from "../context.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { natural, time } from "../wire/formats.ts";
import { daemonFolder } from "./daemon-place.ts";

/** What a daemon says of itself; `running: false` is all there is to say where none answers. */
export type DaemonStatus = z.infer<ReturnType<typeof statusSchema>>;

/** Whether a daemon serves the workspace, and what it did. */
export const daemonStatus = defineOperation({
  name: "daemon.status",
  access: "none",
  input: NO_INPUT,
  run: (context) => statusOf(context),
  wire: { of: (status) => status, schema: statusSchema },
});

/** It has the answer at hand. */
const ANSWER_MS = 5000;

export async function statusOf(context: BaseContext): Promise<DaemonStatus> {
  const beadsDir = daemonFolder(context);
  const daemon = await connectDaemon(beadsDir, { signal: context.signal, answerMs: ANSWER_MS });
  if (daemon === "nobody") return { running: false, workspace: beadsDir };
  if (daemon === "silent") throw silentDaemon(beadsDir);
  daemon.send({ id: 1, op: "daemon.status" });
  const frame = await daemon.next();
  daemon.close();
  context.signal.throwIfAborted();
  if (frame === undefined) throw silentDaemon(beadsDir);
  const parsed = statusSchema().safeParse(frame?.["payload"]);
  if (!parsed.success) return { running: true, workspace: beadsDir, pid: daemon.greeting.pid };
  return parsed.data;
}

export function silentDaemon(beadsDir: string): BdError {
  return new BdError("unavailable", "DAEMON_SILENT", `somebody holds the socket in ${beadsDir}, and does not answer`, {
    hint: command`bd daemon logs`,
  });
}

function statusSchema() {
  const optional = z.optional;
  return z.looseObject({
    running: z.boolean(),
    workspace: z.string(),
    pid: optional(z.int()),
    version: optional(z.string()),
    mode: optional(z.enum(["events", "poll"])),
    started: optional(time()),
    uptime_seconds: optional(natural()),
    idle_exit_seconds: optional(natural()),
    log_path: optional(z.string()),
    last_sync: optional(time()),
    requests: optional(
      z.looseObject({
        served: natural(),
        running: natural(),
        direct: z.record(z.string(), natural()),
        p50_ms: optional(z.number()),
        p95_ms: optional(z.number()),
      }),
    ),
    events: optional(
      z.looseObject({
        file_changes: natural(),
        mutations: natural(),
        exports: natural(),
        exported_mutations: natural(),
        imports: natural(),
        imported_file_changes: natural(),
      }),
    ),
    watcher: optional(
      z.looseObject({
        watching: z.array(z.string()),
        polling: z.boolean(),
        events: natural(),
        errors: natural(),
        last_error: optional(z.string()),
      }),
    ),
    federation: optional(
      z.looseObject({ interval_seconds: natural(), last_round: optional(time()), last_error: optional(z.string()) }),
    ),
    tracker: optional(
      z.looseObject({ at: optional(time()), last: optional(z.string()), last_error: optional(z.string()) }),
    ),
    memory_bytes: optional(natural()),
    health: optional(z.looseObject({ at: time(), database: z.string(), disk_free_bytes: optional(natural()) })),
  });
}
