import { join } from "node:path";
import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { errnoOf } from "../../host/errno.ts";
import { lastLinesOf } from "../../host/last-lines.ts";
import { defineOperation } from "../operation.ts";
import { daemonFolder } from "./daemon-place.ts";

const LogsInput = z.strictObject({ lines: z.int().check(z.gte(0)) });

/** The last lines of the daemon's log, oldest first. Throws BdError not-found/DAEMON_LOG_MISSING before the first start. */
export const daemonLogs = defineOperation({
  name: "daemon.logs",
  access: "none",
  input: LogsInput,
  async run(context, { lines }: z.infer<typeof LogsInput>) {
    const logPath = join(daemonFolder(context), "daemon.log");
    const last: string[] = [];
    try {
      for await (const line of lastLinesOf(logPath, lines)) last.push(line);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
      throw new BdError("not-found", "DAEMON_LOG_MISSING", `there is no daemon's log yet at ${logPath}`, {
        hint: command`bd daemon start`,
      });
    }
    return { logPath, lines: last };
  },
  wire: {
    of: ({ logPath, lines }) => ({ log_path: logPath, lines }),
    schema: () => z.looseObject({ log_path: z.string(), lines: z.array(z.string()) }),
  },
});
