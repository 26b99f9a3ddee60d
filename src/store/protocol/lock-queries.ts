import { firstRow, number, type Query, query, type Row, text } from "../query.ts";
import { sql } from "../sql.ts";

/** The longest that the server waits for the lock within one packet. */
const LONGEST_WAIT_MS = 5000;

/** One name for all that writes a database: commands, pulls, migrations. Dolt tells locks apart by case, not databases. */
export function writeLockName(database: string): string {
  return `${database.toLowerCase()}:write`;
}

/** Whether the lock was got; the server waits for it as long as told, but never longer than five seconds. */
export function takeLock(name: string, waitMs = LONGEST_WAIT_MS): Query<boolean> {
  return query(sql`SELECT GET_LOCK(${name}, ${wholeSeconds(waitMs, LONGEST_WAIT_MS)}) AS locked`, isLocked);
}

export function isLocked({ rows }: { readonly rows: readonly Row[] }): boolean {
  return Number(rows[0]?.["locked"] ?? 0) === 1;
}

/** Dolt cuts fractions of a second off. */
export function wholeSeconds(waitMs: number, longestMs: number): number {
  return Math.ceil(Math.min(Math.max(waitMs, 0), longestMs) / 1000);
}

export function releaseLock(name: string): Query<void> {
  return query(sql`SELECT RELEASE_LOCK(${name})`, () => {});
}

/** Who holds a lock, as far as the server knows. */
export interface LockHolder {
  /** The number of the connection. */
  readonly connection: number;
  /** Undefined where that connection has just ended. Dolt names the host that the user may come from. */
  readonly user: string | undefined;
  readonly host: string | undefined;
  /** How long it has been doing what it does: nothing, where it is silent. */
  readonly seconds: number;
  readonly isSilent: boolean;
}

export function lockHolder(name: string): Query<LockHolder | undefined> {
  return firstRow(
    sql`SELECT l.id, p.USER AS user, p.HOST AS host, p.TIME AS seconds, p.COMMAND AS command
      FROM (SELECT IS_USED_LOCK(${name}) AS id) l LEFT JOIN information_schema.processlist p ON p.ID = l.id
      WHERE l.id IS NOT NULL`,
    (row) => ({
      connection: number(row, "id"),
      user: text(row, "user") || undefined,
      host: text(row, "host") || undefined,
      seconds: number(row, "seconds"),
      isSilent: text(row, "command") === "Sleep",
    }),
  );
}

export function holderText({ connection, user, host, seconds, isSilent }: LockHolder): string {
  if (user === undefined) return `connection ${connection}`;
  const doing = isSilent ? "silent" : "busy";
  return `connection ${connection} (${user}@${host ?? "%"}, ${doing} for ${seconds} s)`;
}

/** What an admin types into any SQL client where the holder's program is gone and the server has not noticed. */
export function killStatement({ connection }: LockHolder): string {
  return `KILL ${connection}`;
}
