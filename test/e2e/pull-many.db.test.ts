import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { recordIn } from "../support/payload.ts";
import { commitBySql, run, tableHashes, twoMachines } from "../support/two-machines.ts";
import type { TestWorkspace } from "../support/workspace.ts";

type Row = Record<string, unknown>;

const Schema = z.object({
  tables: z.object({ issues: z.object({ columns: z.record(z.string(), z.object({ type: z.string() })) }) }),
});
const SCHEMA = Schema.parse(JSON.parse(readFileSync(new URL("../fixtures/schema-32.json", import.meta.url), "utf8")));
const TYPES = new Map(Object.entries(SCHEMA.tables.issues.columns).map(([column, { type }]) => [column, type]));
const COLUMNS = [...TYPES.keys()].filter((column) => column !== "id");
/** Fields of which the losing text is kept. */
const KEPT = ["title", "description", "design", "acceptance_criteria", "notes", "close_reason"];

const idOf = (n: number) => `mm-${String(n).padStart(4, "0")}`;

/** A value that fits the column; ann's is the smaller one. */
function valueFor(column: string, side: "ann" | "bob"): string | number {
  const type = TYPES.get(column) ?? "";
  if (column === "status") return side === "ann" ? "blocked" : "in_progress";
  if (type.includes("int")) return side === "ann" ? 3 : 4;
  if (type === "datetime") return side === "ann" ? "2026-03-01 00:00:00" : "2026-03-02 00:00:00";
  if (type === "json") return JSON.stringify({ [side]: 1 });
  return KEPT.includes(column) ? `${column}\nby ${side}` : `${column} ${side}`;
}

interface Edit {
  readonly id: string;
  readonly column: string;
  readonly value: string | number;
  /** Which of the side's two commits makes it. */
  readonly turn: 0 | 1;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

/** Issue n: both edit column n; ann is later in her second commit, bob in his first. */
const edit = (side: "ann" | "bob", n: number, column: string): Edit => ({
  id: idOf(n),
  column,
  value: valueFor(column, side),
  turn: n % 2 === 0 ? 0 : 1,
});
const contested = range(0, COLUMNS.length);
const ANNS = [
  ...contested.map((n) => edit("ann", n, COLUMNS[n] ?? "")),
  ...range(100, 150).map((n) => edit("ann", n, "title")),
  ...range(200, 300).map((n) => edit("ann", n, "notes")),
];
const BOBS = [
  ...contested.map((n) => edit("bob", n, COLUMNS[n] ?? "")),
  ...range(100, 150).map((n) => edit("bob", n, "notes")),
  ...range(300, 400).map((n) => edit("bob", n, "title")),
];

async function makeEdits(workspace: TestWorkspace, edits: readonly Edit[], dates: readonly [string, string]) {
  for (const turn of [0, 1] as const) {
    const own = edits.filter((one) => one.turn === turn);
    const statements = own.map(({ id, column, value }) => {
      const text = typeof value === "number" ? String(value) : `'${value.replaceAll("\n", "\\n")}'`;
      // Otherwise the database sets the time of the change by itself.
      const time = column === "updated_at" ? "" : ", updated_at = updated_at";
      return `UPDATE issues SET \`${column}\` = ${text}${time} WHERE id = '${id}'`;
    });
    await commitBySql(workspace, statements, { date: dates[turn] });
  }
}

const issueRows = async (workspace: TestWorkspace): Promise<Map<string, Row>> =>
  new Map((await workspace.sql("SELECT * FROM issues")).map((row) => [String(row["id"]), row]));

/** What the rules say of the cell that both changed; in even issues bob was later, in odd ones ann. */
function settled(n: number, column: string): unknown {
  if (column === "metadata") return { ann: 1, bob: 1 };
  if (column === "created_at") return [valueFor(column, "ann"), valueFor(column, "bob")].map(String).toSorted()[0];
  if (column === "updated_at" || column === "compaction_level") return valueFor(column, "bob");
  return valueFor(column, n % 2 === 0 ? "bob" : "ann");
}

test("1,000 issues, 200 changed on each side, every field in conflict once: nothing is lost, whoever pulls first", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "mm",
    prepare: async (one) => {
      const lines = range(0, 1000).map((n) => JSON.stringify({ id: idOf(n), title: `Issue ${n}`, status: "open" }));
      const { code, stderr } = await one.bd(["import", "-"], { stdin: lines.join("\n") });
      expect(code, stderr).toBe(0);
    },
  });
  const base = await issueRows(ann);
  await makeEdits(ann, ANNS, ["2026-05-01T00:00:00", "2026-05-04T00:00:00"]);
  await makeEdits(bob, BOBS, ["2026-05-02T00:00:00", "2026-05-03T00:00:00"]);
  await push(ann);
  await bob.sql("CALL DOLT_REMOTE('add', 'bobs', ?)", [`file://${bob.home}/remote`]);
  await bob.sql("CALL DOLT_PUSH('bobs', 'main')");
  await ann.sql("CALL DOLT_REMOTE('add', 'bobs', ?)", [`file://${bob.home}/remote`]);

  const atBob = recordIn(await bob.json(["dolt", "pull"]));
  await run(ann, ["dolt", "pull", "--remote", "bobs"]);

  expect(atBob).toMatchObject({ result: "merge", ahead: 2, behind: 2, renamed: [], beaten: [] });
  const expected = new Map([...base].map(([id, row]) => [id, { ...row }]));
  for (const { id, column, value } of [...ANNS, ...BOBS]) Object.assign(expected.get(id) ?? {}, { [column]: value });
  for (const n of contested) {
    const column = COLUMNS[n] ?? "";
    Object.assign(expected.get(idOf(n)) ?? {}, { [column]: settled(n, column) });
  }
  const merged = await issueRows(bob);
  expect(merged.size).toBe(1000);
  for (const [id, row] of expected) expect(merged.get(id), id).toEqual(row);

  const kept = (await bob.sql("SELECT issue_id, text FROM comments WHERE author = 'bd'")).map(
    ({ issue_id, text }) => `${String(issue_id)} ${String(text).split("\n\n")[1]}`,
  );
  const lost = contested.flatMap((n) => {
    const column = COLUMNS[n] ?? "";
    return KEPT.includes(column) ? [`${idOf(n)} ${valueFor(column, n % 2 === 0 ? "ann" : "bob")}`] : [];
  });
  expect(kept.toSorted()).toEqual(lost.toSorted());
  expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
});
