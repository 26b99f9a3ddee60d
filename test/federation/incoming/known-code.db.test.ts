import { expect, onTestFinished, test } from "vitest";
import { codeKey } from "../../../src/core/foreign-code/code-change.ts";
import { isTrackerTable, missingTables } from "../../../src/core/foreign-code/tracker-tables.ts";
import { command } from "../../../src/errors.ts";
import { foreignCode } from "../../../src/federation/incoming/incoming-code.ts";
import { SCHEMA_VERSION } from "../../../src/store/database-identity.ts";
import { openSession } from "../../../src/store/session.ts";
import type { Session } from "../../../src/store/session-types.ts";
import { GO_MADE_DATABASE, unpackGoMade } from "../../support/go-made.ts";
import { startPrivateDolt } from "../../support/private-dolt.ts";
import { endpointAt, REAL_TIME } from "../../support/store-database.ts";
import { commitBySql } from "../../support/two-machines.ts";
import { testWorkspace } from "../../support/workspace.ts";

function open(port: number, database: string): Session {
  const session = openSession({
    endpoint: endpointAt(port),
    database,
    projectId: undefined,
    timing: REAL_TIME,
    clock: () => new Date(),
    retryMaxMs: 10_000,
    newId: () => "id",
    signal: new AbortController().signal,
    note: () => {},
    startHint: () => command`bd server start`,
  });
  onTestFinished(() => session.close());
  return session;
}

const keys = async (session: Session) =>
  (await session.read(foreignCode)).map((one) => `${one.change} ${codeKey(one)}`);

test("what our migrations make holds no foreign code, and what is planted there is named, committed or not", async () => {
  const workspace = await testWorkspace();
  const session = open(workspace.port, workspace.database);
  expect(await keys(session)).toEqual([]);

  await commitBySql(workspace, [
    "CREATE TRIGGER steal BEFORE INSERT ON comments FOR EACH ROW SET NEW.text = 'x'",
    "DELETE FROM dolt_ignore WHERE pattern = 'wisps'",
  ]);
  await workspace.sql("CREATE OR REPLACE VIEW ready_issues AS SELECT 1 AS a");
  expect(await keys(session)).toEqual(["removed ignore:wisps", "added trigger:steal", "added view:ready_issues"]);

  await commitBySql(workspace, ["INSERT INTO dolt_nonlocal_tables VALUES ('dolt_schemas', 'main', '', 'immediate')"]);
  expect(await keys(session)).toEqual(["added table:dolt_nonlocal_tables"]);
});

test("what the Go program makes holds no foreign code", async () => {
  const server = await startPrivateDolt({ seed: unpackGoMade });
  onTestFinished(() => server.stop());
  expect(await keys(open(server.port, GO_MADE_DATABASE))).toEqual([]);
});

test("every table that our migrations make is known as one of the tracker", async () => {
  const workspace = await testWorkspace();
  const rows = await workspace.sql("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'");
  const names = rows.map((row) => String(Object.values(row)[0]));
  expect(names.filter((name) => !isTrackerTable(name))).toEqual([]);
  expect(names).toHaveLength(24);
  expect(missingTables(new Set(names), SCHEMA_VERSION)).toEqual([]);
});
