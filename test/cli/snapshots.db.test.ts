import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { ACTS_ON_MACHINE, lineOf } from "../support/command-lines.ts";
import { shapeOf } from "../support/json-shape.ts";
import { recordIn } from "../support/payload.ts";
import type { RunOptions } from "../support/run-bd.ts";
import { commitBySql } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

/*
 * What scripts and people hold on to, of each command: its help, the keys of its JSON, its errors. `npm test -- snapshots
 * -u` writes the files anew; a command without a file fails, and so does a file without a command.
 */

const FOLDER = join(import.meta.dirname, "snapshots");
const NAMES = COMMANDS.map(({ words }) => words.join(" "));

/** What has to be there before the line can be run. */
const BEFORE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  reopen: [["close", "bd-a1"]],
  comments: [["comment", "bd-a1", "Hello"]],
  "dep list": [["dep", "add", "bd-a1", "bd-b2"]],
  "dep tree": [["dep", "add", "bd-a1", "bd-b2"]],
  "dep remove": [["dep", "add", "bd-a1", "bd-b2"]],
  "dep unrelate": [["dep", "relate", "bd-a1", "bd-b2"]],
  children: [["update", "bd-b2", "--parent", "bd-a1"]],
  "epic status": [
    ["update", "bd-a1", "-t", "epic"],
    ["update", "bd-b2", "--parent", "bd-a1"],
  ],
  "dep cycles": [["dep", "add", "bd-a1", "bd-b2"]],
  blocked: [["dep", "add", "bd-a1", "bd-b2"]],
  "config unset": [["config", "set", "custom.x", "1"]],
  "dolt push": [["dolt", "remote", "add", "origin", "file://HOME/remote"]],
  "dolt pull": [
    ["dolt", "remote", "add", "origin", "file://HOME/remote"],
    ["dolt", "push"],
  ],
  "dolt fetch": [
    ["dolt", "remote", "add", "origin", "file://HOME/remote"],
    ["dolt", "push"],
  ],
  "dolt remote list": [["dolt", "remote", "add", "origin", "file://HOME/remote"]],
  "dolt remote remove": [["dolt", "remote", "add", "origin", "file://HOME/remote"]],
};

async function makeTracker(name: string): Promise<TestWorkspace> {
  const workspace = await testWorkspace({ prefix: "bd" });
  const issues = [
    { id: "bd-a1", title: "Login", labels: ["auth"], description: "Text" },
    { id: "bd-b2", title: "Hash", priority: 1, metadata: { a: 1 } },
  ];
  await workspace.json(["import", "-"], { stdin: issues.map((issue) => JSON.stringify(issue)).join("\n") });
  for (const line of BEFORE[name] ?? []) await workspace.json(line.map((word) => word.replace("HOME", workspace.home)));
  if (name === "restore") await commitBySql(workspace, ["DELETE FROM issues WHERE id = 'bd-a1'"]);
  return workspace;
}

describe.each(NAMES)("bd %s", (name) => {
  test("is as its snapshot says", async () => {
    const workspace = await makeTracker(name);
    const line = lineOf(name).map((word) => word.replace("file:///nowhere", `file://${workspace.home}/remote`));
    const sections = [
      ["help", (await workspace.bd([...name.split(" "), "--help"])).stdout],
      ["json", ACTS_ON_MACHINE.has(name) ? "(of the machine)" : await jsonOf(workspace, line)],
      ["errors", await errorsOf(workspace, name, line)],
    ];
    const text = sections.map(([heading, body]) => `## ${heading}\n${body?.trimEnd()}\n`).join("\n");
    await expect(text).toMatchFileSnapshot(join(FOLDER, `${name.replaceAll(" ", "-")}.txt`));
  });
});

test("there are no snapshots of commands that are not there", () => {
  const files = NAMES.map((name) => `${name.replaceAll(" ", "-")}.txt`);
  expect(readdirSync(FOLDER).toSorted()).toEqual(files.toSorted());
});

async function jsonOf(workspace: TestWorkspace, line: readonly string[]): Promise<string> {
  const { code, stdout } = await workspace.bd([...line, "--json"], { stdin: '{"id":"bd-c3","title":"New"}\n' });
  return [`exit ${code}`, ...shapeOf(valueIn(stdout))].join("\n");
}

/** `export` prints JSONL: its lines are shown as a list. */
function valueIn(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return stdout
      .split("\n")
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line));
  }
}

/** How common mistakes end, each in a line. */
async function errorsOf(workspace: TestWorkspace, name: string, line: readonly string[]): Promise<string> {
  const words = name.split(" ");
  const unknown = line.map((word) => (/^bd-\w+$/.test(word) ? "bd-none" : word));
  const away = { BEADS_DOLT_SERVER_PORT: "1", BEADS_DOLT_RETRY_MAX: "0ms" };
  const mistakes: readonly (readonly [what: string, args: readonly string[], run?: RunOptions])[] = [
    ["an unknown flag", [...words, "--no-such-flag"]],
    ["a word too many", [...line, "one", "more", "word"]],
    ["nothing but the command", words],
    ["an unknown issue", unknown],
    ["no workspace", line, { cwd: workspace.home }],
    ["no server", line, { env: away }],
    ["read-only", [...line, "--readonly"]],
  ];
  const shown: string[] = [];
  for (const [what, args, run] of mistakes) {
    const isOfUse = what === "an unknown issue" ? unknown.join() !== line.join() : true;
    const ends = name !== "watch" || args.length > words.length;
    const isSafe = !ACTS_ON_MACHINE.has(name) || args.includes("--no-such-flag") || args.includes("more");
    if (isOfUse && ends && isSafe) shown.push(`${what}: ${await errorOf(workspace, args, run)}`);
  }
  return shown.join("\n");
}

async function errorOf(workspace: TestWorkspace, args: readonly string[], run?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await workspace.bd([...args, "--json"], run);
  if (code === 0) return "no error";
  const answer: unknown = JSON.parse(stdout || "[]");
  // Where something was done, standard output tells that, and standard error what was not.
  const refused = Array.isArray(answer) ? undefined : recordIn(answer);
  const { error, code: word, hint } = refused ?? {};
  const text = error === undefined ? stderr : `${String(word)}: ${String(error)}${hint ? ` (${String(hint)})` : ""}`;
  return `exit ${code} ${text}`
    .replaceAll(workspace.dir, "DIR")
    .replaceAll(workspace.home, "HOME")
    .replaceAll(String(workspace.port), "PORT")
    .replaceAll(/\n\s*/g, " ")
    .trimEnd();
}
