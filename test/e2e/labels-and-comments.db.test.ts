import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitsMadeBy } from "../support/dolt-history.ts";
import { commitBySql } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;

beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "lab" });
});
afterAll(() => ws.remove());

async function create(title: string): Promise<string> {
  const { stdout } = await ws.bd(["q", title]);
  return stdout.trim();
}

describe("bd q", () => {
  test("makes an issue of its words and prints the id alone", async () => {
    const { stdout } = await ws.bd(["q", "Fix", "the", "login", "-p", "3", "-l", "x"]);
    const id = stdout.trim();

    expect(stdout).toBe(`${id}\n`);
    expect(await ws.json(["show", id])).toMatchObject([{ id, title: "Fix the login", priority: 3, labels: ["x"] }]);
    expect(await ws.json(["q", "As JSON"])).toEqual({ id: expect.stringMatching(/^lab-/), schema_version: 1 });
  });

  test("needs a title", async () => {
    expect((await ws.bd(["q"])).code).toBe(2);
  });
});

describe("bd label", () => {
  test("adds and removes a label, with an event, in one commit each", async () => {
    const [one, two] = [await create("One"), await create("Two")];

    const commits = await commitsMadeBy(ws, async () => {
      expect(await ws.json(["label", "add", one, two, "auth"])).toEqual([
        { issue_id: one, label: "auth", status: "added" },
        { issue_id: two, label: "auth", status: "added" },
      ]);
      const { stdout } = await ws.bd(["label", "remove", two, "auth"]);
      expect(stdout).toBe(`✓ Removed label 'auth' from ${two}\n`);
    });

    expect(commits).toEqual([
      { message: "bd: label added 'auth' on 2 issue(s)", author: "tester", email: "tester@example.test" },
      { message: "bd: label removed 'auth' on 1 issue(s)", author: "tester", email: "tester@example.test" },
    ]);
    expect(await ws.sql("SELECT issue_id FROM labels WHERE label = 'auth'")).toEqual([{ issue_id: one }]);
    const events = await ws.sql("SELECT event_type, comment FROM events WHERE issue_id = ? ORDER BY id", [two]);
    expect(events.slice(-2)).toEqual([
      { event_type: "label_added", comment: "Added label: auth" },
      { event_type: "label_removed", comment: "Removed label: auth" },
    ]);
  });

  test("says so where nothing changes, and makes no commit", async () => {
    const id = await create("Steady");
    await ws.json(["label", "add", id, "here"]);

    const commits = await commitsMadeBy(ws, async () => {
      expect((await ws.bd(["label", "add", id, "here"])).stdout).toBe(`${id} already has the label 'here'\n`);
      expect((await ws.bd(["label", "remove", id, "gone"])).stdout).toBe(`${id} has no label 'gone'\n`);
      expect(await ws.json(["label", "add", id, "here"])).toEqual([
        { issue_id: id, label: "here", status: "unchanged" },
      ]);
    });

    expect(commits).toEqual([]);
  });

  test("lists the labels of one issue, and all with their counts", async () => {
    const id = await create("Listed");
    await ws.json(["label", "add", id, "zeta"]);
    await ws.json(["label", "add", id, "Zeta"]);

    expect(await ws.json(["label", "list", id])).toEqual(["Zeta", "zeta"]);
    expect((await ws.bd(["label", "list", id])).stdout).toBe(`\n🏷 Labels for ${id}:\n  - Zeta\n  - zeta\n`);
    expect(await ws.json(["label", "list-all"])).toContainEqual({ label: "zeta", count: 1 });
  });

  test.each([
    [["provides:x"], 1, "RESERVED_LABEL"],
    [[" "], 2, "LABEL_REQUIRED"],
    [[""], 2, "LABEL_REQUIRED"],
    [["x".repeat(256)], 2, "TEXT_TOO_LONG"],
    [[], 2, "BAD_USAGE"],
  ])("add refuses the label %o", async (label, exit, code) => {
    const id = await create("Victim");

    const { code: got, stdout } = await ws.bd(["label", "add", id, ...label, "--json"]);

    expect(got).toBe(exit);
    expect(JSON.parse(stdout)).toMatchObject({ code });
  });
});

test.each([
  ["create", ["create", "Provider", "-l", "provides:x"]],
  ["q", ["q", "Provider", "-l", "provides:x"]],
  ["update --add-label", ["update", "ID", "--add-label", "provides:x"]],
  ["update --set-labels", ["update", "ID", "--set-labels", "ui,provides:x"]],
])("%s refuses a label of capabilities, which an import brings", async (_title, args) => {
  const id = await create("Capable");

  const { code, stdout } = await ws.bd([...args.map((arg) => (arg === "ID" ? id : arg)), "--json"]);

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ code: "RESERVED_LABEL" });
  await ws.json(["import", "-"], { stdin: JSON.stringify({ id, title: "Capable", labels: ["provides:x"] }) });
  expect(await ws.json(["label", "list", id])).toEqual(["provides:x"]);
});

describe("bd comment", () => {
  test("adds a comment in one commit, and prints it", async () => {
    const id = await create("Discussed");

    let text = "";
    const commits = await commitsMadeBy(ws, async () => {
      text = (await ws.bd(["comment", id, "looks", "good 👍"])).stdout;
    });
    const comment = await ws.json(["comment", id, "--stdin"], { stdin: "two\nlines\n" });

    expect(text).toBe(`✓ Comment added to ${id} — Discussed\n`);
    expect(commits).toEqual([{ message: `bd: comment ${id}`, author: "tester", email: "tester@example.test" }]);
    expect(comment).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      issue_id: id,
      author: "tester",
      text: "two\nlines",
      created_at: expect.stringMatching(/Z$/),
      schema_version: 1,
    });
    expect(await ws.json(["comments", id])).toMatchObject([{ text: "looks good 👍" }, { text: "two\nlines" }]);
  });

  test("is listed under its author, indented", async () => {
    const id = await create("Read");
    writeFileSync(join(ws.dir, "comment.txt"), "first\nsecond\n");

    await ws.json(["comments", "add", id, "-f", "comment.txt", "-a", "bob"]);

    const { stdout } = await ws.bd(["comments", id]);
    expect(stdout).toMatch(
      new RegExp(`^\\nComments on ${id}:\\n\\n\\[bob\\] at [0-9 :-]{16}  [0-9a-f…]+\\n  first\\n  second\\n$`),
    );
    expect(await ws.json(["comments", await create("Quiet")])).toEqual([]);
  });

  test.each([
    [["lab-nosuch", "text"], 3, "ISSUE_NOT_FOUND"],
    [["lab-nosuch"], 2, "NO_COMMENT_TEXT"],
    [["lab-nosuch", "text", "--stdin"], 2, "CONTRADICTING_FLAGS"],
    [["lab-nosuch", "--file", "nosuch.txt"], 2, "INPUT_UNREADABLE"],
  ])("refuses %o", async (args, exit, code) => {
    const { code: got, stdout } = await ws.bd(["comment", ...args, "--json"]);

    expect(got).toBe(exit);
    expect(JSON.parse(stdout)).toMatchObject({ code });
  });
});

describe("several labels at once", () => {
  test("are separated by commas, and one with a comma that another program made can be taken off", async () => {
    const own = await testWorkspace({ prefix: "sev" });
    await own.json(["create", "X", "--id", "sev-1", "-l", "b"]);

    expect(await own.json(["label", "add", "sev-1", "a, b,c"])).toEqual([
      { issue_id: "sev-1", label: "a", status: "added" },
      { issue_id: "sev-1", label: "b", status: "unchanged" },
      { issue_id: "sev-1", label: "c", status: "added" },
    ]);
    expect((await own.bd(["label", "remove", "sev-1", "a,c"])).stdout).toBe(
      "✓ Removed label 'a' from sev-1\n✓ Removed label 'c' from sev-1\n",
    );
    await commitBySql(own, ["INSERT INTO labels (issue_id, label) VALUES ('sev-1', 'x,y')"]);
    expect(await own.json(["label", "remove", "sev-1", "x,y"])).toMatchObject([{ label: "x,y", status: "removed" }]);
    expect(await own.json(["show", "sev-1"])).toMatchObject([{ labels: ["b"] }]);
  });

  test("to take off one that is not there says so", async () => {
    const own = await testWorkspace({ prefix: "tak" });
    await own.json(["create", "X", "--id", "tak-1"]);
    expect((await own.bd(["update", "tak-1", "--remove-label", "nosuch"])).stderr).toBe(
      "tak-1 has no label 'nosuch'\n",
    );
  });
});
