import { firstRow, type Query, query, text } from "./query.ts";
import { sql } from "./sql.ts";

/** The longest that the server waits for the lock within one packet. */
const LONGEST_WAIT_MS = 5000;

/** One name for all that writes a database: commands, pulls, migrations. Dolt tells locks apart by case, not databases. */
export function writeLockName(database: string): string {
  return `${database.toLowerCase()}:write`;
}

/** Whether the lock was got; the server waits for it as long as told, but never longer than five seconds. */
export function takeLock(name: string, waitMs = LONGEST_WAIT_MS): Query<boolean> {
  // Dolt cuts fractions of a second off.
  const seconds = Math.ceil(Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS) / 1000);
  return query(
    sql`SELECT GET_LOCK(${name}, ${seconds}) AS locked`,
    ({ rows }) => Number(rows[0]?.["locked"] ?? 0) === 1,
  );
}

export function releaseLock(name: string): Query<void> {
  return query(sql`SELECT RELEASE_LOCK(${name})`, () => {});
}

/** Who holds the lock, as far as the server knows: its connection, user and how long that has been silent. */
export function lockHolder(name: string): Query<string | undefined> {
  return firstRow(
    sql`SELECT p.ID AS id, p.USER AS user, p.HOST AS host, p.TIME AS seconds
      FROM information_schema.processlist p WHERE p.ID = IS_USED_LOCK(${name})`,
    (row) =>
      `connection ${text(row, "id")} (${text(row, "user")}@${text(row, "host")}, silent for ${text(row, "seconds")} s)`,
  );
}
