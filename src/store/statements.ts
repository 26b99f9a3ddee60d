import { type Query, query } from "./query.ts";
import { sql } from "./sql.ts";

/** The bare words of a transaction. */
export const BEGIN: Query<void> = query(sql`BEGIN`, () => {});
export const COMMIT: Query<void> = query(sql`COMMIT`, () => {});
export const ROLLBACK: Query<void> = query(sql`ROLLBACK`, () => {});
