import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onlyRecordIn, recordsIn } from "../support/payload.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;
const TODAY = /\d{4}-\d{2}-\d{2}/g;

/** A bug that a task waits for, which was found on the way, an epic with a child, and a comment. */
beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "gold" });
  const bug = ["Fix login", "--id", "gold-6w5", "-p", "1", "-t", "bug", "-a", "bob", "-l", "ui,auth"];
  const texts = ["-d", "Users cannot log in", "--design", "use tokens", "--notes", "n1", "--acceptance", "login works"];
  const more = ["--external-ref", "gh-9", "--spec-id", "spec/auth", "--due", "2027-01-02", "-e", "30"];
  await ws.json(["create", ...bug, ...texts, ...more, "--metadata", '{"n":3,"team":"core"}']);
  await ws.json(["create", "Add tests", "--id", "gold-7fw", "--deps", "gold-6w5"]);
  await ws.json(["create", "Found it", "--id", "gold-tja", "--deps", "discovered-from:gold-6w5"]);
  await ws.json(["create", "Epic one", "--id", "gold-mw3", "-t", "epic"]);
  await ws.json(["create", "Child one", "--parent", "gold-mw3"]);
  await ws.json(["comment", "gold-7fw", "first comment"]);
});
afterAll(() => ws.remove());

async function text(...args: readonly string[]): Promise<string> {
  const { stdout } = await ws.bd(["show", ...args]);
  return stdout
    .replace(TODAY, (date) => (date === "2027-01-02" ? date : "<date>"))
    .replace(/(?<=<date> )\d\d:\d\d/g, "<time>");
}

describe("bd show", () => {
  test("prints everything about an issue", async () => {
    expect(await text("gold-6w5")).toBe(`○ gold-6w5 [BUG] · Fix login   [P1 · OPEN]
Assignee: bob · Created by: tester · Type: bug
Created: <date> <time> · Updated: <date> <time> · Due: 2027-01-02
External: gh-9
Spec: spec/auth

DESCRIPTION
  Users cannot log in

DESIGN
  use tokens

NOTES
  n1

ACCEPTANCE CRITERIA
  login works

LABELS: auth, ui

METADATA
  n: 3
  team: core

BLOCKS
  ← ● gold-7fw  P2  Add tests  waits for gold-6w5

DISCOVERED
  ◊ ○ gold-tja  P2  Found it
`);
  });

  test("prints what an issue waits for, and what was said", async () => {
    const printed = await text("gold-7fw");

    expect(printed).toBe(`● gold-7fw · Add tests   [P2 · OPEN]
Created by: tester · Type: task
Created: <date> <time> · Updated: <date> <time>

DESCRIPTION
  (none)

DEPENDS ON
  → ○ gold-6w5  P1  bug  Fix login  @bob  due 2027-01-02  [auth, ui]

COMMENTS
  <date> <time> tester
    first comment
`);
  });

  test("prints parents and children", async () => {
    expect(await text("gold-mw3")).toContain("\nCHILDREN (0/1 done)\n  ↳ ○ gold-mw3.1  P2  Child one\n");
    expect(await text("gold-mw3.1")).toContain("\nPARENT\n  ↑ ○ gold-mw3  P2  epic  Epic one\n");
  });

  test("prints one line each with --short, several issues apart without", async () => {
    expect(await text("gold-mw3.1", "6w5", "--short")).toBe(
      "○ gold-mw3.1  P2       Child one\n○ gold-6w5    P1  bug  Fix login  @bob  due 2027-01-02  [auth, ui]\n",
    );
    expect(await text("gold-mw3.1", "6w5")).toContain(`\n\n${"─".repeat(60)}\n\n○ gold-6w5 [BUG]`);
  });

  test("prints fields that say little with --long", async () => {
    expect(await text("gold-6w5", "--long")).toContain(
      "\nFIELDS\n  owner: tester@example.test\n  estimated_minutes: 30\n",
    );
  });

  test("gives JSON with the linked issues in full, in the wire's order", async () => {
    const issue = onlyRecordIn(await ws.json(["show", "gold-7fw"]));

    expect(Object.keys(issue)).toEqual(
      "id title status priority issue_type owner created_at created_by updated_at dependencies comments".split(" "),
    );
    expect(issue["dependencies"]).toMatchObject([
      { id: "gold-6w5", title: "Fix login", labels: ["auth", "ui"], metadata: { n: 3 }, dependency_type: "blocks" },
    ]);
    expect(issue["comments"]).toMatchObject([{ issue_id: "gold-7fw", author: "tester", text: "first comment" }]);
  });

  test("gives both kinds of dependents", async () => {
    const { dependents } = onlyRecordIn(await ws.json(["show", "gold-6w5"]));

    expect(recordsIn(dependents).map((link) => [link["id"], link["dependency_type"]])).toEqual([
      ["gold-7fw", "blocks"],
      ["gold-tja", "discovered-from"],
    ]);
  });

  test("counts the children of an epic, and names a child's parent", async () => {
    expect(await ws.json(["show", "gold-mw3"])).toMatchObject([
      { epic_total_children: 1, epic_closed_children: 0, epic_closeable: false },
    ]);
    expect(await ws.json(["show", "gold-mw3.1"])).toMatchObject([{ parent: "gold-mw3" }]);
  });

  test("tells what points to an issue, and what belongs to it", async () => {
    expect(await text("gold-6w5", "--refs")).toBe(`References to gold-6w5:

blocks (1):
  ← ● gold-7fw  P2  Add tests  waits for gold-6w5

discovered-from (1):
  ← ○ gold-tja  P2  Found it
`);
    expect(await ws.json(["show", "gold-mw3", "--children"])).toMatchObject({ "gold-mw3": [{ id: "gold-mw3.1" }] });
    expect(await text("gold-mw3", "--children")).toBe("Children of gold-mw3:\n  ↳ ○ gold-mw3.1  P2  Child one\n");
  });

  test("shows the issue of the last command with --current", async () => {
    await ws.json(["show", "gold-tja"]);

    expect(await text("--current", "--short")).toBe("○ gold-tja  P2  Found it\n");
  });

  test("shows wisps too", async () => {
    await ws.sql("SET autocommit = 1");
    await ws.sql(
      "INSERT INTO wisps (id, title, description, design, acceptance_criteria, notes, ephemeral) VALUES ('gold-wisp-4tf', 'Passing', '', '', '', '', 1)",
    );

    expect(await ws.json(["show", "gold-wisp-4tf"])).toMatchObject([{ id: "gold-wisp-4tf", ephemeral: true }]);
    expect(await text("4tf", "--short")).toBe("○ gold-wisp-4tf  P2  Passing\n");
  });

  test("shows what there is, says what is not, and exits 1", async () => {
    const { code, stdout, stderr } = await ws.bd(["show", "gold-7fw", "nosuch", "--short"]);

    expect([code, stdout]).toEqual([1, "● gold-7fw  P2  Add tests  waits for gold-6w5\n"]);
    expect(stderr).toContain('no issue found matching "nosuch"');
  });

  test("exits 3 where there is nothing to show", async () => {
    const { code, stdout } = await ws.bd(["show", "nosuch", "--json"]);

    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: 'no issue found matching "nosuch"', hint: "bd list --all" });
  });

  test.each([["--as-of", "HEAD"], ["--thread"], ["--watch"]])("refuses %s", async (...flags) => {
    expect((await ws.bd(["show", "gold-7fw", ...flags])).code).toBe(2);
  });
});
