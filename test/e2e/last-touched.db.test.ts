import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "last" });
  for (const id of ["last-1", "last-2", "last-3"]) await workspace.json(["create", id, "--id", id], as("setup"));
});
afterAll(() => workspace.remove());

/** In a session of that name. */
function as(session: string): { env: Record<string, string> } {
  return { env: { BD_SESSION: session } };
}

const NONE = {
  exit: 2,
  code: "NO_ISSUE",
  message: "no issue was named, and this session has touched none before",
  hint: "bd list",
};

describe("without an id", () => {
  test("close and update take what the same session touched last, and say which", async () => {
    await workspace.json(["show", "last-1"], as("a"));
    await workspace.json(["show", "last-2"], as("b"));

    const updated = await workspace.bd(["update", "-p", "1"], as("b"));
    const closed = await workspace.bd(["close"], as("a"));

    expect(updated.stdout).toContain("last-2");
    expect(updated.stderr).toBe("no issue was named: this is about last-2, which this session touched last\n");
    expect(closed.stdout).toContain("✓ Closed last-1");
    expect(closed.stderr).toBe("no issue was named: this is about last-1, which this session touched last\n");
  });

  test("they take nothing of another session, another actor, or a file in the project", async () => {
    await workspace.json(["show", "last-3"], as("c"));
    writeFileSync(join(workspace.dir, ".beads/last-touched"), "last-3\n");

    await expectRefused(workspace, ["close"], NONE, as("d"));
    await expectRefused(workspace, ["close"], NONE);
    await expectRefused(workspace, ["update", "-p", "1"], NONE, { env: { BD_SESSION: "c", BEADS_ACTOR: "eve" } });
  });

  test("--readonly remembers nothing", async () => {
    await workspace.json(["show", "last-3", "--readonly"], as("e"));
    await workspace.json(["show", "last-3"], { env: { BD_SESSION: "e", BD_READONLY: "true" } });

    await expectRefused(workspace, ["close"], NONE, as("e"));
  });

  test("an issue that is gone is not taken for another one that has its id as a part", async () => {
    await workspace.json(["create", "Short", "--id", "last-ab"], as("f"));
    await workspace.json(["create", "Long", "--id", "last-abc"], as("g"));
    await workspace.sql("SET autocommit = 1");
    await workspace.sql("DELETE FROM issues WHERE id = 'last-ab'");

    const { code } = await workspace.bd(["close"], as("f"));

    expect(code).not.toBe(0);
    expect(await workspace.json(["show", "last-abc"])).toMatchObject([{ status: "open" }]);
  });

  test("nothing is kept in the project", async () => {
    const fresh = await makeWorkspace({ prefix: "lasting" });
    await fresh.json(["create", "X"]);
    expect(existsSync(join(fresh.dir, ".beads/last-touched"))).toBe(false);
    await fresh.remove();
  });
});

/** Every command that takes issues, each place in which one stands left empty. */
const EMPTY: readonly (readonly string[])[] = [
  ["show", ""],
  ["show", "last-1", ""],
  ["show", "--id", ""],
  ["update", "", "-p", "1"],
  ["update", "last-1", "", "--claim"],
  ["close", ""],
  ["close", "last-1", ""],
  ["done", ""],
  ["reopen", ""],
  ["restore", ""],
  ["create", "X", "--parent", ""],
  ["create", "X", "--waits-for", ""],
  ["list", "--parent", ""],
  ["ready", "--parent", ""],
  ["blocked", "--parent", ""],
  ["comment", "", "text"],
  ["comments", ""],
  ["comments", "add", "", "text"],
  ["label", "add", "", "urgent"],
  ["label", "remove", "", "urgent"],
  ["label", "list", ""],
  ["dep", "", "--blocks", "last-1"],
  ["dep", "last-1", "--blocks", ""],
  ["dep", "add", "", "last-1"],
  ["dep", "add", "last-1", ""],
  ["dep", "add", "last-1", "--depends-on", ""],
  ["dep", "add", "last-1", "--blocked-by", ""],
  ["dep", "remove", "", "last-1"],
  ["dep", "remove", "last-1", ""],
  ["dep", "list", ""],
  ["dep", "tree", ""],
  ["dep", "relate", "", "last-1"],
  ["dep", "unrelate", "last-1", ""],
  ["link", "last-1", ""],
  ["children", ""],
  ["history", ""],
  ["delete", ""],
  ["delete", "last-1", "", "--force"],
  ["comment", "edit", "", "text"],
  ["comment", "delete", ""],
  ["edit", ""],
  ["assign", "", "ann"],
  ["priority", "", "1"],
  ["tag", "", "urgent"],
  ["note", "", "text"],
  ["rename", "", "last-9"],
  ["state", "", "mode"],
  ["state", "list", ""],
  ["set-state", "", "mode=on"],
  ["lint", ""],
  ["defer", ""],
  ["undefer", ""],
  ["duplicate", "", "--of", "last-1"],
  ["duplicate", "last-1", "--of", ""],
  ["supersede", "last-1", "--with", ""],
  ["watch", "--issue", ""],
  ["ready", "--claim", "--session", ""],
  ["update", "last-1", "--claim", "--session", ""],
  ["close", "last-1", "--session", ""],
];

describe("an empty text is no id, and not the same as none", () => {
  test.each(EMPTY.map((line) => [line.join(" "), line] as const))("bd %s", async (_title, line) => {
    await workspace.json(["show", "last-3"]);

    await expectRefused(workspace, line, {
      exit: 2,
      code: "EMPTY_ID",
      message: expect.stringMatching(/^the id is empty: /),
    });
  });

  test("every command that takes issues is in this table", async () => {
    const tried = new Set(EMPTY.flatMap((line) => [line[0] ?? "", line.slice(0, 2).join(" ")]));
    const { Command } = await import("commander");
    const missing: string[] = [];
    for (const entry of COMMANDS) {
      const command = new Command();
      (await entry.load()).configure?.(command);
      const takesIssues = command.registeredArguments.some((argument) => /^(?:ids?|issue)$/.test(argument.name()));
      if (takesIssues && !tried.has(entry.words.join(" "))) missing.push(entry.words.join(" "));
    }
    expect(missing).toEqual([]);
  });
});
