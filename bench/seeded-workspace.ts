import type { Connection } from "mysql2/promise";
import type { BenchCommand, Subject } from "./commands.ts";
import type { Laboratory } from "./laboratory.ts";
import { planSeed, type Seed, type SeedPlan, writeSeed } from "./seed.ts";

const SPARE_ISSUES = ["spare", "other"] as const;

/** A workspace whose database is seeded, with two issues more to measure with. */
export async function seededWorkspace(
  laboratory: Laboratory,
  plan: SeedPlan,
): Promise<{ readonly workspace: string; readonly connection: Connection; readonly seed: Seed }> {
  const workspace = await laboratory.init(plan.prefix);
  const connection = await laboratory.connect(`beads_${plan.prefix}`);
  const seed = planSeed(plan);
  await writeSeed(connection, seed);
  await addSpareIssues(connection, plan.prefix);
  return { workspace, connection, seed };
}

/** Two issues that no seeded edge touches, made as rows: what is measured must not depend on another command. */
async function addSpareIssues(connection: Connection, prefix: string): Promise<void> {
  for (const name of SPARE_ISSUES) {
    await connection.query(
      `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, created_by, owner)
       VALUES (?, ?, '', '', '', '', 'bench', 'bench')`,
      [`${prefix}-${name}`, `A ${name} issue to measure with`],
    );
  }
  await connection.query("CALL DOLT_COMMIT('-Am', 'bench: spare issues', '--skip-empty')");
  await connection.query("COMMIT");
}

/** Makes a command possible again. */
export async function runStatements(connection: Connection, command: BenchCommand, subject: Subject): Promise<void> {
  const statements = command.reset?.(subject) ?? [];
  if (statements.length === 0) return;
  await connection.query("BEGIN");
  for (const { sql, parameters } of statements) await connection.query(sql, [...parameters]);
  await connection.query("CALL DOLT_COMMIT('-Am', 'bench: reset', '--skip-empty')");
  await connection.query("COMMIT");
}
