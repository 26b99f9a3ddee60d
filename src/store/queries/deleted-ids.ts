import { combine, type Query, rows, text } from "../query.ts";
import type { Reader } from "../session-types.ts";
import { list, sql } from "../sql.ts";

/** So many commits are looked at, the newest first. */
const MOST_COMMITS = 100;

/** Ids that begin so, of issues that `bd delete` deleted and that are not there now, the last ones first. Two round trips. */
export async function deletedIds(reader: Reader, prefix: string): Promise<string[]> {
  const [messages] = await reader.all([
    rows(
      sql`SELECT message FROM dolt_log WHERE LEFT(message, 11) = 'bd: delete ' LIMIT ${MOST_COMMITS}`,
      (row) => text(row, "message").split("\n")[0] ?? "",
    ),
  ]);
  const named = messages.flatMap((message) => message.slice(11).replace(/: .*$/, "").split(" "));
  const ids = [...new Set(named)].filter((id) => id.includes("-") && id.startsWith(prefix));
  const [there] = await reader.all([ids.length === 0 ? NONE : living(ids)]);
  return ids.filter((id) => !there.includes(id));
}

const NONE: Query<string[]> = combine([], () => []);

function living(ids: readonly string[]): Query<string[]> {
  return rows(sql`SELECT id FROM issues WHERE id IN ${list(ids)}`, (row) => text(row, "id"));
}
