import * as fc from "fast-check";
import { format } from "mysql2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { idProblem } from "../../src/core/issue/issue-id.ts";
import { commitBySql, run } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** What the tables take, whoever writes it: the program that has them in common with us, SQL, an old version. */

const SEED = Number(process.env["BEADS_ROWS_SEED"] ?? Date.now() % 2 ** 31);
const ROUNDS = Number(process.env["BEADS_ROWS"] ?? "6");

const odd = fc.constantFrom(
  "",
  " ",
  "  two  ",
  "line\nfeed",
  "tab\t",
  "<a> & b",
  "\u2028",
  "ünï",
  "漢字",
  "😀",
  "'",
  '"',
  "\\",
  "%",
  "a,b",
  "-x",
);
const text = (maxLength: number) =>
  fc.oneof(
    odd,
    fc.string({ unit: "grapheme", maxLength }).map((s) => s.replaceAll("\0", "")),
  );
const nullable = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const int = fc.oneof(fc.constantFrom(0, 1, 2, 4, -1, 5, 9, -(2 ** 31), 2 ** 31 - 1), fc.integer());
const bigint = fc.oneof(
  fc.constantFrom(0n, 60_000_000_000n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, 9_007_199_254_740_993n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const time = fc
  .date({ min: new Date("1000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19).replace("T", " "));
const json = nullable(
  fc.oneof(fc.constantFrom("{}", "[]", "[1,2]", "null", '"text"', "7", "true", '{"a":{"b":[1]}}'), fc.json()),
);

const issue = fc.record({
  title: text(80),
  description: text(200),
  design: text(50),
  acceptance_criteria: text(50),
  notes: text(50),
  status: fc.oneof(fc.constantFrom("open", "in_progress", "closed", "deferred", "pinned", "", "weird"), text(8)),
  priority: int,
  issue_type: fc.oneof(fc.constantFrom("task", "epic", "", "odd"), text(8)),
  assignee: nullable(text(20)),
  estimated_minutes: nullable(int),
  created_at: time,
  created_by: nullable(text(20)),
  owner: nullable(text(20)),
  updated_at: time,
  closed_at: nullable(time),
  close_reason: nullable(text(40)),
  external_ref: nullable(text(20)),
  spec_id: nullable(text(20)),
  compaction_level: nullable(int),
  original_size: nullable(int),
  pinned: nullable(fc.constantFrom(0, 1, 2)),
  is_template: nullable(fc.constantFrom(0, 1)),
  work_type: nullable(fc.constantFrom("mutex", "", "open_competition")),
  metadata: json,
  timeout_ns: nullable(bigint.map(String)),
  waiters: nullable(fc.oneof(fc.constantFrom("", "[]", '["a"]', "not json", '{"a":1}'), text(10))),
  due_at: nullable(time),
  defer_until: nullable(time),
  event_kind: nullable(text(10)),
  payload: nullable(text(40)),
});

const edge = fc.record({
  depends_on_id: text(20),
  type: text(8),
  created_at: time,
  created_by: text(10),
  metadata: json,
  thread_id: nullable(text(10)),
});
const comment = fc.record({ id: fc.uuid(), author: text(20), text: text(100), created_at: time });

const tracker = fc.uniqueArray(
  fc.record({
    id: text(30).filter((id) => idProblem(id) === undefined),
    issue,
    labels: fc.uniqueArray(text(20), { maxLength: 3 }),
    edges: fc.uniqueArray(edge, { maxLength: 3, selector: (one) => one.depends_on_id }),
    comments: fc.array(comment, { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 30, selector: ({ id }) => id },
);

type Tracker = typeof tracker extends fc.Arbitrary<infer T> ? T : never;

let from: TestWorkspace;
let to: TestWorkspace;
beforeAll(async () => {
  [from, to] = [await makeWorkspace({ prefix: "anyfrom" }), await makeWorkspace({ prefix: "anyto" })];
});
afterAll(async () => {
  await from.remove();
  await to.remove();
});

const EMPTY = ["comments", "labels", "dependencies", "issues"].map((table) => `DELETE FROM ${table}`);

/** The rows of a tracker, as statements. */
function inserts(rows: Tracker): string[] {
  return rows.flatMap(({ id, issue: fields, labels, edges, comments }) => [
    format("INSERT INTO issues SET ?", [{ id, ...fields }]),
    ...labels.map((label) => format("INSERT INTO labels SET ?", [{ issue_id: id, label }])),
    ...edges.map((one) => format("INSERT INTO dependencies SET ?", [{ issue_id: id, ...one }])),
    ...comments.map((one) => format("INSERT INTO comments SET ?", [{ issue_id: id, ...one }])),
  ]);
}

/** The lines of an export by the id of their issue. */
function linesOf(exported: string): Record<string, string> {
  const lines = exported.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => [String(JSON.parse(line).id), line]));
}

function valuesOf(exported: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(linesOf(exported)).map(([id, line]) => [id, JSON.parse(line)]));
}

test.each(fc.sample(tracker, { seed: SEED, numRuns: ROUNDS }).map((rows, index) => ({ rows, index })))(
  `what the tables hold comes out, goes in, and comes out the same ($index of seed ${SEED})`,
  async ({ rows }) => {
    for (const workspace of [from, to]) await commitBySql(workspace, EMPTY);
    await commitBySql(from, inserts(rows));

    const exported = await run(from, ["export"]);
    const imported = await to.bd(["import", "-", "--json"], { stdin: exported });
    expect(imported).toMatchObject({ code: 0 });
    const again = await run(to, ["export"]);
    // As values first: what differs is easier to see.
    expect(valuesOf(again)).toEqual(valuesOf(exported));
    expect(linesOf(again)).toEqual(linesOf(exported));
    expect(Object.keys(linesOf(exported))).toHaveLength(rows.length);
  },
);
