import { combine, type Query, query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";

/** The ids of issues by their `external_ref`; of several with one, the oldest. */
export function idsByRef(refs: readonly string[]): Query<ReadonlyMap<string, string>> {
  if (refs.length === 0) return { statements: [], decode: () => new Map() };
  const choose = query(sql`SET @external_refs = ${JSON.stringify(refs)}`, () => {});
  const found = rows(
    sql`SELECT i.id, i.external_ref FROM JSON_TABLE(@external_refs, '$[*]' COLUMNS (ref VARCHAR(255) PATH '$')) v
      JOIN issues i ON i.external_ref = v.ref ORDER BY i.created_at DESC, i.id DESC`,
    (row) => [text(row, "external_ref"), text(row, "id")] as const,
  );
  return combine([choose, found], (_chosen, pairs) => new Map(pairs));
}

/** The work that is not finished, with its `external_ref`: what people see in lists, but for templates. */
export const openIssueRefs: Query<ReadonlyMap<string, string | undefined>> = combine(
  [
    rows(
      sql`SELECT i.id, COALESCE(i.external_ref, '') AS ref FROM issues i
        WHERE i.status <> 'closed' AND COALESCE(i.is_template, 0) = 0 ORDER BY i.id`,
      (row) => [text(row, "id"), text(row, "ref") || undefined] as const,
    ),
  ],
  (pairs) => new Map(pairs),
);
