import * as z from "zod/mini";
import { readPidFile } from "../../server/pid-file.ts";
import { serverLogs } from "../../server/server-logs.ts";
import { serverPaths } from "../../server/server-paths.ts";
import { SERVER_UNIT } from "../../server/systemd/unit-files.ts";
import { unitStatus } from "../../server/systemd/unit-status.ts";
import { journalOf } from "../../server/systemd/user-manager.ts";
import { defineOperation } from "../operation.ts";
import { serverEnvironment } from "./server-place.ts";

const LogsInput = z.strictObject({ lines: z.int().check(z.gte(0)) });

export interface LogsResult {
  /** Undefined where the lines are from a journal. */
  readonly logFile: string | undefined;
  /** The unit of systemd whose journal it is. */
  readonly unit?: string | undefined;
  /** Oldest first. */
  readonly lines: readonly string[];
}

/** The last lines of our server's log, or of the journal where systemd runs it. */
export const ownServerLogs = defineOperation({
  name: "server.logs",
  access: "none",
  input: LogsInput,
  async run(context, { lines }: z.infer<typeof LogsInput>): Promise<LogsResult> {
    const environment = serverEnvironment(context);
    const own = await readPidFile(environment, serverPaths(environment));
    const unit = own.kind === "running" ? undefined : await unitStatus(environment);
    if (unit?.manager !== undefined && unit.manager.state !== "inactive") {
      return { logFile: undefined, unit: SERVER_UNIT, lines: await journalOf(environment, SERVER_UNIT, lines) };
    }
    const last: string[] = [];
    for await (const line of serverLogs(environment, { lines })) last.push(line);
    return { logFile: serverPaths(environment).logFile, lines: last };
  },
  wire: {
    of: ({ logFile, unit, lines }) => ({ log_file: logFile, unit, lines }),
    schema: () =>
      z.looseObject({
        log_file: z.optional(z.string()),
        unit: z.optional(z.string()),
        lines: z.array(z.string()),
      }),
  },
});
