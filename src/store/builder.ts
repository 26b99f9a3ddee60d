import { type Compilable, DefaultQueryExecutor, MysqlAdapter, MysqlQueryCompiler, QueryCreator } from "kysely";
import { execute, type Query } from "./query.ts";
import type { Database } from "./schema.ts";
import type { Sql, SqlValue } from "./sql.ts";

/** Pieces of SQL inside a built statement. */
export { sql as fragment } from "kysely";

/** Builds statements against the typed schema; it never connects. Reads on the hot path use `sql` instead (ADR 5). */
export const build = new QueryCreator<Database>({
  // Kysely's own class would bring its schema builder and introspection along: half as much code again.
  executor: new DefaultQueryExecutor(new MysqlQueryCompiler(), new MysqlAdapter(), {
    provideConnection: () => Promise.reject(new Error("built statements are sent by the session")),
  }),
});

function compiled(builder: Compilable): Sql {
  const { sql, parameters } = builder.compile();
  return { text: sql, parameters: parameters.map(asSqlValue) };
}

/** A built statement that writes; its answer is the number of rows it matched. */
export function write(builder: Compilable): Query<number> {
  return execute(compiled(builder));
}

function asSqlValue(value: unknown): SqlValue {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return value;
  throw new Error(`a statement holds a parameter of type ${typeof value}`);
}
