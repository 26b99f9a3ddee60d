import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUDGETS, IMPORT_BUDGET } from "../../bench/budgets.ts";
import { COMMANDS } from "../../bench/commands.ts";
import { planSeed, seedToJsonLines } from "../../bench/seed.ts";
import { type CountingProxy, startCountingProxy } from "../support/counting-proxy.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
let proxy: CountingProxy;
let imported: { readonly code: number; readonly roundTrips: number };

/** Runs `bd` through the proxy and tells what it cost. */
async function measured(args: readonly string[]) {
  proxy.reset();
  const { code, stderr } = await workspace.bd(args, { env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });
  return { code, stderr, ...proxy.counts() };
}

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "trips" });
  proxy = await startCountingProxy({ targetPort: workspace.port });
  const seed = planSeed({ issues: IMPORT_BUDGET.issues, prefix: "trips", closedShare: 0.25 });
  await writeFile(join(workspace.dir, "issues.jsonl"), seedToJsonLines(seed));
  imported = await measured(["import", "issues.jsonl"]);
  for (const id of ["trips-spare", "trips-other"]) await workspace.json(["create", id, "--id", id]);
});
afterAll(async () => {
  await proxy.close();
  await workspace.remove();
});

test(`import of ${IMPORT_BUDGET.issues} issues makes at most ${IMPORT_BUDGET.roundTrips} round trips`, () => {
  expect(imported.code).toBe(0);
  expect(imported.roundTrips).toBeLessThanOrEqual(IMPORT_BUDGET.roundTrips);
});

test.each(COMMANDS.map((command) => [BUDGETS[command.name].roundTrips, command.name, command] as const))(
  "at most %i round trips for %s",
  async (budget, _name, command) => {
    const subject = { spare: "trips-spare", other: "trips-other", run: 1 };
    await undo(command.reset?.(subject) ?? []);

    const { code, stderr, connections, roundTrips } = await measured(command.args(subject));

    expect(code, stderr).toBe(0);
    expect(connections).toBe(budget === 0 ? 0 : 1);
    expect(roundTrips).toBeLessThanOrEqual(budget);
  },
);

test.each([
  ["trips-family", 4],
  ["family", 5],
  ["amily", 6],
])("list --parent %s makes at most %i round trips", async (parent, budget) => {
  await workspace.bd(["create", "Family", "--id", "trips-family"]);

  const { code, stderr, roundTrips } = await measured(["list", "--parent", parent]);

  expect(code, stderr).toBe(0);
  expect(roundTrips).toBeLessThanOrEqual(budget);
});

async function undo(statements: readonly { readonly sql: string; readonly parameters: readonly string[] }[]) {
  const { port, database } = workspace;
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", database });
  await connection.query("BEGIN");
  for (const { sql, parameters } of statements) await connection.query(sql, [...parameters]);
  await connection.query("CALL DOLT_COMMIT('-Am', 'made possible again', '--skip-empty')");
  await connection.end();
}
