import { BdError, command } from "../../errors.ts";
import { runTool } from "../../host/child-process.ts";
import type { Place } from "../../ops/caller.ts";
import type { ShellCall, ShellResult } from "../command.ts";

interface Here {
  readonly place: Pick<Place, "env">;
  readonly signal: AbortSignal;
  readonly cwd: string;
}

/**
 * Runs a line of the person's own in `sh`. It may call `bd`, so it has the password of the server, too; the cursor stays that
 * of whoever started it. Throws BdError config SHELL_NOT_FOUND, interrupted.
 */
export async function runShell(line: string, { stdin, env }: ShellCall, here: Here): Promise<ShellResult> {
  const { BEADS_DOLT_PASSWORD } = here.place.env;
  const result = await runTool(
    { env: here.place.env, signal: here.signal },
    {
      path: "sh",
      args: ["-c", line],
      stdin,
      cwd: here.cwd,
      env: { BEADS_DOLT_PASSWORD, BD_CURSOR_FILE: undefined, ...env },
    },
  );
  if (result.kind === "ended") return result;
  throw new BdError("config", "SHELL_NOT_FOUND", `sh can't be started (${result.reason})`, {
    hint: command`bd watch --help`,
  });
}
