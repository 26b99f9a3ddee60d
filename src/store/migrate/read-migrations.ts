import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BdError } from "../../errors.ts";
import { type MigrationText, parseMigration } from "./parse-migration.ts";

export interface Migration extends MigrationText {
  readonly version: number;
  /** The file without its ending: `0023_add_no_history`. */
  readonly name: string;
}

/**
 * Reads the migrations of a directory, in the order of their versions, which are 1, 2, 3 and so on without a gap.
 * Throws BdError internal MIGRATIONS_BROKEN: they come with the program, so what is wrong there is wrong with it.
 */
export function readMigrations(directory: string): Migration[] {
  const migrations = fileNames(directory).map((file) => readMigration(directory, file));
  migrations.forEach(({ version, name }, index) => {
    if (version !== index + 1) throw broken(`migration ${name} stands where version ${index + 1} is expected`);
  });
  if (migrations.length === 0) throw broken(`there are no migrations in ${directory}`);
  return migrations;
}

function fileNames(directory: string): string[] {
  try {
    const files = readdirSync(directory).filter((file) => file.endsWith(".sql"));
    return files.toSorted((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    throw broken(`the migrations in ${directory} can't be read`, error);
  }
}

function readMigration(directory: string, file: string): Migration {
  const [, name, version] = /^((\d{4})_[a-z0-9_]+)\.sql$/.exec(file) ?? [];
  if (name === undefined) throw broken(`${file} is not named NNNN_verb_object.sql`);
  try {
    return { version: Number(version), name, ...parseMigration(readFileSync(join(directory, file), "utf8")) };
  } catch (error) {
    throw broken(`migration ${file} can't be read: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function broken(message: string, cause?: unknown): BdError {
  return new BdError("internal", "MIGRATIONS_BROKEN", message, { cause });
}
