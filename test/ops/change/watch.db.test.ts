import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { parseBdLine } from "../../support/parse-bd-line.ts";
import { recordIn } from "../../support/payload.ts";
import { startPrivateDolt } from "../../support/private-dolt.ts";
import { commitBySql, run } from "../../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "wa" });
  for (const id of ["wa-a", "wa-b"]) await run(workspace, ["create", `Title of ${id}`, "--id", id]);
});
afterAll(() => workspace.remove());

async function head(of = workspace): Promise<string> {
  const [row] = await of.sql("SELECT DOLT_HASHOF('HEAD') AS hash");
  return String(row?.["hash"]);
}

/** The lines of JSON that a command printed. */
async function lines(args: readonly string[], env = {}): Promise<Record<string, unknown>[]> {
  const { stdout } = await workspace.bd([...args, "--json"], { env });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("a watch hears what another program commits, and ends with the first event that is wanted", async () => {
  const watching = workspace.bd(["watch", "--since", await head(), "--type", "closed", "--once"]);
  await run(workspace, ["create", "Not wanted"]);
  await commitBySql(workspace, [
    "UPDATE issues SET status = 'closed', close_reason = 'by\u001bhand' WHERE id = 'wa-b'",
  ]);

  const { code, stdout } = await watching;

  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d {2}sql {2}closed wa-b "Title of wa-b": by\\x1bhand\n$/),
  });
});

test("what happened between a command and the watch after it is not missed, and comes once", async () => {
  const env = { BD_CURSOR_FILE: join(workspace.home, "cursor") };
  await workspace.bd(["ready"], { env });
  await run(workspace, ["create", "One", "--id", "wa-1", "-l", "x"]);
  await run(workspace, ["create", "Two", "--id", "wa-2"]);

  const heard = [
    ...(await lines(["watch", "--once"], env)),
    ...(await lines(["watch", "--once"], env)),
    ...(await lines(["changes"], env)),
  ];

  expect(heard.map(({ type, issue_id }) => [type, issue_id])).toEqual([
    ["created", "wa-1"],
    ["end", undefined],
    ["labeled", "wa-1"],
    ["end", undefined],
    ["created", "wa-2"],
    ["end", undefined],
  ]);
  expect(heard.at(-1)).toEqual({ type: "end", cursor: await head(), events: 1, schema_version: 1 });
});

test("one's own change is no news to whoever made it, what others did while it waited is", async () => {
  const env = { BD_CURSOR_FILE: join(workspace.home, "own") };
  await run(workspace, ["create", "By others"]);
  await workspace.bd(["comments", "add", "wa-a", "mine"], { env });

  expect(readFileSync(env.BD_CURSOR_FILE, "utf8")).toBe(`${await head()}\n`);
  expect(await lines(["changes"], env)).toMatchObject([{ type: "end", cursor: await head(), events: 0 }]);
});

test("whoever writes does not step over what others did since", async () => {
  const env = { BD_CURSOR_FILE: join(workspace.home, "stepping") };
  await workspace.bd(["ready"], { env });
  await run(workspace, ["comments", "add", "wa-a", "by others"]);
  await workspace.bd(["label", "add", "wa-a", "mine"], { env });

  const heard = await lines(["changes"], env);

  expect(heard.map(({ type }) => type)).toEqual(["commented", "labeled", "end"]);
});

test.each(["my notes\n", "#!/bin/sh\n", `${"0".repeat(32)}:x\n`])(
  "a file that holds %j is nobody's cursor, and neither written over nor ignored",
  async (text) => {
    const file = join(workspace.home, "notes");
    writeFileSync(file, text);
    for (const line of [["list"], ["create", "Never made"], ["watch", "--once"], ["changes"]]) {
      const { code, stdout } = await workspace.bd([...line, "--json"], { env: { BD_CURSOR_FILE: file } });
      expect({ line, code, error: JSON.parse(stdout) }).toMatchObject({
        code: 4,
        error: { code: "CURSOR_FILE_TAKEN" },
      });
    }
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(await workspace.sql("SELECT id FROM issues WHERE title = 'Never made'")).toEqual([]);
  },
);

test("the folder of a cursor is made", async () => {
  const BD_CURSOR_FILE = join(workspace.home, "new", "folder", "cursor");
  await workspace.bd(["ready"], { env: { BD_CURSOR_FILE } });
  expect(readFileSync(BD_CURSOR_FILE, "utf8")).toBe(`${await head()}\n`);
});

test("a write whose cursor can't be left is done, told, and a success", async () => {
  writeFileSync(join(workspace.home, "no-folder"), "");
  const BD_CURSOR_FILE = join(workspace.home, "no-folder", "cursor");
  const { code, stdout, stderr } = await workspace.bd(["create", "Told", "--id", "wa-told"], {
    env: { BD_CURSOR_FILE },
  });

  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: expect.stringContaining("Created issue: wa-told"),
    stderr: expect.stringMatching(/^the cursor stays where it was: /),
  });
});

test("the envelope says how far a command has seen", async () => {
  const { stdout } = await workspace.bd(["list", "--json"], { env: { BD_JSON_ENVELOPE: "1" } });

  expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, cursor: await head() });
});

test("reads make no events, and a watch that hears nothing in time ends with 124 and the cursor", async () => {
  const cursor = await head();
  const watching = workspace.bd(["watch", "--timeout", "1s", "--json"]);
  await run(workspace, ["list"]);

  const { code, stdout } = await watching;

  expect(code).toBe(124);
  expect(JSON.parse(stdout)).toMatchObject({ code: "WATCH_TIMEOUT", details: { cursor, events: 0 } });
});

test("who waited in vain is told how to wait for the same again", async () => {
  await run(workspace, ["create", "Waited", "--id", "wa-vain"]);
  const flags = [
    "--issue",
    "wa-vain",
    "--type",
    "closed,created",
    "-l",
    "x",
    "-a",
    "ann",
    "--until",
    "closed",
    "--once",
  ];
  const { stdout } = await workspace.bd(["watch", ...flags, "--timeout", "100ms", "--json"]);
  const { hint, details } = recordIn(JSON.parse(stdout));
  const { cursor } = recordIn(details);
  expect(hint).toBe(
    `bd watch --issue=wa-vain --type=closed,created --label=x --assignee=ann --until=closed --once --since=${String(cursor)}`,
  );
  await parseBdLine(String(hint));
});

test("a wait for several issues ends when the last of them is closed, at once where all are, and says which is gone", async () => {
  for (const id of ["wa-u1", "wa-u2", "wa-u3"]) await run(workspace, ["create", id, "--id", id]);
  const until = ["watch", "--until", "closed", "--issue", "wa-u1", "--issue", "u2", "--timeout", "60s"];
  const waiting = workspace.bd(until);
  await run(workspace, ["close", "wa-u2"]);
  await run(workspace, ["close", "wa-u1"]);

  expect((await waiting).code).toBe(0);
  expect(await workspace.bd(until)).toMatchObject({ code: 0, stdout: "" });

  const gone = workspace.bd(["watch", "--until", "closed", "--issue", "wa-u3", "--json"]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await commitBySql(workspace, ["DELETE FROM issues WHERE id = 'wa-u3'"]);
  const { code, stdout } = await gone;
  const last = stdout.trimEnd().split("\n").at(-1);
  expect({ code, last: JSON.parse(last ?? "") }).toMatchObject({ code: 3, last: { code: "ISSUE_NOT_FOUND" } });
});

test("a wait for ready work ends when there is some", async () => {
  const mine = await testWorkspace({ prefix: "wr" });
  await run(mine, ["create", "First", "--id", "wr-1"]);
  await run(mine, ["update", "wr-1", "--claim"]);
  await run(mine, ["create", "Second", "--id", "wr-2", "--deps", "wr-1"]);
  const any = mine.bd(["watch", "--until", "ready", "--timeout", "60s"]);
  const named = mine.bd(["watch", "--until", "ready", "--issue", "wr-2", "--timeout", "60s"]);
  await run(mine, ["close", "wr-1"]);

  expect([(await any).code, (await named).code]).toEqual([0, 0]);
});

test.each([
  [["watch", "--until", "clsoed", "--issue", "wa-a"], "INVALID_STATUS"],
  [["watch", "--until", "closed"], "UNTIL_WHOM"],
  [["watch", "--issue", "wa-nope"], "ISSUE_NOT_FOUND"],
  [["watch", "--since", "yesterday"], "CURSOR_INVALID"],
  [["watch", "--timeout", "soon"], "BAD_USAGE"],
  [["watch", "--type", "exploded"], "BAD_USAGE"],
  [["changes"], "NO_CURSOR"],
  [["changes", "--from-start", "--to", "0000"], "COMMIT_NOT_FOUND"],
])("%j is refused as %s", async (args, code) => {
  expect(await lines(args)).toEqual([expect.objectContaining({ code })]);
});

test("a history that was rewritten is one resync, not silence", async () => {
  const mine = await testWorkspace({ prefix: "wx", login: "root" });
  await run(mine, ["create", "Gone"]);
  const cursor = await head(mine);
  await mine.sql("CALL DOLT_RESET('--hard', 'HEAD~1')");
  await run(mine, ["create", "Other"]);
  const now = await head(mine);

  for (const since of [cursor, "0".repeat(32), `${"0".repeat(32)}:3`]) {
    const { stdout } = await mine.bd(["changes", "--since", since, "--json"]);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { type: "resync", cursor: now, at: expect.any(String) },
      { type: "end", cursor: now, events: 1, schema_version: 1 },
    ]);
  }
});

test("labels and assignees are those of before and of after", async () => {
  const cursor = await head();
  await run(workspace, ["create", "Labelled", "--id", "wa-l", "-l", "red", "-a", "bob"]);
  await run(workspace, ["label", "remove", "wa-l", "red"]);
  await run(workspace, ["update", "wa-l", "--title", "Later", "-a", "ann"]);
  await run(workspace, ["create", "Another", "-l", "blue"]);
  const types = async (...flags: readonly string[]) => {
    const events = await lines(["changes", "--since", cursor, ...flags]);
    return events.map(({ type }) => type).filter((type) => type !== "end");
  };

  expect(await types("-l", "red")).toEqual(["created", "labeled", "unlabeled"]);
  expect(await types("-a", "ann")).toEqual(["updated"]);
  expect(await types("-a", "bob", "--issue", "wa-l")).toEqual(["created", "labeled", "unlabeled", "updated"]);
});

test("values that may be secrets are not said", async () => {
  const cursor = await head();
  await commitBySql(workspace, ["REPLACE INTO config (`key`, value) VALUES ('linear.api_key', 'hunter2')"]);

  const { stdout } = await workspace.bd(["changes", "--since", cursor]);

  expect(stdout).toContain("set linear.api_key");
  expect(stdout).not.toContain("hunter2");
});

test("a command of one's own runs for each event; one that fails ends the watch before its event", async () => {
  const cursor = await head();
  await run(workspace, ["create", "For exec", "--id", "wa-x1"]);
  await run(workspace, ["create", "For exec", "--id", "wa-x2"]);
  const log = join(workspace.home, "log");
  const exec = `cat >> ${log}; echo "$BD_EVENT $BD_ISSUE" >> ${log}; test $BD_ISSUE != wa-x2`;

  const { code, stderr } = await workspace.bd(["watch", "--since", cursor, "-t", "created", "--exec", exec]);

  const [first, then, , last] = readFileSync(log, "utf8").trimEnd().split("\n");
  expect(JSON.parse(first ?? "")).toMatchObject({ type: "created", issue_id: "wa-x1" });
  expect([then, last]).toEqual(["created wa-x1", "created wa-x2"]);
  expect(code).toBe(1);
  const [, since = ""] = /bd watch --type=created --since=(\S+) .*--exec=/.exec(stderr) ?? [];
  const [again] = await lines(["changes", "--since", since]);
  expect(again).toMatchObject({ issue_id: "wa-x2" });
});

test("a command that runs bd itself leaves the watch its cursor", async () => {
  const file = join(workspace.home, "exec-cursor");
  await workspace.bd(["ready"], { env: { BD_CURSOR_FILE: file } });
  for (const id of ["wa-y1", "wa-y2"]) await run(workspace, ["create", "For exec", "--id", id]);
  const exec = 'echo "$BD_ISSUE in [$BD_CURSOR_FILE]"; test $BD_ISSUE != wa-y2';

  const { code, stdout } = await workspace.bd(["watch", "--exec", exec], { env: { BD_CURSOR_FILE: file } });

  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining("wa-y1 in []\n") });
  const [again] = await lines(["changes"], { BD_CURSOR_FILE: file });
  expect(again).toMatchObject({ issue_id: "wa-y2" });
});

test("a watch survives the server, and tells of each issue once", async () => {
  const server = await startPrivateDolt();
  onTestFinished(() => server.stop());
  const mine = await testWorkspace({ prefix: "ws", port: server.port });
  await run(mine, ["create", "The last", "--id", "ws-last"]);
  await run(mine, ["create", "Issue 0", "--id", "ws-0"]);
  const watching = mine.bd([
    "watch",
    "--from-start",
    "--json",
    "--until",
    "closed",
    "--issue",
    "ws-last",
    "--issue",
    "ws-0",
    "--type",
    "created,closed",
  ]);
  for (let n = 1; n < 6; n++) {
    await run(mine, ["create", `Issue ${n}`, "--id", `ws-${n}`]);
    if (n % 2 === 1) await server.crash().then(() => server.start());
  }
  await run(mine, ["close", "ws-0", "ws-last"]);

  const { code, stdout, stderr } = await watching;

  const heard = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(heard.map(({ type, issue_id }) => [type, issue_id])).toEqual([
    ["created", "ws-last"],
    ["created", "ws-0"],
    ["closed", "ws-0"],
    ["closed", "ws-last"],
    ["end", undefined],
  ]);
});
