import { ISSUE_NAMES } from "../issue/issue.ts";
import { parseExactly } from "../json/exact-number.ts";
import { isMetadata } from "../json/metadata-json.ts";
import type { StoredIssue } from "../jsonl/compare-issue.ts";
import { COMMENT_NAMES, DEPENDENCY_NAMES } from "../jsonl/line-parts.ts";
import { DERIVED_FIELDS } from "../jsonl/parse-line.ts";
import { jsonMembers, type Parts } from "../merge/merge-parts.ts";
import { issueText } from "./plain-issue.ts";

/** Also what only a tombstone says: the issue lives again. */
const DROPPED: ReadonlySet<string> = new Set([
  ...DERIVED_FIELDS,
  "deleted_at",
  "deleted_by",
  "delete_reason",
  "original_type",
]);

/** The issue as a line in the place of an old one: what other programs have written into that stays, but for what follows from the rest. */
export function withUnknownFields(stored: StoredIssue, old: string): string {
  const members: Parts = jsonMembers(old) ?? new Map();
  const plain = issueText({
    ...stored,
    dependencies: withUnknown(stored.dependencies, members.get("dependencies"), DEPENDENCY_PARTS),
    comments: withUnknown(stored.comments, members.get("comments"), COMMENT_PARTS),
  });
  const unknown = [...members].filter(([name]) => !ISSUE_NAMES.has(name) && !DROPPED.has(name));
  if (unknown.length === 0) return plain;
  return `${plain.slice(0, -1)},${unknown.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}

interface PartKind {
  readonly names: ReadonlySet<string>;
  /** What tells that two are one; the first that both have counts. */
  readonly keys: readonly ((part: object) => string | undefined)[];
}

const keyOf =
  (...names: readonly string[]) =>
  (part: object): string | undefined => {
    const values = names.map((name) => new Map<string, unknown>(Object.entries(part)).get(name));
    return values.every((value) => typeof value === "string") ? JSON.stringify(values) : undefined;
  };

const DEPENDENCY_PARTS: PartKind = { names: DEPENDENCY_NAMES, keys: [keyOf("depends_on_id")] };
/** Older programs number their comments, and the number is not kept. */
const COMMENT_PARTS: PartKind = { names: COMMENT_NAMES, keys: [keyOf("id"), keyOf("author", "created_at", "text")] };

function withUnknown<T extends object>(
  parts: readonly T[],
  old: string | undefined,
  { names, keys }: PartKind,
): readonly T[] {
  if (old === undefined || parts.length === 0) return parts;
  const items = parseExactly(old);
  const unknown = new Map<string, object>();
  for (const item of Array.isArray(items) ? items.filter(isMetadata) : []) {
    const own = Object.entries(item).filter(([name]) => !names.has(name));
    if (own.length === 0) continue;
    for (const key of keys.map((keyOfPart) => keyOfPart(item))) {
      if (key !== undefined) unknown.set(key, Object.fromEntries(own));
    }
  }
  if (unknown.size === 0) return parts;
  return parts.map((part) => {
    const found = keys.map((keyOfPart) => unknown.get(keyOfPart(part) ?? "")).find((one) => one !== undefined);
    return found === undefined ? part : { ...part, ...found };
  });
}
