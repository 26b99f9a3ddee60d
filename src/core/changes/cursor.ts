import { BdError, command } from "../../errors.ts";
import { COMMIT_HASH } from "../commit-hash.ts";

/**
 * How far somebody has read: `<commit>`, all of whose events are behind the reader; `<commit>:<n>`, the first n of what the
 * commit did to its first parent; or `<commit>..<commit>:<n>`, the first n between two commits that are further apart.
 */
export interface Cursor {
  /** The newest commit of which something was read. */
  readonly commit: string;
  /** What it is compared with; its first parent where nothing is said. */
  readonly from?: string;
  /** How many of its events are behind the reader; all where nothing is said. */
  readonly read?: number;
}

/** That of an event, behind which its reader is. */
export const EVENT_CURSOR = new RegExp(`^(${COMMIT_HASH}\\.\\.)?${COMMIT_HASH}:[1-9]\\d*$`);
const FORM = new RegExp(`^(?:(?:(${COMMIT_HASH})\\.\\.)?(${COMMIT_HASH}):(\\d{1,9})|(${COMMIT_HASH}))$`);

/** Throws BdError usage CURSOR_INVALID. */
export function parseCursor(text: string): Cursor {
  const [match, from, commit, read, whole] = FORM.exec(text.trim()) ?? [];
  if (match === undefined) {
    throw new BdError("usage", "CURSOR_INVALID", `${JSON.stringify(text)} is no cursor (COMMIT or COMMIT:NUMBER)`, {
      hint: command`bd changes --help`,
      details: { value: text },
    });
  }
  if (whole !== undefined) return { commit: whole };
  return { commit: commit ?? "", read: Number(read), ...(from === undefined ? {} : { from }) };
}

export function cursorText({ commit, from, read }: Cursor): string {
  if (read === undefined) return commit;
  return `${from === undefined ? "" : `${from}..`}${commit}:${read}`;
}
