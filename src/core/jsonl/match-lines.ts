import { compareTexts } from "../merge/cell.ts";
import { type Birth, idAtLevel, readLevel } from "../merge/moved-id.ts";
import { isSameBirth } from "../merge/same-issue.ts";
import type { LineIssue } from "./parse-line.ts";

/** What the database knows of an issue that tells it from others. Times are `YYYY-MM-DDTHH:MM:SSZ`. */
export interface StoredBirth {
  readonly id: string;
  readonly created_by: string;
  readonly created_at: string;
}

/** A line whose issue is not the one that has its id here. */
export interface MovedLine {
  readonly id: string;
  readonly newId: string;
  readonly title: string;
}

/** The ids under which the issue of a line may be here: the line's own, the one that it wanted, the one that it moved to. */
export function idsToLookUp({ fields }: LineIssue): string[] {
  const birth = birthOf(fields);
  return birth === undefined ? [fields.id] : [...new Set([fields.id, birth.wanted, idAtLevel(birth, 1)])];
}

/**
 * An import is a merge with a file: a line is about the issue that was made by the same person in the same second, and
 * never about another one that has its id. Where another one has it, the line's issue gets the id that follows from what
 * it is, as in a merge, and what the file says of it by its id follows. A line without a creator or a time of creation
 * is about whoever has its id.
 */
export function matchLines<L extends LineIssue>(
  lines: readonly L[],
  stored: ReadonlyMap<string, StoredBirth>,
): { readonly lines: readonly L[]; readonly moved: readonly MovedLine[] } {
  const taken = new Map<string, StoredBirth | LineIssue["fields"]>(stored);
  const ids = new Map<L, string>();
  // The earlier comes first where two lines want one id.
  for (const line of lines.toSorted(compareBirths)) {
    const id = idFor(line.fields, taken);
    ids.set(line, id);
    if (!taken.has(id)) taken.set(id, line.fields);
  }
  const moved = lines.flatMap((line) => {
    const [id, newId] = [line.fields.id, ids.get(line) ?? line.fields.id];
    return id === newId ? [] : [{ id, newId, title: line.fields.title }];
  });
  if (moved.length === 0) return { lines, moved };
  // Where one line keeps the id and another gives it up, the file means the one that keeps it.
  const kept = new Set(ids.values());
  const newIds = new Map(moved.filter(({ id }) => !kept.has(id)).map(({ id, newId }) => [id, newId]));
  return { lines: lines.map((line) => renamed(line, ids.get(line) ?? line.fields.id, newIds)), moved };
}

function compareBirths({ fields: a }: LineIssue, { fields: b }: LineIssue): number {
  return compareTexts(a.created_at, b.created_at) || compareTexts(a.created_by, b.created_by);
}

type Fields = LineIssue["fields"];

function idFor(fields: Fields, taken: ReadonlyMap<string, StoredBirth | Fields>): string {
  const birth = birthOf(fields);
  if (birth === undefined) return fields.id;
  const own = [fields.id, birth.wanted, idAtLevel(birth, 1)].find((id) => {
    const holder = taken.get(id);
    return holder !== undefined && isOneIssue(fields, holder);
  });
  if (own !== undefined) return own;
  if (!taken.has(fields.id)) return fields.id;
  let level = 1;
  while (taken.has(idAtLevel(birth, level))) level += 1;
  return idAtLevel(birth, level);
}

/** Undefined where the line does not say who made the issue and when. */
function birthOf({ id, created_by: createdBy, created_at: at }: Fields): Birth | undefined {
  if (createdBy === undefined || createdBy === "" || at === undefined) return undefined;
  const known = { createdBy, createdAt: at.slice(0, 19).replace("T", " "), ext: "" };
  return { ...known, wanted: readLevel({ id, ...known }).wanted };
}

type Creation = { readonly created_by?: string | undefined; readonly created_at?: string | undefined };

/** Whether two records of one id are about one issue: made by one in one second, as far as both say so. */
export function isOneIssue(one: Creation, other: Creation): boolean {
  const [a, b] = [creationOf(one), creationOf(other)];
  const says = [a, b].every(({ createdBy, createdAt }) => createdBy !== "" && createdAt !== "");
  return !says || isSameBirth(a, b);
}

function creationOf({ created_by: createdBy = "", created_at: at = "" }: Creation) {
  return { createdBy, createdAt: at.slice(0, 19) };
}

/** The line under another id, with what it says of other issues under the new ids of these. */
export function renamed<L extends LineIssue>(line: L, id: string, newIds: ReadonlyMap<string, string>): L {
  const target = (other: string) => newIds.get(other) ?? other;
  return {
    ...line,
    fields: { ...line.fields, id },
    dependencies: line.dependencies.map((edge) => ({
      ...edge,
      issue_id: edge.issue_id === line.fields.id ? id : target(edge.issue_id),
      depends_on_id: target(edge.depends_on_id),
    })),
    comments: line.comments.map((comment) => ({ ...comment, issue_id: id })),
  };
}
