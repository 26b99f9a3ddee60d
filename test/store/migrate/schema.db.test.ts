import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyMigrations, listAppliedVersions } from "../../../src/store/migrate/apply-migrations.ts";
import { GO_MADE_DATABASE, unpackGoMade } from "../../support/go-made.ts";
import { type PrivateDolt, startPrivateDolt } from "../../support/private-dolt.ts";
import { schemaFacts } from "./schema-facts.ts";
import {
  commitMessages,
  createDatabase,
  MIGRATIONS,
  openDatabase,
  type TestDatabase,
  tableDefinitions,
  tablesAtHead,
} from "./test-database.ts";

const FACTS = JSON.parse(readFileSync(new URL("../../fixtures/schema-32.json", import.meta.url), "utf8"));
const AUTHOR = "Ada <ada@example.test>";

describe("the schema that all migrations make on an empty database", { timeout: 60_000 }, () => {
  let dolt: PrivateDolt;
  let ours: TestDatabase;
  let peer: TestDatabase;

  beforeAll(async () => {
    dolt = await startPrivateDolt({ seed: unpackGoMade });
    ours = await createDatabase(dolt, "beads_ours");
    peer = await openDatabase(dolt, GO_MADE_DATABASE);
    await applyMigrations(ours, MIGRATIONS, { author: AUTHOR, say: () => {} });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([ours.end(), peer.end()]);
    await dolt.stop();
  });

  test("has the tables, columns, keys and indexes of schema 32", async () => {
    expect(await schemaFacts(ours)).toEqual(FACTS.tables);
  });

  test("has the columns of schema 32 in their order", async () => {
    const facts = await schemaFacts(ours);

    for (const [table, { columns }] of Object.entries(facts))
      expect([table, ...Object.keys(columns)]).toEqual([table, ...Object.keys(FACTS.tables[table].columns)]);
  });

  test("is shown table for table as the Go program's own database is", async () => {
    expect(await tableDefinitions(ours)).toEqual(await tableDefinitions(peer));
  });

  test("has both views with the Go program's columns", async () => {
    const columns =
      "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN ('ready_issues', 'blocked_issues') ORDER BY table_name, ordinal_position";

    expect(await ours.column("SHOW FULL TABLES WHERE Table_type = 'VIEW'")).toEqual(FACTS.views);
    expect(await ours.query(columns)).toEqual(await peer.query(columns));
  });

  test("has the ignored patterns, default settings and recorded versions", async () => {
    const { issue_prefix: _, ...defaults } = FACTS.defaultConfig;
    const settings = await ours.query("SELECT `key`, value FROM config");

    expect(await ours.query("SELECT * FROM dolt_ignore ORDER BY pattern")).toEqual(FACTS.doltIgnore);
    expect(Object.fromEntries(settings.map((row) => [row["key"], row["value"]]))).toEqual(defaults);
    expect(await listAppliedVersions(ours)).toEqual(FACTS.schemaMigrations);
    expect(await ours.query("SELECT * FROM metadata")).toEqual([]);
  });

  test("is one Dolt commit under the author's name, without the ignored tables", async () => {
    const [commit] = await ours.query("SELECT committer, email FROM dolt_log ORDER BY date DESC LIMIT 1");
    const local = [
      "local_metadata",
      "repo_mtimes",
      "wisps",
      "wisp_comments",
      "wisp_dependencies",
      "wisp_events",
      "wisp_labels",
    ];
    const tracked = Object.keys(FACTS.tables).filter((table) => !local.includes(table));

    expect(await commitMessages(ours)).toEqual(["bd init: schema 32", "Initialize data repository"]);
    expect(commit).toEqual({ committer: "Ada", email: "ada@example.test" });
    expect(await ours.query("SELECT * FROM dolt_status")).toEqual([]);
    expect(new Set(await tablesAtHead(ours))).toEqual(new Set([...tracked, ...FACTS.views]));
  });

  test("leaves a database of the Go program as it is, its uncommitted config too", async () => {
    const before = await tableDefinitions(peer);
    const commits = await commitMessages(peer);

    const applied = await applyMigrations(peer, MIGRATIONS, { author: AUTHOR, say: () => {} });

    expect(applied).toEqual([]);
    expect(await tableDefinitions(peer)).toEqual(before);
    expect(await commitMessages(peer)).toEqual(commits);
    expect(await peer.query("SELECT * FROM dolt_status")).toEqual([
      { table_name: "config", staged: 0, status: "modified" },
    ]);
  });

  test("has views that answer as the Go program's do", async () => {
    await addIssuesOfEveryKind(ours);
    for (const view of ["ready_issues", "blocked_issues"]) {
      const [row] = await peer.query(`SHOW CREATE VIEW ${view}`);
      await ours.query(String(row?.["Create View"]).replace(`\`${view}\``, `peer_${view}`));
    }
    const ready = "SELECT * FROM %ready_issues ORDER BY id";
    const blocked = "SELECT * FROM %blocked_issues ORDER BY id";

    expect(await ours.column(ready.replace("%", ""))).toEqual([
      "active",
      "after-closed",
      "after-pinned",
      "child-of-open",
      "deferred-past",
      "missing-target",
      "open",
      "related",
    ]);
    expect(await ours.query(ready.replace("%", ""))).toEqual(await ours.query(ready.replace("%", "peer_")));
    expect(await ours.query("SELECT id, blocked_by_count FROM blocked_issues ORDER BY id")).toEqual([
      { id: "after-deferred", blocked_by_count: 1 },
      { id: "after-two", blocked_by_count: 2 },
      { id: "cycle-a", blocked_by_count: 1 },
      { id: "cycle-b", blocked_by_count: 1 },
      { id: "ephemeral-blocked", blocked_by_count: 1 },
    ]);
    expect(await ours.query(blocked.replace("%", ""))).toEqual(await ours.query(blocked.replace("%", "peer_")));
  });
});

async function addIssuesOfEveryKind(database: TestDatabase): Promise<void> {
  const issue = async (id: string, status = "open", more: { ephemeral?: number | null; defer?: string } = {}) =>
    database.query(
      `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, status, ephemeral, defer_until)
       VALUES (?, ?, '', '', '', '', ?, ?, ?)`,
      [id, id, status, more.ephemeral === undefined ? 0 : more.ephemeral, more.defer ?? null],
    );
  const edge = async (from: string, type: string, to: string) =>
    database.query("INSERT INTO dependencies (issue_id, depends_on_id, type, created_by) VALUES (?, ?, ?, 'ada')", [
      from,
      to,
      type,
    ]);

  await database.query(
    "INSERT INTO custom_statuses VALUES ('review', 'active'), ('shipped', 'done'), ('icebox', 'frozen'), ('vague', 'unspecified')",
  );
  await issue("open", "open", { ephemeral: null });
  await issue("in-progress", "in_progress");
  await issue("closed", "closed");
  await issue("pinned", "pinned");
  await issue("active", "review");
  await issue("done", "shipped");
  await issue("frozen", "icebox");
  await issue("unspecified", "vague");
  await issue("ephemeral", "open", { ephemeral: 1 });
  await issue("deferred-past", "open", { defer: "2020-01-01 00:00:00" });
  await issue("deferred-future", "open", { defer: "2999-01-01 00:00:00" });
  for (const id of ["after-two", "after-closed", "after-pinned", "after-done", "after-frozen", "after-deferred"])
    await issue(id);
  for (const id of ["child-of-open", "child-of-blocked", "grandchild-of-blocked", "child-of-deferred", "related"])
    await issue(id);
  for (const id of ["missing-target", "cycle-a", "cycle-b", "family-cycle-a", "family-cycle-b", "child-of-cycle"])
    await issue(id);
  await issue("ephemeral-blocked", "open", { ephemeral: 1 });
  await issue("done-blocked", "shipped");

  await edge("after-two", "blocks", "open");
  await edge("after-two", "blocks", "in-progress");
  await edge("after-two", "parent-child", "closed");
  await edge("after-closed", "blocks", "closed");
  await edge("after-pinned", "blocks", "pinned");
  await edge("after-done", "blocks", "done");
  await edge("after-frozen", "blocks", "frozen");
  await edge("after-deferred", "blocks", "deferred-future");
  await edge("child-of-open", "parent-child", "open");
  await edge("child-of-blocked", "parent-child", "after-two");
  await edge("grandchild-of-blocked", "parent-child", "child-of-blocked");
  await edge("child-of-deferred", "parent-child", "deferred-future");
  await edge("related", "related", "open");
  await edge("missing-target", "blocks", "nowhere");
  await edge("cycle-a", "blocks", "cycle-b");
  await edge("cycle-b", "blocks", "cycle-a");
  await edge("family-cycle-a", "parent-child", "family-cycle-b");
  await edge("family-cycle-b", "parent-child", "family-cycle-a");
  await edge("family-cycle-a", "parent-child", "cycle-a");
  await edge("child-of-cycle", "parent-child", "family-cycle-b");
  await edge("ephemeral-blocked", "blocks", "open");
  await edge("done-blocked", "blocks", "open");
  await database.query("COMMIT");
}
