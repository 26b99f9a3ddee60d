import type { TestDatabase } from "./test-database.ts";

/** One table in the form of `fixtures/schema-32.json`. */
export interface TableFacts {
  columns: Record<string, { type: string; nullable: boolean; default?: string; extra?: string }>;
  primaryKey: string[];
  indexes?: Record<string, string[]>;
  foreignKeys?: Record<string, { column: string; references: string; onDelete: string }>;
}

const HERE = "table_schema = DATABASE()";

/** Reads all base tables from information_schema. */
export async function schemaFacts(database: TestDatabase): Promise<Record<string, TableFacts>> {
  const tables: Record<string, TableFacts> = {};
  const names = await database.column(
    `SELECT table_name FROM information_schema.tables WHERE ${HERE} AND table_type = 'BASE TABLE'`,
  );
  for (const name of names) tables[String(name)] = { columns: {}, primaryKey: [] };
  await addColumns(database, tables);
  await addIndexes(database, tables);
  await addForeignKeys(database, tables);
  return tables;
}

async function addColumns(database: TestDatabase, tables: Record<string, TableFacts>): Promise<void> {
  const rows = await database.query(
    `SELECT table_name AS t, column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS d, extra AS extra
     FROM information_schema.columns WHERE ${HERE} ORDER BY table_name, ordinal_position`,
  );
  for (const row of rows) {
    const table = tables[String(row["t"])];
    if (table === undefined) continue; // a view's
    table.columns[String(row["name"])] = {
      type: String(row["type"]),
      nullable: row["nullable"] === "YES",
      ...(typeof row["d"] === "string" ? { default: row["d"] } : {}),
      ...(typeof row["extra"] === "string" && row["extra"] !== "" ? { extra: row["extra"] } : {}),
    };
  }
}

async function addIndexes(database: TestDatabase, tables: Record<string, TableFacts>): Promise<void> {
  const rows = await database.query(
    `SELECT table_name AS t, index_name AS name, column_name AS c
     FROM information_schema.statistics WHERE ${HERE} ORDER BY table_name, index_name, seq_in_index`,
  );
  for (const row of rows) {
    const table = tables[String(row["t"])];
    if (table === undefined) continue;
    const name = String(row["name"]);
    if (name === "PRIMARY") table.primaryKey.push(String(row["c"]));
    else ((table.indexes ??= {})[name] ??= []).push(String(row["c"]));
  }
}

async function addForeignKeys(database: TestDatabase, tables: Record<string, TableFacts>): Promise<void> {
  const rows = await database.query(
    `SELECT k.table_name AS t, k.constraint_name AS name, k.column_name AS c,
       CONCAT(k.referenced_table_name, '.', k.referenced_column_name) AS target, r.delete_rule AS rule
     FROM information_schema.key_column_usage AS k
     JOIN information_schema.referential_constraints AS r
       ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
     WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL`,
  );
  for (const row of rows) {
    const table = tables[String(row["t"])];
    if (table === undefined) continue;
    (table.foreignKeys ??= {})[String(row["name"])] = {
      column: String(row["c"]),
      references: String(row["target"]),
      onDelete: String(row["rule"]),
    };
  }
}
