import { createHash } from "node:crypto";

/**
 * When two issues were made under one id, one of them moves to an id that follows from what it is: the id that it
 * wanted, `_`, and eight letters and digits. Everybody who meets the two computes the same, and the id that it wanted
 * can be read off again, also after an export, an import or a change by another program.
 */
export interface Birth {
  /** The id under which the issue was made, or to which somebody renamed it. */
  readonly wanted: string;
  readonly createdBy: string;
  /** As a DATETIME column gives it, whole seconds of UTC. */
  readonly createdAt: string;
  /** Tells apart what the three above don't: the event of the creation, or "" where none is known. */
  readonly ext: string;
}

/** How many ids an issue has tried: 0 is the wanted one, 1 the first that follows from it. */
export type Level = number;

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const CHARACTERS = `0123456789${LETTERS}`;
const TAG_LENGTH = 8;
/** Children of a moved issue have its tail inside their ids. */
const TAILS = /_[a-z][0-9a-z]{7}(?=$|\.\d)/g;
const TAIL = /^(.+)_[a-z][0-9a-z]{7}$/s;
const MAX_ID_LENGTH = 255;
/** Nobody has met a second level yet: two issues of one second under one id by one actor need it. */
const MAX_READ_LEVEL = 8;

export function idAtLevel(birth: Birth, level: Level): string {
  if (level === 0) return birth.wanted;
  const { wanted, createdBy, createdAt, ext } = birth;
  const known = level === 1 ? [wanted, createdBy, createdAt] : [wanted, createdBy, createdAt, ext, String(level)];
  return `${wanted.slice(0, MAX_ID_LENGTH - TAG_LENGTH - 1)}_${tagOf(known)}`;
}

/** What stands before the tail that a moved id has; the id itself where it has none. */
export function wantedIdIn(id: string): string {
  return TAIL.exec(id)?.[1] ?? id;
}

/** Whether an id holds a part that begins outside of the tails that moves gave it: nobody chose what stands in those. */
export function holdsOutsideTails(id: string, part: string): boolean {
  const tails = [...id.matchAll(TAILS)].map(({ index, 0: { length } }) => ({ from: index, to: index + length }));
  for (let at = id.indexOf(part); at !== -1; at = id.indexOf(part, at + 1)) {
    if (!tails.some(({ from, to }) => at >= from && at < to)) return true;
  }
  return false;
}

/** The id that the issue wanted, and how far it had to move from it. */
export function readLevel({ id, ...row }: { readonly id: string } & Omit<Birth, "wanted">): {
  readonly wanted: string;
  readonly level: Level;
} {
  const wanted = TAIL.exec(id)?.[1];
  if (wanted !== undefined) {
    for (let level = 1; level <= MAX_READ_LEVEL; level++) {
      if (idAtLevel({ ...row, wanted }, level) === id) return { wanted, level };
    }
  }
  return { wanted: id, level: 0 };
}

/** Starts with a letter, so that no moved id ever looks like the next number of a row of numbers. */
function tagOf(parts: readonly string[]): string {
  const digest = createHash("sha256")
    .update(`bd:moved-id\0${parts.join("\0")}`)
    .digest();
  const first = LETTERS.charAt(digest.readUInt32BE(0) % LETTERS.length);
  const rest = Array.from({ length: TAG_LENGTH - 1 }, (_, index) =>
    CHARACTERS.charAt(digest.readUInt16BE(4 + 2 * index) % CHARACTERS.length),
  );
  return `${first}${rest.join("")}`;
}
