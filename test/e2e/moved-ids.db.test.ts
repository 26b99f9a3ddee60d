import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** Ann works on `mv-v_k3f9a2bx`, which was made as `mv-v`; that is another issue by now. */
const SAID = 'mv-v is "Other"; the issue that you had claimed as mv-v is mv-v_k3f9a2bx now ("Mine")';

/** Every way to name an issue; those that change it come in an order in which all have something to do. */
const LINES: readonly string[] = [
  "show mv-v",
  "show v",
  "show mv-v --json",
  "show --id mv-v",
  "history mv-v",
  "watch --issue mv-v --until open",
  "comments mv-v",
  "label list mv-v",
  "dep list mv-v",
  "dep list mv-v --direction=up",
  "dep tree mv-v",
  "list --parent mv-v",
  "list --ready --parent mv-v",
  "ready --parent mv-v",
  "ready --explain --parent mv-v",
  "blocked --parent mv-v",
  "comment mv-v Hello",
  "comment edit mv-v Hi",
  "comment delete mv-v",
  "comments add mv-v Hello",
  "label add mv-v x",
  "label add mv-w mv-v y",
  "label remove mv-v x",
  "dep add mv-w mv-v",
  "dep remove mv-w mv-v",
  "dep relate mv-w mv-v",
  "dep unrelate mv-v mv-w",
  "duplicate mv-w --of mv-v",
  "dep remove mv-w mv-v",
  "supersede mv-v --with mv-w",
  "reopen mv-v",
  "dep remove mv-v mv-w",
  "link mv-w mv-v",
  "dep remove mv-w mv-v",
  "dep mv-w --blocks mv-v",
  "dep add mv-v --depends-on mv-w",
  "dep remove mv-v mv-w",
  "create Child --parent mv-v --dry-run",
  "create Child --parent mv-v",
  "create X --deps mv-v --id mv-x1",
  "create X --waits-for mv-v --id mv-x2",
  "ready --claim --parent mv-v",
  "update mv-v -p 1",
  "edit mv-v",
  "assign mv-v ann",
  "priority mv-v 2",
  "tag mv-v z",
  "note mv-v Hello",
  "defer mv-v",
  "undefer mv-v",
  "children mv-v",
  "update mv-w --parent mv-v",
  "close mv-v --force",
  "reopen mv-v",
  "done mv-v --force",
  "set-state mv-v mode=on",
  "state mv-v mode",
  "state list mv-v",
  "update mv-v --acceptance works",
  "lint mv-v",
  "delete mv-v",
  "rename mv-v mv-u",
];

/** They name issues, and none that is here: a filter by ids finds what has them, and a deleted issue is worked on by nobody. */
const OTHERS = new Set(["count", "search", "restore", "changes"]);

const mine = { BEADS_ACTOR: "ann", BD_SESSION: "s1" };

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "mv" });
  await workspace.json(["create", "Other", "--id", "mv-v"]);
  await workspace.json(["create", "Waits", "--id", "mv-w"]);
  await workspace.json(["create", "Mine", "--id", "mv-v_k3f9a2bx"]);
  await workspace.json(["update", "mv-v_k3f9a2bx", "--claim"], { env: mine });
});
afterAll(() => workspace.remove());

test.each(LINES)("bd %s says where the issue is that was claimed under that id", async (line) => {
  const person = { atTerminal: line.startsWith("edit"), env: { ...mine, EDITOR: "true" } };
  const { code, stderr } = await workspace.bd(line.split(" "), person);

  expect({ code, said: stderr.split("\n").filter((text) => text === SAID) }).toEqual({ code: 0, said: [SAID] });
});

describe("nobody else is told", () => {
  test.each([
    ["another session", { ...mine, BD_SESSION: "s2" }],
    ["another actor", { BEADS_ACTOR: "bob" }],
  ])("%s", async (_who, env) => {
    for (const line of ["show mv-v", "label add mv-v z", "dep list mv-v", "list --parent mv-v", "comment mv-v Hi"]) {
      const { code, stderr } = await workspace.bd(line.split(" "), { env });
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: "" });
    }
  });

  test("and neither is who works on both, or names the one that is theirs", async () => {
    const named = await workspace.bd(["show", "mv-v_k3f9a2bx"], { env: mine });
    await workspace.json(["update", "mv-v", "-s", "in_progress", "-a", "ann"]);
    const both = await workspace.bd(["show", "mv-v"], { env: mine });
    expect([named.stderr, both.stderr]).toEqual(["", ""]);
  });
});

test("every command that takes an id is among these", () => {
  const snapshots = join(import.meta.dirname, "../cli/snapshots");
  const taking = readdirSync(snapshots).filter((file) => {
    const text = readFileSync(join(snapshots, file), "utf8").replaceAll(/--(?:session|spec-id) <id>/g, "");
    return /[<[](?:ids?|issue|depends-on)(?:\.\.\.)?[>\]]/.test(text);
  });
  const commands = taking.map((file) => file.replace(".txt", ""));
  // As files are called: a blank between words is a hyphen there.
  const lines = LINES.map((line) => line.replaceAll(" ", "-"));
  expect(commands.filter((name) => !OTHERS.has(name) && !lines.some((line) => line.startsWith(`${name}-`)))).toEqual(
    [],
  );
  expect(commands.length).toBeGreaterThan(20);
});
