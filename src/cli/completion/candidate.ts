import { UNPRINTABLE } from "../../errors.ts";

/** A word that may stand where the cursor is, and what it is. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** Names of files, which the shell knows better. */
export const FILES: Candidate = { word: "./", meaning: "" };

const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, "gu");

/**
 * The lines of `bd __complete`. Ids and titles may be anybody's: a word of other signs than these would have to be quoted, and
 * shells differ in that, so it is left out; a meaning is one line that a terminal can show.
 */
export function candidateLines(candidates: readonly Candidate[]): string {
  return candidates
    .filter(({ word }) => /^[\w.:@,=/+-]+$/.test(word))
    .map(({ word, meaning }) => (meaning === "" ? word : `${word}\t${meaning.replace(EVERY_UNPRINTABLE, " ")}`))
    .map((line) => `${line}\n`)
    .join("");
}
