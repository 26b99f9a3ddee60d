import { BdError } from "../errors.ts";

/** Says of a missing right that no agent has it, and how an admin goes about it; other errors pass unchanged. */
export function takesAdmin(
  error: unknown,
  {
    what,
    line,
    user,
  }: {
    /** What it takes an admin to do, after "does not let user 'x'". */
    readonly what: string;
    /** The command that an admin types. */
    readonly line: string;
    /** Default: the one in the error's details. */
    readonly user?: string;
  },
): unknown {
  if (!(error instanceof BdError) || error.code !== "NO_PERMISSION") return error;
  const message = `the server does not let user '${user ?? String(error.details?.["user"])}' ${what}; that takes an admin`;
  return new BdError(error.kind, error.code, message, {
    hint: `BEADS_DOLT_SERVER_USER=ADMIN ${line}`,
    ...(error.details === undefined ? {} : { details: error.details }),
    cause: error,
  });
}
