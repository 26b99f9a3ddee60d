import { BdError, type ErrorOptions } from "../../errors.ts";

/** Where code may come from that runs here, for messages. */
export interface CodeSource {
  /** Begins a sentence: `the remote`. */
  readonly name: string;
  /** What it does with code: `brings`. */
  readonly verb: string;
  /** What did not happen: `nothing was merged`. */
  readonly undone: string;
  /** The error that refuses it. */
  readonly refused: (message: string, options: ErrorOptions) => BdError;
}

export const FROM_REMOTE: CodeSource = {
  name: "the remote",
  verb: "brings",
  undone: "nothing was merged",
  refused: (message, options) => new BdError("rejected", "REMOTE_HAS_CODE", message, options),
};

/** A database of the server that a workspace is to join. */
export function fromDatabase(database: string): CodeSource {
  return {
    name: `database '${database}'`,
    verb: "holds",
    undone: "nothing was joined",
    refused: (message, options) => new BdError("rejected", "DATABASE_HAS_CODE", message, options),
  };
}
