import { afterAll, beforeAll, expect, test } from "vitest";
import { commitChanges } from "../support/commit-changes.ts";
import { inLanes } from "../support/in-lanes.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

const PROCESSES = 16;
const ROUNDS = 5;
const SHARED = ["mw-s0", "mw-s1", "mw-s2", "mw-s3"];
/** One for each four processes: the four work on the same issues at once, in fields of their own. */
const FIELDS = [
  { flag: "--notes", column: "notes" },
  { flag: "--design", column: "design" },
  { flag: "--acceptance", column: "acceptance_criteria" },
  { flag: "--description", column: "description" },
];

interface Write {
  readonly actor: string;
  readonly args: readonly string[];
  /** What its one commit changes. */
  readonly changes: readonly string[];
}

let workspace: TestWorkspace;
/** Commits that were there already. */
let before = 0;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "mw" });
  for (const id of SHARED) await workspace.json(["create", `Shared ${id}`, "--id", id]);
  before = (await commitChanges(workspace)).length;
});
afterAll(() => workspace.remove());

/** Five writes of one process: of an issue of its own, and of one that all share. Each has an actor of its own. */
function writesOf(process: number, round: number): Write[] {
  const own = `mw-p${process}r${round}`;
  const shared = SHARED[(process + round) % SHARED.length] ?? "";
  const { flag, column } = FIELDS[process % FIELDS.length] ?? { flag: "", column: "" };
  const name = `p${process}r${round}`;
  return [
    {
      actor: `${name}create`,
      args: ["create", `Issue of ${name}`, "--id", own],
      changes: [`+event ${own} created by ${name}create`, `+issue ${own}`],
    },
    {
      actor: `${name}update`,
      args: ["update", shared, flag, `written by ${name}`],
      changes: [`+event ${shared} updated by ${name}update`, `~issue ${shared} ${column}`],
    },
    {
      actor: `${name}dep`,
      args: ["dep", "add", own, shared, "-t", "related"],
      changes: [`+edge ${own} ${shared} related`],
    },
    {
      actor: `${name}label`,
      args: ["update", shared, "--add-label", name],
      changes: [`+event ${shared} label_added by ${name}label`, `+label ${shared} ${name}`],
    },
    {
      actor: `${name}close`,
      args: ["close", own],
      changes: [`+event ${own} closed by ${name}close`, `~issue ${own} close_reason closed_at status`],
    },
  ];
}

test("of 16 writers at once with 25 writes each, every write is in HEAD, in one commit that is its own", async () => {
  const writes = [...Array(PROCESSES).keys()].map((process) =>
    [...Array(ROUNDS).keys()].flatMap((round) => writesOf(process, round)),
  );

  const results = await inLanes(
    PROCESSES,
    writes.map((ofOne) => async () => {
      const failures: string[] = [];
      for (const { actor, args } of ofOne) {
        const { code, stderr } = await workspace.spawn([...args, "--actor", actor]).done;
        if (code !== 0) failures.push(`${actor}: ${code} ${stderr}`);
      }
      return failures;
    }),
  );

  expect(results.flat()).toEqual([]);
  const found = (await commitChanges(workspace))
    .slice(before)
    .map(({ committer, changes }) => ({ actor: committer, changes }));
  const byActor = (a: { actor: string }, b: { actor: string }) => a.actor.localeCompare(b.actor);
  expect(found.toSorted(byActor)).toEqual(
    writes
      .flat()
      .map(({ actor, changes }) => ({ actor, changes: changes.toSorted() }))
      .toSorted(byActor),
  );
  expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
  expect(
    await workspace.sql(`SELECT
      (SELECT COUNT(*) FROM issues AS OF 'HEAD') AS issues,
      (SELECT COUNT(*) FROM issues AS OF 'HEAD' WHERE status = 'closed') AS closed,
      (SELECT COUNT(*) FROM dependencies AS OF 'HEAD') AS edges,
      (SELECT COUNT(*) FROM labels AS OF 'HEAD') AS labels`),
  ).toEqual([{ issues: 84, closed: 80, edges: 80, labels: 80 }]);
}, 300_000); // 400 processes
