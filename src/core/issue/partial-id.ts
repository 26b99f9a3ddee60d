import { BdError, command } from "../../errors.ts";
import { holdsOutsideTails } from "../merge/moved-id.ts";
import { type IdPrefixes, prefixOf } from "./issue-id.ts";

export interface IdCandidates extends IdPrefixes {
  /** Ids of issues; at least those that `exactIdCandidates` and `idPatterns` find. */
  readonly ids: readonly string[];
  /** Ids of wisps, looked at only when no issue matches. */
  readonly wispIds?: readonly string[];
}

export type IdResolution =
  | { readonly kind: "found"; readonly id: string }
  | { readonly kind: "ambiguous"; readonly ids: readonly string[] }
  | { readonly kind: "none" };

/** In the sentence, and in the details for scripts. */
const AMBIGUOUS_IDS_SHOWN = 10;
const AMBIGUOUS_IDS_LISTED = 100;

/** The full ids that the input may stand for, best first. Empty when it can't be an id. */
export function exactIdCandidates(input: string, prefixes: IdPrefixes): string[] {
  const query = queryOf(input, prefixes);
  if (query === undefined) return [];
  const complete = query.prefix !== undefined || looksPrefixed(input) || prefixes.prefix === "";
  return complete || !query.canAbbreviate ? [input] : [input, `${prefixes.prefix}-${input}`];
}

/** Which ids an input may abbreviate, in LIKE patterns (escape character `\`). */
export interface IdPatterns {
  readonly like: string;
  /** What an id `under` a known prefix must be like besides, where that prefix alone would do for the first pattern. */
  readonly behind: readonly { readonly under: string; readonly like: string }[];
}

/**
 * The patterns that find every id that the input may abbreviate, or undefined. A prefix is no part of what is looked
 * into: "op" would find all of `shop-…`.
 */
export function idPatterns(input: string, prefixes: IdPrefixes): IdPatterns | undefined {
  const query = queryOf(input, prefixes);
  if (!query?.canAbbreviate) return undefined;
  const part = escapeLike(query.part);
  if (query.prefix !== undefined) return { like: `${escapeLike(input)}%`, behind: [] };
  const under = (prefix: string) => `${escapeLike(prefix)}-%`;
  const holding = looksPrefixed(query.part)
    ? []
    : knownPrefixes(prefixes).filter((prefix) => `${prefix}-`.includes(query.part));
  return {
    like: `%${part}%`,
    behind: holding.map((prefix) => ({ under: under(prefix), like: `${under(prefix)}${part}%` })),
  };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/**
 * Finds the issue that a person means: the exact id, the id without its prefix, then any part of what follows the
 * prefix; with the prefix only the beginning of an id, for it looks whole, and may be one that is mistyped. A whole suffix
 * beats a part of one, an issue beats a wisp. Nothing, or separators alone, matches nothing.
 */
export function resolvePartialId(input: string, candidates: IdCandidates): IdResolution {
  const { ids, wispIds = [] } = candidates;
  const all = new Set([...ids, ...wispIds]);
  const exact = exactIdCandidates(input, candidates).find((id) => all.has(id));
  if (exact !== undefined) return { kind: "found", id: exact };
  const query = queryOf(input, candidates);
  if (!query?.canAbbreviate) return { kind: "none" };
  const match = matchAbbreviation(query, ids, candidates);
  return match.kind === "none" ? matchAbbreviation(query, wispIds, candidates) : match;
}

/** The id found. Throws BdError not-found ISSUE_NOT_FOUND or AMBIGUOUS_ID. */
export function requireResolved(input: string, resolution: IdResolution): string {
  if (resolution.kind === "found") return resolution.id;
  if (resolution.kind === "ambiguous") throw ambiguousId(input, resolution.ids);
  throw new BdError("not-found", "ISSUE_NOT_FOUND", `no issue found matching ${JSON.stringify(input)}`, {
    hint: command`bd list --all`,
    details: { id: input },
  });
}

function ambiguousId(input: string, ids: readonly string[]): BdError {
  const shown = ids.slice(0, AMBIGUOUS_IDS_SHOWN).join(" ") + (ids.length > AMBIGUOUS_IDS_SHOWN ? " …" : "");
  return new BdError(
    "not-found",
    "AMBIGUOUS_ID",
    `ambiguous ID ${JSON.stringify(input)} matches ${ids.length} issues: [${shown}]`,
    { hint: command`bd show ${ids[0] ?? input}`, details: { id: input, matches: ids.slice(0, AMBIGUOUS_IDS_LISTED) } },
  );
}

interface IdQuery {
  /** The known prefix that the input starts with. */
  readonly prefix: string | undefined;
  /** What follows that prefix; the whole input when it has none. Never separators alone. */
  readonly part: string;
  /** False for what only an id from elsewhere can look like, such as `a/b` or `*`: it is matched as a whole or not at all. */
  readonly canAbbreviate: boolean;
}

function queryOf(input: string, prefixes: IdPrefixes): IdQuery | undefined {
  const prefix = knownPrefixes(prefixes).find((known) => input.startsWith(`${known}-`));
  const part = prefix === undefined ? input : input.slice(prefix.length + 1);
  if (/^[-._\s]*$/.test(part)) return undefined;
  return { prefix, part, canAbbreviate: /^[\p{L}\p{N}._-]+$/u.test(part) };
}

function matchAbbreviation(query: IdQuery, ids: readonly string[], prefixes: IdPrefixes): IdResolution {
  const { part } = query;
  const known = knownPrefixes(prefixes);
  const startsWithPrefix = query.prefix === undefined && looksPrefixed(part);
  const whole: string[] = [];
  const partial: string[] = [];
  for (const id of ids) {
    const prefix = prefixOf(id, known);
    if (query.prefix !== undefined && prefix !== query.prefix) continue;
    const suffix = prefix === undefined ? id : id.slice(prefix.length + 1);
    const isBeginning = query.prefix !== undefined ? suffix.startsWith(part) : startsWithPrefix && id.startsWith(part);
    if (suffix === part || (query.prefix === undefined && suffix === `wisp-${part}`)) whole.push(id);
    else if (isBeginning || (query.prefix === undefined && holdsOutsideTails(suffix, part))) partial.push(id);
  }
  const matches = whole.length > 0 ? whole : partial;
  const [only] = matches;
  if (only === undefined) return { kind: "none" };
  return matches.length === 1 ? { kind: "found", id: only } : { kind: "ambiguous", ids: matches.toSorted() };
}

/** Longest first, so that `gold-eu-x` belongs to `gold-eu` and not to `gold`. */
function knownPrefixes({ prefix, allowedPrefixes }: IdPrefixes): string[] {
  return [prefix, ...allowedPrefixes].filter((known) => known !== "").toSorted((a, b) => b.length - a.length);
}

/** Looks like an id of another database, prefix included. */
function looksPrefixed(input: string): boolean {
  return /^[a-z0-9]{1,8}-[a-z0-9]/.test(input);
}
