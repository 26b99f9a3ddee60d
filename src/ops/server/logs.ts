import * as z from "zod/mini";
import { serverLogs } from "../../server/server-logs.ts";
import { serverPaths } from "../../server/server-paths.ts";
import { defineOperation } from "../operation.ts";
import { serverEnvironment } from "./server-place.ts";

const LogsInput = z.strictObject({ lines: z.int().check(z.gte(0)) });

export interface LogsResult {
  readonly logFile: string;
  /** Oldest first. */
  readonly lines: readonly string[];
}

/** The last lines of our server's log. */
export const ownServerLogs = defineOperation({
  name: "server.logs",
  access: "none",
  input: LogsInput,
  async run(context, { lines }: z.infer<typeof LogsInput>): Promise<LogsResult> {
    const environment = serverEnvironment(context);
    const last: string[] = [];
    for await (const line of serverLogs(environment, { lines })) last.push(line);
    return { logFile: serverPaths(environment).logFile, lines: last };
  },
});
