import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitsMadeBy } from "../support/dolt-history.ts";
import { commitBySql } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;

beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "cut" });
});
afterAll(() => ws.remove());

async function create(id: string, ...flags: readonly string[]): Promise<string> {
  await ws.json(["create", `Title of ${id}`, "--id", id, ...flags]);
  return id;
}

async function lastEvent(id: string): Promise<unknown> {
  const events = await ws.sql("SELECT event_type, new_value, comment FROM events WHERE issue_id = ? ORDER BY id", [id]);
  return events.at(-1);
}

async function refusal(exit: number, args: readonly string[]): Promise<unknown> {
  const { code, stdout } = await ws.bd([...args, "--json"]);
  expect({ args, code }).toEqual({ args, code: exit });
  return JSON.parse(stdout);
}

/** Each does to one of two equal issues what `bd update` does to the other. */
const SHORTCUTS: readonly (readonly [line: string, update: string, said: string])[] = [
  ["assign ID ann", "-a ann", "✓ Assigned ID — Title of ID to ann\n"],
  ["assign ID ''", "-a ''", "✓ Unassigned ID — Title of ID\n"],
  ["priority ID P0", "-p 0", "✓ Set priority of ID — Title of ID to P0\n"],
  ["tag ID urgent", "--add-label urgent", '✓ Added label "urgent" to ID — Title of ID\n'],
  ["note ID two words", "--append-notes TEXT", "✓ Note added to ID — Title of ID\n"],
  ["defer ID", "-s deferred", "❄ Deferred ID — Title of ID\n"],
  ["undefer ID", "--defer ''", "✓ Undeferred ID — Title of ID (now open)\n"],
  ["defer ID --until 2099-01-01", "-s deferred --defer 2099-01-01", "❄ Deferred ID — Title of ID\n"],
];

function words(line: string): string[] {
  return line.split(" ").map((word) => (word === "''" ? "" : word.replace("TEXT", "two words")));
}

describe("a shortcut is bd update in fewer words", () => {
  beforeAll(async () => {
    await create("cut-s");
    await create("cut-u");
  });

  test.each(SHORTCUTS)("bd %s", async (line, update, said) => {
    const commits = await commitsMadeBy(ws, async () => {
      const { code, stdout, stderr } = await ws.bd(words(line.replace("ID", "cut-s")));
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: said.replaceAll("ID", "cut-s"), stderr: "" });
    });
    await ws.json(["update", "cut-u", ...words(update)]);

    expect(commits.map(({ message }) => message)).toEqual(["bd: update cut-s"]);
    expect(await lastEvent("cut-s")).toEqual(await lastEvent("cut-u"));
    const [short, long] = await Promise.all(
      ["cut-s", "cut-u"].map((id) => ws.sql("SELECT * FROM issues WHERE id = ?", [id])),
    );
    const own = { id: "", title: "", created_at: "", updated_at: "", content_hash: "" };
    expect({ ...short?.[0], ...own }).toEqual({ ...long?.[0], ...own });
  });
});

describe("the shortcuts", () => {
  test("give one issue as JSON, and a list where several may be named", async () => {
    const [one, two] = [await create("cut-1"), await create("cut-2")];
    expect(await ws.json(["priority", one, "1"])).toMatchObject({ id: one, priority: 1, schema_version: 1 });
    expect(await ws.json(["tag", one, "x"])).toMatchObject({ id: one, labels: ["x"] });
    expect(await ws.json(["defer", one, two])).toMatchObject([{ id: one }, { id: two, status: "deferred" }]);
    expect(await ws.json(["undefer", one, two])).toMatchObject([{ status: "open" }, { status: "open" }]);
  });

  test("make the issue the one of the last command", async () => {
    await create("cut-3");
    await create("cut-4");
    await ws.json(["priority", "cut-3", "1"]);
    expect(await ws.json(["update", "-p", "4"])).toMatchObject([{ id: "cut-3", priority: 4 }]);
  });

  test("note takes its text from a file or standard input, and refuses an empty one", async () => {
    await create("cut-5");
    writeFileSync(join(ws.dir, "note.txt"), "from a file\n");
    await ws.json(["note", "cut-5", "--file", "note.txt"]);
    await ws.json(["note", "cut-5", "--stdin"], { stdin: "from a pipe\n" });
    await ws.json(["note", "cut-5", "-"], { stdin: "and a dash\n" });
    expect(await ws.json(["show", "cut-5"])).toMatchObject([{ notes: "from a file\nfrom a pipe\nand a dash" }]);
    for (const line of [
      ["note", "cut-5"],
      ["note", "cut-5", " "],
    ]) {
      expect(await refusal(2, line)).toMatchObject({ code: "NO_NOTE_TEXT", hint: "bd note --help" });
    }
  });

  test("undefer leaves alone what is not deferred, and says so", async () => {
    await create("cut-6");
    await ws.json(["close", "cut-6"]);
    const { code, stdout, stderr } = await ws.bd(["undefer", "cut-6"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "",
      stderr: "cut-6 is not deferred (status: closed)\n",
    });
  });
});

describe("bd duplicate and bd supersede", () => {
  test.each([
    ["duplicate", "--of", "duplicates", "Duplicate of", "duplicate of", { duplicate: "X", canonical: "Y" }],
    ["supersede", "--with", "supersedes", "Superseded by", "superseded by", { superseded: "X", replacement: "Y" }],
  ])("%s adds an edge and closes, in one commit", async (command, flag, type, reason, said, keys) => {
    const [id, by] = [await create(`cut-${command[0]}1`), await create(`cut-${command[0]}2`)];
    const waiting = await create(`cut-${command[0]}3`);
    await ws.json(["dep", "add", id, waiting]);

    const commits = await commitsMadeBy(ws, async () => {
      const { stdout } = await ws.bd([command, id, flag, by]);
      expect(stdout).toBe(`✓ Marked ${id} as ${said} ${by} (closed)\n`);
    });

    expect(commits).toHaveLength(1);
    const edges = await ws.sql("SELECT depends_on_id FROM dependencies WHERE issue_id = ? AND type = ?", [id, type]);
    expect(edges).toEqual([{ depends_on_id: by }]);
    expect(await ws.json(["show", id])).toMatchObject([{ status: "closed", close_reason: `${reason} ${by}` }]);
    expect(await lastEvent(id)).toMatchObject({ event_type: "closed", new_value: `${reason} ${by}` });
    const again = await commitsMadeBy(ws, async () => {
      const ids = JSON.parse(JSON.stringify(keys).replace("X", id).replace("Y", by));
      expect(await ws.json([command, id, flag, by])).toEqual({ ...ids, status: "closed", schema_version: 1 });
    });
    expect(again).toEqual([]);
  });

  test("nothing stands for itself, and nothing for what is not there", async () => {
    await create("cut-7");
    expect(await refusal(1, ["duplicate", "cut-7", "--of", "7"])).toMatchObject({ code: "SELF_DEPENDENCY" });
    expect(await refusal(3, ["supersede", "cut-7", "--with", "cut-none"])).toMatchObject({
      code: "ISSUE_NOT_FOUND",
    });
    expect(await refusal(2, ["duplicate", "cut-7", "--of", ""])).toMatchObject({ code: "EMPTY_ID" });
    expect(await ws.json(["show", "cut-7"])).toMatchObject([{ status: "open" }]);
  });
});

test("what stands in for what goes in no circle", async () => {
  for (const id of ["cut-c1", "cut-c2", "cut-c3"]) await create(id);
  await ws.json(["duplicate", "cut-c1", "--of", "cut-c2"]);
  await ws.json(["supersede", "cut-c2", "--with", "cut-c3"]);
  for (const line of [
    ["duplicate", "cut-c3", "--of", "cut-c1"],
    ["supersede", "cut-c2", "--with", "cut-c1"],
    ["dep", "add", "cut-c3", "cut-c1", "-t", "duplicates"],
  ]) {
    expect(await refusal(1, line)).toMatchObject({ code: "DEPENDENCY_CYCLE" });
  }
  expect(await ws.json(["show", "cut-c3"])).toMatchObject([{ status: "open" }]);
});

describe("bd epic", () => {
  test("tells how far epics are, and closes those whose children are all done", async () => {
    const own = await makeWorkspace({ prefix: "ep" });
    for (const id of ["ep-a", "ep-b", "ep-c"]) {
      await own.json(["create", id, "--id", id, "-t", "epic", "-p", id === "ep-a" ? "1" : "2"]);
    }
    for (const parent of ["ep-a", "ep-a", "ep-a", "ep-b"]) await own.json(["create", "Child", "--parent", parent]);
    await own.json(["close", "ep-a.1", "ep-a.2", "ep-b.1"]);

    expect((await own.bd(["epic", "status"])).stdout).toBe(
      "○ ep-a ep-a\n   Progress: 2/3 children closed (66%)\n✓ ep-b ep-b\n   Progress: 1/1 children closed (100%)\n   Eligible for closure\n",
    );
    expect(await own.json(["epic", "status", "--eligible-only"])).toMatchObject([
      { epic: { id: "ep-b" }, total_children: 1, closed_children: 1, eligible_for_close: true },
    ]);
    expect((await own.bd(["epic", "close-eligible", "--dry-run", "--readonly"])).stdout).toBe(
      "Would close ep-b — ep-b\n",
    );
    const commits = await commitsMadeBy(own, async () => {
      expect(await own.json(["epic", "close-eligible"])).toEqual({ closed: ["ep-b"], count: 1, schema_version: 1 });
      expect(await own.json(["epic", "close-eligible"])).toEqual({ closed: [], count: 0, schema_version: 1 });
    });
    expect(commits.map(({ message }) => message)).toEqual(["bd: close ep-b"]);
    expect(await own.json(["show", "ep-b"])).toMatchObject([
      { status: "closed", close_reason: "All children completed" },
    ]);
    await own.remove();
  });
});

describe("bd dep relate", () => {
  test("joins two issues both ways in one commit, and unrelate takes that back and nothing else", async () => {
    const [one, two] = [await create("cut-r1"), await create("cut-r2")];
    const commits = await commitsMadeBy(ws, async () => {
      expect(await ws.json(["dep", "relate", one, two])).toEqual({
        id1: one,
        id2: two,
        related: true,
        schema_version: 1,
      });
      expect((await ws.bd(["dep", "relate", two, one])).stdout).toBe(`${two} ↔ ${one} already\n`);
      expect((await ws.bd(["dep", "unrelate", two, one])).stdout).toBe(`✓ Unlinked ${two} ↔ ${one}\n`);
    });
    expect(commits).toHaveLength(2);
    await ws.json(["link", one, two]);
    expect(await refusal(3, ["dep", "unrelate", one, two])).toMatchObject({ code: "DEPENDENCY_NOT_FOUND" });
    expect(await refusal(1, ["dep", "relate", one, two])).toMatchObject({ code: "DEPENDENCY_EXISTS" });
    expect(await ws.sql("SELECT type FROM dependencies WHERE issue_id IN (?, ?)", [one, two])).toEqual([
      { type: "blocks" },
    ]);
  });
});

describe("words that look", () => {
  test("children is list --parent --all, with the forms of list", async () => {
    await create("cut-p");
    expect((await ws.bd(["children", "cut-p"])).stdout).toBe("No issues belong to cut-p\n");
    for (const title of ["One", "Two"]) await ws.json(["create", title, "--parent", "cut-p"]);
    await ws.json(["close", "cut-p.1"]);
    const { stdout } = await ws.bd(["children", "cut-p", "--pretty"]);
    expect(stdout).toBe((await ws.bd(["list", "--parent", "cut-p", "--all"])).stdout);
    expect(stdout).toContain("cut-p.2");
    expect(stdout).toContain("cut-p.1");
    for (const all of [[], ["--all"]]) expect(await ws.json(["children", "cut-p", ...all])).toHaveLength(2);
  });

  test("types and statuses name those of the project too", async () => {
    await ws.bd(["config", "set", "types.custom", "probe"]);
    await ws.bd(["config", "set", "status.custom", "review:wip"]);
    expect(await ws.json(["types"])).toMatchObject({ custom_types: ["probe"], schema_version: 1 });
    expect(await ws.json(["statuses"])).toMatchObject({ custom_statuses: [{ name: "review", category: "wip" }] });
    expect((await ws.bd(["types"])).stdout).toContain("Custom types:\n  probe\n");
    expect((await ws.bd(["statuses"])).stdout).toContain("Custom statuses:\n  ◇ review         [wip   ]\n");
  });

  test("stale lists what was not changed for long, the oldest first", async () => {
    await create("cut-o1");
    await create("cut-o2");
    await commitBySql(ws, [
      "UPDATE issues SET updated_at = '2020-01-02' WHERE id = 'cut-o1'",
      "UPDATE issues SET updated_at = '2020-01-01', assignee = 'ann' WHERE id = 'cut-o2'",
    ]);
    const { stdout } = await ws.bd(["stale"]);
    expect(stdout).toMatch(/^○ cut-o2 .* {2}for \d+ days {2}@ann\n○ cut-o1 .* {2}for \d+ days\n$/);
    expect(await ws.json(["stale", "-n", "1"])).toMatchObject([{ id: "cut-o2" }]);
    expect((await ws.bd(["stale", "-s", "in_progress"])).stdout).toBe("Nothing has lain still for 30 days.\n");
    expect((await ws.bd(["stale", "-d", "0"])).code).toBe(2);
  });
});
