import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { readLine } from "../../src/cli/line/read-line.ts";
import { SILENT } from "../support/parse-bd-line.ts";
import { recordIn } from "../support/payload.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "line" });
  await workspace.json(["create", "One", "--id", "line-1"]);
});
afterAll(() => workspace.remove());

async function column(id: string, name: string): Promise<unknown> {
  const [row] = await workspace.sql(`SELECT \`${name}\` AS value FROM issues WHERE id = ?`, [id]);
  return row?.["value"];
}

/** Makes a folder a repository in which git takes whoever works for that person. */
function gitKnows(folder: string, name: string): void {
  execFileSync("git", ["init", "--quiet", folder]);
  execFileSync("git", ["-C", folder, "config", "user.name", name]);
  execFileSync("git", ["-C", folder, "config", "user.email", `${name}@example.test`]);
}

describe("a flag", () => {
  test("behind -- is a word: it says nothing about the form of the answer", async () => {
    const { stdout } = await workspace.bd(["comment", "line-1", "--", "--json"]);
    expect(stdout).toBe("✓ Comment added to line-1 — One\n");
    expect(await workspace.sql("SELECT text FROM comments")).toEqual([{ text: "--json" }]);
  });

  test("that is the value of another says nothing either", async () => {
    const { stdout } = await workspace.bd(["create", "--id", "line-v", "--title", "--json"]);
    expect(stdout).toMatch(/^✓ Created issue: line-v — --json\n/);
  });

  test.each([
    [["-C", "DIR", "where"]],
    [["-CDIR", "where"]],
    [["-C=DIR", "where"]],
    [["-qC", "DIR", "where"]],
    [["-qCDIR", "where"]],
    [["where", "-qvC=DIR"]],
    [["--directory=DIR", "where"]],
    [["where", "--directory", "DIR"]],
  ])("-C is one folder for everything, the settings too: bd %j", async (line) => {
    const there = await testWorkspace();
    mkdirSync(join(there.home, ".config/bd"), { recursive: true });
    writeFileSync(join(there.dir, ".beads/config.local.yaml"), "json: true\n");
    const args = line.map((word) => word.replace("DIR", there.dir));
    const { code, stdout } = await workspace.bd(args, { cwd: workspace.home });
    expect({ code, path: recordIn(JSON.parse(stdout))["path"] }).toEqual({ code: 0, path: join(there.dir, ".beads") });
  });

  test("-C is that folder for git, too: whoever it names there acts", async () => {
    const here = join(workspace.home, "here");
    gitKnows(workspace.dir, "ann");
    gitKnows(here, "joe");
    const env = { BEADS_ACTOR: "", GIT_AUTHOR_EMAIL: "" };

    for (const [id, directory] of [
      ["line-abs", workspace.dir],
      ["line-rel", relative(here, workspace.dir)],
    ] as const) {
      await workspace.json(["-C", directory, "create", "Whose", "--id", id], { cwd: here, env });
      expect([await column(id, "created_by"), await column(id, "owner")]).toEqual(["ann", "ann@example.test"]);
    }
  });

  test("may stand between the words of a command", async () => {
    expect(await workspace.json(["config", "--quiet", "list"])).toEqual(await workspace.json(["config", "list"]));
  });

  test("takes its value after = in its short form too", async () => {
    await workspace.json(["create", "Short", "--id", "line-s", "-a=joe", "-p=1", "-d=hello", "-l=x,y", "-t=bug"]);
    expect(await workspace.json(["show", "line-s"])).toMatchObject([
      { assignee: "joe", priority: 1, description: "hello", labels: ["x", "y"], issue_type: "bug" },
    ]);
    expect(await workspace.json(["list", "-l=x", "-n=1", "-a=joe"])).toMatchObject([{ id: "line-s" }]);
  });

  test("that is a switch takes true and false, and false beats the setting", async () => {
    const env = { BD_JSON: "true" };
    expect((await workspace.bd(["count"], { env })).stdout).toMatch(/^\{/);
    expect((await workspace.bd(["count", "--json=false"], { env })).stdout).not.toMatch(/^\{/);
    expect((await workspace.bd(["count", "--json=true"])).stdout).toMatch(/^\{/);
    expect(await workspace.json(["list", "--all=false"])).toEqual(await workspace.json(["list"]));
    const { code, stdout } = await workspace.bd(["list", "--all=maybe", "--json"]);
    expect({ code, error: JSON.parse(stdout).error }).toEqual({
      code: 2,
      error: "option '--all' argument 'maybe' is invalid. expected true or false.",
    });
  });
});

type LongFlag = readonly [command: string, flag: string, column: string, stored?: string];

describe("a lone - is standard input", () => {
  /** Flags that take long texts: the command, the flag, and the column that has the text afterwards. */
  const LONG: readonly LongFlag[] = [
    ...["create", "update"].flatMap((command): LongFlag[] => [
      [command, "--description", "description"],
      [command, "--body", "description"],
      [command, "--message", "description"],
      [command, "--design", "design"],
      [command, "--acceptance", "acceptance_criteria"],
      [command, "--notes", "notes"],
      [command, "--append-notes", "notes"],
      [command, "--metadata", "metadata", '{"a":1}'],
    ]),
    ["create", "--skills", "description", "## Required Skills\nText of several words"],
    ["create", "--context", "description", "## Context\nText of several words"],
    ["create", "--event-payload", "payload"],
    ["update", "--acceptance-criteria", "acceptance_criteria"],
    ["close", "--reason", "close_reason"],
    ["close", "--resolution", "close_reason"],
    ["close", "--message", "close_reason"],
    ["close", "--comment", "close_reason"],
    ["done", "--reason", "close_reason"],
    ["done", "--resolution", "close_reason"],
    ["done", "--message", "close_reason"],
    ["done", "--comment", "close_reason"],
  ];
  /** Texts of one line: a hyphen is a hyphen. */
  const SHORT = new Set(["--title", "--title-contains", "--desc-contains", "--notes-contains", "--query"]);
  /** Long texts that are no column of an issue; tests of their own follow. */
  const ELSEWHERE = new Set(["set-state --reason", "reopen --reason", "delete --reason", "dolt commit --message"]);

  test.for(LONG)("bd %s %s", async ([command, flag, name, stored = "Text of several words"]) => {
    const id = `line-${command}${flag.replaceAll("-", "")}`;
    const text = name === "metadata" ? stored : "Text of several words";
    if (command !== "create") await workspace.json(["create", "X", "--id", id]);
    const args = command === "create" ? ["create", "X", "--id", id] : [command, id];
    const { code, stderr } = await workspace.bd([...args, flag, "-"], { stdin: `${text}\n` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const found = await column(id, name);
    expect(String(typeof found === "object" ? JSON.stringify(found) : found).trim()).toBe(stored);
  });

  test("for every flag that takes a text, apart from those of one line", async () => {
    const known = new Set([...LONG.map(([command, flag]) => `${command} ${flag}`), ...ELSEWHERE]);
    const missing: string[] = [];
    for (const { words } of COMMANDS) {
      const line = await readLine(words, SILENT);
      if (line.kind === "other") continue;
      for (const { long, flags } of line.command.options) {
        const takesText = /<(?:text|json)>/.test(flags) && !SHORT.has(`${long}`) && !/-contains /.test(flags);
        if (takesText && !known.has(`${words.join(" ")} ${long}`)) missing.push(`${words.join(" ")} ${flags}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test("as the reason of a deletion, which the commit tells", async () => {
    await workspace.json(["create", "X", "--id", "line-d"]);
    const { code } = await workspace.bd(["delete", "line-d", "--force", "-r", "-"], { stdin: "made twice\n" });
    expect(code).toBe(0);
    const [row] = await workspace.sql("SELECT message FROM dolt_log LIMIT 1");
    expect(row?.["message"]).toContain("made twice");
  });

  test("as the reason of a state, which is a comment", async () => {
    await workspace.json(["create", "X", "--id", "line-t"]);
    const { code } = await workspace.bd(["set-state", "line-t", "health=low", "--reason", "-"], {
      stdin: "disk full\n",
    });
    expect(code).toBe(0);
    expect(JSON.stringify(await workspace.json(["comments", "line-t"]))).toContain("disk full");
  });

  test("as the reason of a reopening, which is shown, too", async () => {
    await workspace.json(["create", "X", "--id", "line-r"]);
    await workspace.json(["close", "line-r"]);
    const { stdout } = await workspace.bd(["reopen", "line-r", "-r", "-"], { stdin: "it came back\n" });
    expect(stdout).toBe("↻ Reopened line-r: it came back\n");
  });

  test.each([
    ["a.b", ["-m", "-"]],
    ["a.c", ["--stdin"]],
  ])("as the message of a commit of %s: bd dolt commit %j", async (key, flags) => {
    await workspace.sql("SET autocommit = 1");
    await workspace.sql("INSERT INTO config VALUES (?, 'c')", [key]);
    await workspace.sql("SET autocommit = 0");
    await workspace.bd(["dolt", "commit", ...flags], { stdin: "by hand\n" });
    expect(await workspace.sql("SELECT message FROM dolt_log LIMIT 1")).toMatchObject([
      { message: expect.stringMatching(/^by hand/) },
    ]);
  });

  test.each([
    [["comment", "line-1", "-"]],
    [["comments", "add", "line-1", "-"]],
    [["comments", "add", "line-1", "-f", "-"]],
  ])("as a comment: bd %j", async (args) => {
    expect(await workspace.json(args, { stdin: "two\nlines\n" })).toMatchObject({ text: "two\nlines" });
  });

  test("as the words of done", async () => {
    await workspace.json(["create", "X", "--id", "line-w"]);
    await workspace.json(["done", "line-w", "-"], { stdin: "at last\n" });
    expect(await column("line-w", "close_reason")).toBe("at last");
  });
});

describe("settings that can't be read", () => {
  test.each([
    ["metadata.json", "[".repeat(60_000)],
    ["metadata.json", '{"a":'.repeat(60_000)],
    ["metadata.json", "\0\u{feff}"],
    ["config.yaml", `a: ${"[".repeat(60_000)}`],
    ["config.yaml", "\t: : :\n- {"],
    ["config.local.yaml", "dolt: 1\ndolt.port: {}\n"],
  ])("leave --json its form, and nothing is thrown: %s", async (file, text) => {
    const broken = await testWorkspace();
    writeFileSync(join(broken.dir, ".beads", file), text);
    const { code, stdout, stderr } = await broken.bd(["list", "--json"]);
    expect({ stderr, error: recordIn(JSON.parse(stdout))["code"] }).toEqual({ stderr: "", error: expect.any(String) });
    expect(code).toBeGreaterThan(0);
  });
});
