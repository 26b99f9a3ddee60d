import * as z from "zod/mini";
import { BdError } from "../../errors.ts";
import { issueCount } from "../../store/queries/database-contents.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { defineOperation } from "../operation.ts";
import { errorCode } from "../wire/error-schema.ts";
import { natural } from "../wire/formats.ts";

/** Times are whole milliseconds. */
export interface PingResult {
  /** Finding the workspace and its settings. */
  readonly resolveMs: number;
  /** Connecting, and checking whose database it is. */
  readonly storeMs: number;
  readonly queryMs: number;
  readonly totalMs: number;
  /** What is in the way; it decides the exit code. */
  readonly problem?: BdError;
}

/** Whether the workspace's database answers, right now. */
export const ping = defineOperation({
  name: "workspace.ping",
  access: "read",
  input: z.strictObject({}),
  async run(context): Promise<PingResult> {
    const started = context.timing.now();
    const marks: number[] = [];
    const mark = () => marks.push(context.timing.now());
    let problem: BdError | undefined;
    try {
      await context.settings();
      mark();
      await context.read(
        async (reader) => {
          await reader.all([projectConfig]);
          mark();
          await reader.all([issueCount]);
        },
        { waits: false },
      );
    } catch (error) {
      if (!(error instanceof BdError) || error.kind === "interrupted") throw error;
      problem = error;
    }
    const ended = context.timing.now();
    const [resolved = ended, opened = ended] = marks;
    return {
      resolveMs: Math.round(resolved - started),
      storeMs: Math.round(opened - resolved),
      queryMs: Math.round(ended - opened),
      totalMs: Math.round(ended - started),
      ...(problem === undefined ? {} : { problem }),
    };
  },
  wire: {
    of: ({ problem, totalMs, resolveMs, storeMs, queryMs }) =>
      problem === undefined
        ? { status: "ok", resolve_ms: resolveMs, store_ms: storeMs, query_ms: queryMs, total_ms: totalMs }
        : { status: "error", error: problem.message, code: problem.code, hint: problem.hint, total_ms: totalMs },
    schema: () =>
      z.union([
        z.looseObject({
          status: z.literal("ok"),
          resolve_ms: natural(),
          store_ms: natural(),
          query_ms: natural(),
          total_ms: natural(),
        }),
        z.looseObject({
          status: z.literal("error"),
          error: z.string(),
          code: errorCode(),
          hint: z.optional(z.string()),
          total_ms: natural(),
        }),
      ]),
  },
});
