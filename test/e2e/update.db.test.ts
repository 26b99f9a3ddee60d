import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitsMadeBy, doltCommits } from "../support/dolt-history.ts";
import { onlyRecordIn } from "../support/payload.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;

beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "upd" });
});
afterAll(() => ws.remove());

async function create(...args: readonly string[]): Promise<string> {
  const { stdout } = await ws.bd(["create", ...args, "--silent"]);
  return stdout.trim();
}

function events(id: string) {
  return ws.sql("SELECT event_type, actor, old_value, new_value, comment FROM events WHERE issue_id = ? ORDER BY id", [
    id,
  ]);
}

describe("bd update", () => {
  test("changes fields and labels in one commit under the actor, and prints the issue", async () => {
    const id = await create("Add tests");

    let printed: unknown;
    const commits = await commitsMadeBy(ws, async () => {
      printed = await ws.json(["update", id, "--title", "Add more tests", "-p", "0", "--add-label", "qa", "-a", "bob"]);
    });

    expect(printed).toEqual([
      {
        id,
        title: "Add more tests",
        status: "open",
        priority: 0,
        issue_type: "task",
        assignee: "bob",
        owner: "tester@example.test",
        created_at: expect.stringMatching(/Z$/),
        created_by: "tester",
        updated_at: expect.stringMatching(/Z$/),
        labels: ["qa"],
      },
    ]);
    expect(commits).toEqual([{ message: `bd: update ${id}`, author: "tester", email: "tester@example.test" }]);
    const [, updated, labelled] = await events(id);
    expect(updated).toMatchObject({
      event_type: "updated",
      actor: "tester",
      new_value: '{"title":"Add more tests","assignee":"bob","priority":0}',
    });
    expect(JSON.parse(String(updated?.["old_value"]))).toMatchObject({ id, title: "Add tests", priority: 2 });
    expect(labelled).toMatchObject({ event_type: "label_added", comment: "Added label: qa" });
  });

  test("keeps the wire's order of fields", async () => {
    const id = await create("Ordered", "-d", "d");

    const { stdout } = await ws.bd(["update", id, "--metadata", '{"b":1}', "--due", "2027-01-02", "--json"]);

    const issue = onlyRecordIn(JSON.parse(stdout));
    expect(Object.keys(issue)).toEqual(
      "id title description status priority issue_type owner created_at created_by updated_at due_at metadata".split(
        " ",
      ),
    );
  });

  test("that asks for what is there makes no commit and says Updated", async () => {
    const id = await create("Same", "-p", "1");

    let text = "";
    const commits = await commitsMadeBy(ws, async () => {
      text = (await ws.bd(["update", id, "-p", "P1", "-s", "open"])).stdout;
    });

    expect(commits).toEqual([]);
    expect(text).toBe(`✓ Updated issue: ${id} — Same\n`);
  });

  test("without a change to make says so", async () => {
    const { code, stdout } = await ws.bd(["update", "whatever"]);

    expect([code, stdout]).toEqual([0, "No updates specified\n"]);
  });

  test("without an id takes the issue of the last command", async () => {
    const id = await create("Last");

    const { stdout } = await ws.bd(["update", "--notes", "n"]);

    expect(stdout).toBe(`✓ Updated issue: ${id} — Last\n`);
  });

  test("changes several issues in one commit, and those that exist when others don't", async () => {
    const [one, two] = [await create("One"), await create("Two")];

    let result = { code: 0, stdout: "", stderr: "" };
    const commits = await commitsMadeBy(ws, async () => {
      result = await ws.bd(["update", one, "nosuch", two.slice("upd-".length), "-s", "blocked"]);
    });

    expect(result.code).toBe(1);
    expect(result.stdout).toBe(`✓ Updated issue: ${one} — One\n✓ Updated issue: ${two} — Two\n`);
    expect(result.stderr).toContain('no issue found matching "nosuch"');
    expect(commits.map(({ message }) => message)).toEqual([`bd: update ${one} ${two}`]);
  });

  test("names a word that the project does not know once, whatever the number of issues", async () => {
    const [one, two] = [await create("One"), await create("Two")];

    const { code, stderr } = await ws.bd(["update", one, two, "-s", "nosuch"]);

    expect(code).toBe(2);
    expect(stderr.match(/invalid status/g)).toHaveLength(1);
  });

  test("exits 3 where no issue was found, with JSON on stdout", async () => {
    const { code, stdout } = await ws.bd(["update", "nosuch", "-p", "1", "--json"]);

    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ code: "ISSUE_NOT_FOUND", error: 'no issue found matching "nosuch"' });
  });

  test("writes down closing and forgets it again", async () => {
    const id = await create("Round");

    const closed = onlyRecordIn(await ws.json(["update", id, "-s", "closed", "--session", "s9"]));
    const open = onlyRecordIn(await ws.json(["update", id, "-s", "open"]));

    expect(closed).toMatchObject({ status: "closed", closed_at: expect.any(String), closed_by_session: "s9" });
    expect(open).not.toHaveProperty("closed_at");
    expect(open).not.toHaveProperty("closed_by_session");
    expect((await events(id)).map((event) => event["event_type"])).toEqual(["created", "closed", "reopened"]);
  });

  test("defers, and takes it back", async () => {
    const id = await create("Later");

    const deferred = onlyRecordIn(await ws.json(["update", id, "--defer", "+2d"]));
    const open = onlyRecordIn(await ws.json(["update", id, "--defer", ""]));

    expect(deferred).toMatchObject({ status: "deferred", defer_until: expect.any(String) });
    expect(open).toMatchObject({ status: "open" });
    expect(open).not.toHaveProperty("defer_until");
  });

  test("reads a description from standard input, and refuses an empty one", async () => {
    const id = await create("Piped", "-d", "old");

    const piped = await ws.bd(["update", id, "--stdin"], { stdin: "new 📌 'quoted'\n" });
    const empty = await ws.bd(["update", id, "--body-file", "-"], { stdin: "\n" });

    expect([piped.code, empty.code]).toEqual([0, 2]);
    expect(await ws.sql("SELECT description FROM issues WHERE id = ?", [id])).toEqual([
      { description: "new 📌 'quoted'\n" },
    ]);
  });
});

describe("a wisp", () => {
  test("can be changed, commented on and closed, without a trace in the history", async () => {
    await ws.sql("SET autocommit = 1");
    await ws.sql(
      "INSERT INTO wisps (id, title, description, design, acceptance_criteria, notes, ephemeral) VALUES ('upd-wisp-1', 'Passing', '', '', '', '', 1)",
    );

    const commits = await commitsMadeBy(ws, async () => {
      await ws.json(["update", "upd-wisp-1", "-p", "1", "--add-label", "x"]);
      await ws.json(["comment", "upd-wisp-1", "hello"]);
      await ws.json(["close", "upd-wisp-1"]);
    });

    expect(commits).toEqual([]);
    expect(await ws.json(["show", "upd-wisp-1"])).toMatchObject([
      { status: "closed", priority: 1, labels: ["x"], comments: [{ text: "hello" }], ephemeral: true },
    ]);
  });
});

describe("bd update --parent", () => {
  test("moves an issue, keeps its id, and takes it out again", async () => {
    const [epic, other, child] = [await create("Epic", "-t", "epic"), await create("Other"), await create("Child")];
    const edges = () => ws.sql("SELECT depends_on_id, type, created_by FROM dependencies WHERE issue_id = ?", [child]);

    await ws.json(["update", child, "--parent", epic]);
    expect(await edges()).toEqual([{ depends_on_id: epic, type: "parent-child", created_by: "tester" }]);
    await ws.json(["update", child, "--parent", other]);
    expect(await edges()).toEqual([{ depends_on_id: other, type: "parent-child", created_by: "tester" }]);
    expect(await commitsMadeBy(ws, () => ws.json(["update", child, "--parent", other]))).toEqual([]);
    await ws.json(["update", child, "--parent", ""]);
    expect(await edges()).toEqual([]);
  });

  test("refuses a circle, itself, and a parent that is not there", async () => {
    const [above, below] = [await create("Above"), await create("Below")];
    await ws.json(["update", below, "--parent", above]);

    const circle = await ws.bd(["update", above, "--parent", below]);
    const itself = await ws.bd(["update", above, "--parent", above]);
    const missing = await ws.bd(["update", above, "--parent", "nosuch"]);

    expect([circle.code, itself.code, missing.code]).toEqual([1, 1, 3]);
    expect(circle.stderr).toContain("would create a cycle");
    expect(await ws.sql("SELECT issue_id FROM dependencies WHERE depends_on_id = ?", [below])).toEqual([]);
  });
});

describe("bd update --claim", () => {
  test("starts the issue for the actor, once for each session", async () => {
    const id = await create("Claimed");

    let claimed: unknown;
    const commits = await commitsMadeBy(ws, async () => {
      claimed = await ws.json(["update", id, "--claim", "--session", "s1"]);
    });
    const again = await ws.bd(["update", id, "--claim", "--session", "s1"]);
    const unnamed = await ws.bd(["update", id, "--claim"]);
    const other = await ws.bd(["--actor", "alice", "update", id, "--claim", "--json"]);

    expect(claimed).toMatchObject([{ id, status: "in_progress", assignee: "tester", started_at: expect.any(String) }]);
    expect(commits.map(({ message }) => message)).toEqual([`bd: claim ${id}`]);
    expect([again.code, unnamed.code, other.code]).toEqual([0, 6, 6]);
    expect(JSON.parse(other.stdout)).toMatchObject({ code: "ALREADY_CLAIMED", details: { assignee: "tester" } });
    const claims = (await events(id)).filter((event) => event["event_type"] === "claimed");
    expect(claims.map((event) => event["new_value"])).toEqual([
      '{"assignee":"tester","status":"in_progress","session":"s1"}',
    ]);
  });

  test("changes nothing of an issue that somebody else has", async () => {
    const id = await create("Taken", "-a", "bob");

    const before = await doltCommits(ws);
    const { code } = await ws.bd(["update", id, "--claim", "-p", "0"]);

    expect(code).toBe(6);
    expect(await doltCommits(ws)).toEqual(before);
  });
});

describe("bd update refuses", () => {
  test.each([
    [["-s", "nosuch"], 2, "INVALID_STATUS"],
    [["-t", "nosuch"], 2, "INVALID_ISSUE_TYPE"],
    [["-p", "high"], 2, "INVALID_PRIORITY"],
    [["--title", ""], 2, "TITLE_REQUIRED"],
    [["--title", "x".repeat(501)], 2, "TEXT_TOO_LONG"],
    [["-d", "x".repeat(65_536)], 2, "TEXT_TOO_LONG"],
    [["--metadata", "{"], 2, "INVALID_METADATA"],
    [["--due", "someday"], 2, "INVALID_TIME"],
    [["--notes", "a", "--append-notes", "b"], 2, "CONTRADICTING_FLAGS"],
    [["--no-history"], 2, "NOT_SUPPORTED"],
    [["--no-history"], 2, "NOT_SUPPORTED"],
  ])("%o", async (flags, exit, code) => {
    const id = await create("Victim");
    const before = await doltCommits(ws);

    const result = await ws.bd(["update", id, ...flags, "--json"]);

    expect(result.code).toBe(exit);
    expect(JSON.parse(result.stdout)).toMatchObject({ code });
    expect(await doltCommits(ws)).toEqual(before);
  });
});
