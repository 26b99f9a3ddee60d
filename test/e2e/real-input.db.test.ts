import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { doltCommits } from "../support/dolt-history.ts";
import { recordsIn } from "../support/payload.ts";
import type { BdResult } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** A real project's tracker: 898 lines, 310 of them tombstones. */
const FILE = join(import.meta.dirname, "../fixtures/beads-project-898.jsonl");

/** Types of the file that are never work by themselves. */
const NEVER_READY = ["merge-request", "molecule", "message", "agent", "role"];

interface Line {
  readonly id: string;
  readonly status: string;
  readonly issue_type: string;
  readonly dependencies?: readonly { readonly depends_on_id: string; readonly type: string }[];
}

let workspace: TestWorkspace;
let imported: BdResult;
let roundTrips: number;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "bd" });
  const proxy = await startCountingProxy({ targetPort: workspace.port });
  imported = await workspace.bd(["import", FILE, "--json"], { env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });
  ({ roundTrips } = proxy.counts());
  await proxy.close();
});
afterAll(() => workspace.remove());

test("every live issue arrives, with its edges, labels and comments, in one commit", async () => {
  expect(imported.code).toBe(0);
  expect(JSON.parse(imported.stdout)).toMatchObject({
    created: 588,
    updated: 0,
    unchanged: 0,
    stale: 0,
    skipped: 0,
    tombstones: 310,
    source: FILE,
    schema_version: 1,
  });
  const [counts] = await workspace.sql(
    `SELECT (SELECT COUNT(*) FROM issues) AS issues, (SELECT COUNT(*) FROM dependencies) AS edges,
      (SELECT COUNT(*) FROM labels) AS labels, (SELECT COUNT(*) FROM comments) AS comments,
      (SELECT COUNT(*) FROM events WHERE event_type = 'created') AS events,
      (SELECT COUNT(*) FROM dependencies d LEFT JOIN issues i ON i.id = d.depends_on_id WHERE i.id IS NULL) AS dangling,
      (SELECT COUNT(*) FROM dolt_status) AS dirty`,
  );
  expect(counts).toEqual({ issues: 588, edges: 281, labels: 9, comments: 7, events: 588, dangling: 11, dirty: 0 });
  const [first] = await doltCommits(workspace);
  expect(first).toEqual({ message: "bd: import 588 issue(s)", author: "tester", email: "tester@example.test" });
});

test("it takes few round trips", () => {
  expect(roundTrips).toBeLessThanOrEqual(20);
});

test("types that nobody configured are named once, with the line that makes them known", () => {
  const note =
    "kept, though not configured as type here: agent, merge-request, role; to make them known: bd config set types.custom agent,merge-request,role\n";
  expect(imported.stderr).toBe(note);
});

test("ready shows what an independent reading of the file finds: 6 issues", async () => {
  const lines = readFileSync(FILE, "utf8").trim().split("\n");
  const live = lines.map((line): Line => JSON.parse(line)).filter(({ status }) => status !== "tombstone");
  const unfinished = new Set(
    live.filter(({ status }) => status !== "closed" && status !== "pinned").map(({ id }) => id),
  );
  const targets = ({ dependencies = [] }: Line, ...types: string[]) =>
    dependencies.filter(({ type }) => types.includes(type)).map((edge) => edge.depends_on_id);
  const waits = new Set(
    live
      .filter((line) => targets(line, "blocks", "conditional-blocks").some((id) => unfinished.has(id)))
      .filter(({ id }) => unfinished.has(id))
      .map(({ id }) => id),
  );
  const ready = live
    .filter(({ status, issue_type: type }) => status === "open" && !NEVER_READY.includes(type))
    .filter((line) => !waits.has(line.id) && !targets(line, "parent-child").some((id) => waits.has(id)))
    .map(({ id }) => id);
  expect(live.some((line) => targets(line, "waits-for").length > 0)).toBe(false);

  const shown = recordsIn(await workspace.json(["ready"]));
  expect(shown).toHaveLength(6);
  expect(shown.map(({ id }) => String(id)).toSorted()).toEqual(ready.toSorted());
});

test("importing it again changes nothing and makes no commit", async () => {
  const before = await doltCommits(workspace);
  expect(await workspace.json(["import", FILE])).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 588,
    tombstones: 310,
  });
  expect(await doltCommits(workspace)).toEqual(before);
});
