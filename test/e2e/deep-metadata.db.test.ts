import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

/** Deeper than this machine's stack can print, and nothing that Dolt would refuse. */
const DEEP = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;

const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  show: ["deep-1", "--long"],
  watch: ["--from-start", "--timeout", "10ms"],
  changes: ["--from-start"],
  update: ["deep-1", "--set-metadata", "b=1"],
  close: ["deep-1"],
  done: ["deep-1"],
  reopen: ["deep-1"],
  restore: ["deep-1"],
  comment: ["deep-1", "Hello"],
  comments: ["deep-1"],
  "comments add": ["deep-1", "Hello"],
  "label add": ["deep-1", "x"],
  "label list": ["deep-1"],
  "dep add": ["deep-1", "deep-2"],
  "dep list": ["deep-2", "--direction=up"],
  "dep tree": ["deep-1"],
  search: ["One"],
  ready: ["--claim"],
  list: ["--metadata-field", "a=1"],
};

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "deep" });
  for (const id of ["deep-1", "deep-2"]) await workspace.json(["create", "One", "--id", id]);
});
afterAll(() => workspace.remove());

test("metadata that somebody else nested too deeply stops no command, and counts as not set", async () => {
  await workspace.sql("SET autocommit = 1");
  const lines = COMMANDS.map(({ words }) => [...words, ...(ARGUMENTS[words.join(" ")] ?? [])]);
  for (const line of [...lines, ["list"], ["ready"]].filter(
    ([word = ""]) => !["server", "serve", "init"].includes(word),
  )) {
    await workspace.sql("UPDATE issues SET metadata = ?", [DEEP]);
    for (const form of [[], ["--json"]]) {
      const { code, stdout, stderr } = await workspace.bd([...line, ...form], { stdin: "" });
      expect({ line, code, text: (stdout + stderr).slice(0, 300) }).not.toMatchObject({ code: 70 });
    }
  }
  await workspace.sql("UPDATE issues SET metadata = ?", [DEEP]);
  expect(await workspace.json(["show", "deep-1"])).toMatchObject([{ id: "deep-1" }]);
  expect(JSON.stringify(await workspace.json(["show", "deep-1"]))).not.toContain("metadata");
  await workspace.json(["update", "deep-1", "-p", "0"]);
  expect(await workspace.sql("SELECT LENGTH(metadata) > 30000 AS kept FROM issues WHERE id = 'deep-1'")).toEqual([
    { kept: 1 },
  ]);
});

test("no command stores such metadata", async () => {
  writeFileSync(join(workspace.dir, "deep.jsonl"), `{"id":"deep-9","title":"T","metadata":${DEEP}}\n`);
  for (const line of [
    ["create", "X", "--metadata", DEEP],
    ["update", "deep-1", "--metadata", DEEP],
    ["import", "deep.jsonl"],
  ]) {
    const { code, stderr } = await workspace.bd(line);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("it is nested more than 500 levels deep"),
    });
  }
});
