import { sameCell } from "../../core/merge/cell.ts";
import { combine, number, type Query, type Row, rows, text } from "../../store/query.ts";
import { identifier, join, list, sql } from "../../store/sql.ts";

/** A short field with its values; of a long text only that it changed. */
export interface FieldChange {
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

/** What became of an issue's own row. */
export interface IssueRowChange {
  readonly kind: "added" | "changed" | "removed";
  readonly title: string;
  readonly fields: readonly FieldChange[];
}

/** By the id that an issue had, the one that it has now. */
export type Moves = ReadonlyMap<string, string>;

/** All ids of moved issues, old and new: what stands under them is compared by issue. */
export function movedIds(moves: Moves): Set<string> {
  return new Set([...moves.keys(), ...moves.values()]);
}

const SHORT_FIELDS = ["title", "status", "priority", "issue_type", "assignee"] as const;
const LONG_FIELDS = ["description", "design", "acceptance_criteria", "notes", "metadata", "due_at"] as const;

/** The issues whose own rows differ, by the id that they have now, and those that only moved. */
export function issueRows(from: string, to: string, moves: Moves): Query<Map<string, IssueRowChange>> {
  return combine([differingRows(from, to), movedRows(from, to, moves)], (differing, moved) => {
    const ids = movedIds(moves);
    return new Map([...differing.filter(([id]) => !ids.has(id)), ...moved]);
  });
}

function differingRows(from: string, to: string): Query<(readonly [string, IssueRowChange])[]> {
  return rows(
    sql`SELECT COALESCE(to_id, from_id) AS id, COALESCE(to_title, from_title) AS title, diff_type,
      from_title, to_title, from_status, to_status, from_priority, to_priority, from_issue_type, to_issue_type,
      from_assignee, to_assignee,
      NOT (from_description <=> to_description) AS description, NOT (from_design <=> to_design) AS design,
      NOT (from_acceptance_criteria <=> to_acceptance_criteria) AS acceptance_criteria,
      NOT (from_notes <=> to_notes) AS notes, NOT (from_metadata <=> to_metadata) AS metadata,
      NOT (from_due_at <=> to_due_at) AS due_at
      FROM DOLT_DIFF(${from}, ${to}, 'issues')`,
    (row) => [text(row, "id"), { kind: kindOf(row), title: text(row, "title"), fields: fieldsOf(row) }] as const,
  );
}

function kindOf(row: Row): IssueRowChange["kind"] {
  const type = text(row, "diff_type");
  return type === "added" || type === "removed" ? type : "changed";
}

function fieldsOf(row: Row): FieldChange[] {
  if (kindOf(row) !== "changed") return [];
  const long = LONG_FIELDS.filter((field) => number(row, field) === 1);
  return [
    ...shortFields((field) => [text(row, `from_${field}`), text(row, `to_${field}`)]),
    ...long.map((field) => ({ field })),
  ];
}

function shortFields(valuesOf: (field: string) => readonly [string, string]): FieldChange[] {
  return SHORT_FIELDS.map((field) => {
    const [from, to] = valuesOf(field);
    return { field, from, to };
  }).filter(({ from, to }) => from !== to);
}

/** Each moved issue as it was under its old id and is under its new one, and whoever has the old id now. */
function movedRows(from: string, to: string, moves: Moves): Query<(readonly [string, IssueRowChange])[]> {
  if (moves.size === 0) return combine([], () => []);
  return combine([rowsAt(from, [...moves.keys()]), rowsAt(to, [...movedIds(moves)])], (before, after) => {
    const arrived = new Set(moves.values());
    return [...moves].flatMap(([oldId, newId]): [string, IssueRowChange][] => {
      const [was, is, holder] = [before.get(oldId) ?? {}, after.get(newId) ?? {}, after.get(oldId)];
      const long = LONG_FIELDS.filter((field) => !sameCell(was[field], is[field]));
      const fields = [
        ...shortFields((field) => [text(was, field), text(is, field)]),
        ...long.map((field) => ({ field })),
      ];
      const isNew = holder !== undefined && !arrived.has(oldId);
      return [
        [newId, { kind: "changed", title: text(is, "title"), fields }],
        ...(isNew
          ? [[oldId, { kind: "added", title: text(holder, "title"), fields: [] }] as [string, IssueRowChange]]
          : []),
      ];
    });
  });
}

function rowsAt(commit: string, ids: readonly string[]): Query<Map<string, Row>> {
  const columns = join(["id", ...SHORT_FIELDS, ...LONG_FIELDS].map(identifier), ", ");
  const found = rows(sql`SELECT ${columns} FROM issues AS OF ${commit} WHERE id IN ${list(ids)}`, (row) => row);
  return combine([found], (all) => new Map(all.map((row) => [text(row, "id"), row])));
}
