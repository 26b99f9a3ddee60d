import { BdError, type CommandLine } from "../../errors.ts";

interface AdminsWork {
  /** It stands after "the server does not let user 'x'". */
  readonly what: string;
  /** The command, as an admin types it. */
  readonly hint: CommandLine;
  /** Default: the one in the error's details. */
  readonly user?: string;
}

/** Says of a missing right that no agent has it, and how an admin goes about it; other errors pass unchanged. */
export function takesAdmin(error: unknown, { what, hint, user }: AdminsWork): unknown {
  if (!(error instanceof BdError) || error.code !== "NO_PERMISSION") return error;
  const who = user ?? String(error.details?.["user"]);
  const message = `the server does not let user '${who}' ${what}; that takes an admin`;
  return new BdError(error.kind, error.code, message, { hint, details: error.details, cause: error });
}
