import { createHash } from "node:crypto";
import { BdError, command, UNPRINTABLE } from "../../errors.ts";

export interface IdSeed {
  readonly title: string;
  readonly description: string;
  /** The actor's name. */
  readonly creator: string;
  /** Nanoseconds since 1970, UTC. */
  readonly createdAtNs: bigint;
}

/** The settings min_hash_length, max_hash_length and max_collision_prob. */
export interface IdLengthRules {
  readonly min: number;
  readonly max: number;
  readonly maxProbability: number;
}

export interface IdPrefixes {
  /** The database's own prefix, without the hyphen that follows it. */
  readonly prefix: string;
  readonly allowedPrefixes: readonly string[];
}

export const DEFAULT_ID_LENGTH_RULES: IdLengthRules = { min: 3, max: 8, maxProbability: 0.25 };
const MAX_HIERARCHY_DEPTH = 3;

const SHORTEST = 3;
const LONGEST = 8;
const NONCES_PER_LENGTH = 10;
/** Bytes of the digest behind a suffix of 3, 4, … 8 characters; fixed by the format. */
const DIGEST_BYTES = [2, 3, 4, 4, 5, 5];
/** Of an id that counts up: what the column of the counter holds. */
export const LARGEST_NUMBER = 2_147_483_647;

const MAX_ID_LENGTH = 255;
/** Leaves room for a suffix and the numbers of children. */
const LONGEST_PREFIX = 200;
/** More than any project works with; somebody else may have written the setting. */
const MOST_ALLOWED_PREFIXES = 1000;

/**
 * The ids that we give, and let people choose: parts of letters and digits, `.` and `_`, joined by hyphens, at least two.
 * Other programs gave others, with blanks or signs in them; those are kept, see `idProblem`.
 */
const OWN_ID = /^[\p{L}\p{N}][\p{L}\p{N}._]*(?:-[\p{L}\p{N}._]+)+(?<![._])$/u;

/** The suffix of an id: `length` (3 to 8) characters of 0-9a-z. */
export function idSuffix(seed: IdSeed, length: number, nonce: number): string {
  const bytes = DIGEST_BYTES[length - SHORTEST];
  if (bytes === undefined) throw new RangeError(`an id suffix has 3 to 8 characters, not ${length}`);
  const input = `${seed.title}|${seed.description}|${seed.creator}|${seed.createdAtNs}|${nonce}`;
  const digest = createHash("sha256").update(input).digest();
  return digest.readUIntBE(0, bytes).toString(36).padStart(length, "0").slice(-length);
}

/** The suffixes to try, in order, until one is free: ten of each length from `fromLength` up to 8. */
export function* idSuffixCandidates(seed: IdSeed, fromLength: number): Generator<string> {
  for (let length = clampLength(fromLength); length <= LONGEST; length++) {
    for (let nonce = 0; nonce < NONCES_PER_LENGTH; nonce++) yield idSuffix(seed, length, nonce);
  }
}

/** The shortest suffix length that keeps a collision unlikely among `count` top-level ids of the prefix. */
export function idLength(count: number, rules: IdLengthRules = DEFAULT_ID_LENGTH_RULES): number {
  const max = clampLength(rules.max);
  for (let length = clampLength(rules.min); length < max; length++) {
    const probability = 1 - Math.exp(-(count * count) / (2 * 36 ** length));
    if (probability <= rules.maxProbability) return length;
  }
  return max;
}

function clampLength(length: number): number {
  return Math.min(LONGEST, Math.max(SHORTEST, Math.trunc(length)));
}

/** A prefix as people write it (`gold-`, ` gold `) without spaces and the trailing hyphen. */
export function normalizePrefix(text: string): string {
  return text.trim().replace(/-+$/, "");
}

/**
 * Whether ids can be made from a prefix: letters, digits, `_`, and within it `.` and `-`; at most 200 characters. More than
 * `bd init` takes, because other programs made others; never what a shell, a terminal or a list would obey.
 */
export function isIdPrefix(text: string): boolean {
  return text.length <= LONGEST_PREFIX && /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(text) && !UNPRINTABLE.test(text);
}

/** The entries of the setting `allowed_prefixes`: a comma list. */
export function splitAllowedPrefixes(value: string): string[] {
  return value
    .split(",")
    .map(normalizePrefix)
    .filter((prefix) => prefix !== "");
}

/** Reads `allowed_prefixes` as it stands in a database: what no id can begin with allows nothing. */
export function readAllowedPrefixes(value: string): string[] {
  return splitAllowedPrefixes(value).filter(isIdPrefix).slice(0, MOST_ALLOWED_PREFIXES);
}

/**
 * The prefix of an id. A known prefix wins, the longest first; else the part before the last hyphen when what follows
 * looks like a number or a hash, else the part before the first. Undefined when there is none.
 */
export function prefixOf(id: string, known: readonly string[] = []): string | undefined {
  const matching = known.filter((prefix) => prefix !== "" && id.startsWith(`${prefix}-`));
  const longest = matching.toSorted((a, b) => b.length - a.length)[0];
  if (longest !== undefined) return longest;
  const last = id.lastIndexOf("-");
  if (last <= 0) return undefined;
  const suffix = id.slice(last + 1).split(".", 1)[0] ?? "";
  const looksLikeHash = /^(?:\d+|(?=.*\d)[0-9A-Za-z]{3,8})$/.test(suffix);
  const cut = looksLikeHash ? last : id.indexOf("-");
  return cut <= 0 ? undefined : id.slice(0, cut);
}

/**
 * Why no issue may come in under an id, as the end of a sentence about it, or undefined. Ids of other programs are kept as
 * they are, but for those that nobody could read or type: they would fool people, and hints that name them.
 */
export function idProblem(id: string): string | undefined {
  if (id.trim() === "") return "is blank";
  if (id.trim() !== id) return "begins or ends with a blank";
  if (id.startsWith("-")) return "begins with a hyphen, as options do";
  return UNPRINTABLE.test(id) ? "holds characters that can't be seen" : undefined;
}

/**
 * Checks an id that a person chose: its form, and (unless `force`) that it starts with the database's prefix or an
 * allowed one. Throws BdError usage INVALID_ID, rejected PREFIX_MISMATCH.
 */
export function checkExplicitId(id: string, prefixes: IdPrefixes & { readonly force: boolean }): void {
  if (!OWN_ID.test(id) || idProblem(id) !== undefined) {
    throw new BdError(
      "usage",
      "INVALID_ID",
      `invalid ID format '${id}' (expected format: prefix-hash or prefix-hash.number, e.g., 'bd-a3f8e9' or 'bd-a3f8e9.1')`,
      { details: { value: id } },
    );
  }
  if (id.length > MAX_ID_LENGTH) {
    throw new BdError("usage", "INVALID_ID", `id is ${id.length} characters, over the limit of ${MAX_ID_LENGTH}`, {
      details: { field: "id", size: id.length, limit: MAX_ID_LENGTH, unit: "characters" },
    });
  }
  const known = [prefixes.prefix, ...prefixes.allowedPrefixes];
  if (prefixes.force || prefixes.prefix === "" || known.some((prefix) => id.startsWith(`${prefix}-`))) return;
  const { prefix, allowedPrefixes } = prefixes;
  const message =
    allowedPrefixes.length === 0
      ? `prefix mismatch: database uses '${prefix}-' but ID '${id}' doesn't match (use --force to override)`
      : `prefix mismatch: database uses '${prefix}-' (allowed: ${allowedPrefixes.join(",")}) but ID '${id}' doesn't match any allowed prefix (use --force to override)`;
  throw new BdError("rejected", "PREFIX_MISMATCH", message, {
    hint: command`bd config explain allowed_prefixes`,
    details: { id, prefix, allowed_prefixes: allowedPrefixes },
  });
}

export function childId(parentId: string, ordinal: number): string {
  return `${parentId}.${ordinal}`;
}

/** `gold-a.1.2` is child 2 of `gold-a.1`; undefined for a top-level id. */
export function parseChildId(id: string): { parentId: string; ordinal: number } | undefined {
  const match = /^(.*-.*)\.(0|[1-9]\d{0,8})$/s.exec(id);
  if (match === null) return undefined;
  return { parentId: match[1] ?? "", ordinal: Number(match[2]) };
}

/** How many parents stand above an id by its name alone: 0 for `gold-a`, 2 for `gold-a.1.2`. */
export function hierarchyDepth(id: string): number {
  let depth = 0;
  for (let child = parseChildId(id); child !== undefined; child = parseChildId(child.parentId)) depth++;
  return depth;
}

/** Throws BdError rejected HIERARCHY_TOO_DEEP when the parent stands on the lowest allowed level already. */
export function checkHierarchyDepth(parentId: string, maxDepth = MAX_HIERARCHY_DEPTH): void {
  if (hierarchyDepth(parentId) < maxDepth) return;
  throw new BdError(
    "rejected",
    "HIERARCHY_TOO_DEEP",
    `maximum hierarchy depth (${maxDepth}) exceeded for parent ${parentId}`,
    { hint: command`bd dep tree ${parentId}`, details: { parent: parentId, limit: maxDepth } },
  );
}

/** The next free ordinal under a parent, past both the stored counter and every direct child there is. */
export function nextChildOrdinal(parentId: string, lastCounted: number, ids: Iterable<string>): number {
  let last = lastCounted;
  for (const id of ids) {
    const child = parseChildId(id);
    if (child?.parentId === parentId && child.ordinal > last) last = child.ordinal;
  }
  return last + 1;
}
