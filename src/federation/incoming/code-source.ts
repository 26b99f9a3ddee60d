/** Where code may come from that runs here, for messages. */
export interface CodeSource {
  /** Of the error that refuses it. */
  readonly code: "REMOTE_HAS_CODE" | "DATABASE_HAS_CODE";
  /** Begins a sentence: `the remote`. */
  readonly name: string;
  /** What it does with code: `brings`. */
  readonly verb: string;
  /** What did not happen: `nothing was merged`. */
  readonly undone: string;
}

export const FROM_REMOTE: CodeSource = {
  code: "REMOTE_HAS_CODE",
  name: "the remote",
  verb: "brings",
  undone: "nothing was merged",
};

/** A database of the server that a workspace is to join. */
export function fromDatabase(database: string): CodeSource {
  return { code: "DATABASE_HAS_CODE", name: `database '${database}'`, verb: "holds", undone: "nothing was joined" };
}
