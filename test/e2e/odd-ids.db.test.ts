import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bdArguments } from "../support/parse-bd-line.ts";
import { plantIssues } from "../support/planted-issues.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

/** Ids of other programs that may come in: blanks, signs, and what a shell would act upon. */
const ODD = [
  "My Project-x1",
  "odd-$(touch owned)",
  "odd-`touch owned`",
  "odd-'; touch owned; '",
  'odd-"x"',
  "odd-back\\slash",
  "odd-#login",
  "=odd-1",
  "~odd-1",
  "odd-*",
  "odd/a",
  "odd-漢字",
  "nohyphen",
];

/** Ids that no reader could see or type, or that commands would take for options. */
const BAD = ["-rf", "--force", " ", "odd-\n1", "odd-\u001b[2J", "odd-\u202e1", "odd-\u200b1", "odd-\u{e0041}"];

function linesOf(ids: readonly string[]): string {
  return ids.map((id) => `${JSON.stringify({ id, title: `Title of ${id}`, status: "open" })}\n`).join("");
}

describe("an import", () => {
  test("keeps ids of other programs, every command takes them, and an export brings them back", async () => {
    const workspace = await testWorkspace({ prefix: "odd" });
    expect(await workspace.json(["import", "-"], { stdin: linesOf(ODD) })).toMatchObject({ created: ODD.length });
    for (const id of ODD) {
      expect(await workspace.json(["show", id])).toMatchObject([{ id }]);
      expect(await workspace.json(["update", id, "-p", "1"])).toMatchObject([{ id, priority: 1 }]);
      await workspace.json(["comment", id, "Hello"]);
      await workspace.json(["label", "add", id, "seen"]);
      expect(await workspace.json(["create", "Child", "--parent", id])).toMatchObject({ id: `${id}.1` });
    }
    const { stdout } = await workspace.bd(["list", "-n", "0"]);
    for (const id of ODD) expect(stdout).toContain(id);
    const exported = await workspace.bd(["export"]);
    const copy = await testWorkspace({ prefix: "odd-copy" });
    await copy.json(["import", "-"], { stdin: exported.stdout });
    expect((await copy.bd(["export"])).stdout).toBe(exported.stdout);
  });

  test.each(BAD)("refuses %j, and names the line", async (id) => {
    const workspace = await testWorkspace({ prefix: "odd" });
    const stdin = linesOf(["odd-1", id, "odd-2"]);
    const refused = await workspace.bd(["import", "-", "--json"], { stdin });
    expect({ code: refused.code, error: JSON.parse(refused.stdout) }).toMatchObject({
      code: 2,
      error: {
        code: "INVALID_LINES",
        details: { lines: [{ line: 2, reason: expect.stringMatching(/^the id ".*" /s) }] },
      },
    });
    expect(await workspace.json(["import", "-", "--skip-invalid"], { stdin })).toMatchObject({
      created: 2,
      skipped: 1,
    });
    expect(await workspace.json(["list"])).toHaveLength(2);
  });
});

test("no new issue gets an id that nobody could read, whatever the shared database says of the prefix", async () => {
  const workspace = await testWorkspace({ prefix: "odd" });
  await workspace.sql("SET autocommit = 1");
  for (const prefix of ["-rf", "odd\u001b[2J", "odd\u202e"]) {
    await workspace.sql("UPDATE config SET value = ? WHERE `key` = 'issue_prefix'", [prefix]);
    await workspace.sql("CALL DOLT_COMMIT('-Am', 'prefix')");
    const { code, stdout } = await workspace.bd(["create", "X", "--json"]);
    expect({ code, error: JSON.parse(stdout) }).toMatchObject({ code: 4, error: { code: "PREFIX_UNUSABLE" } });
  }
});

describe("hints that name an issue", () => {
  /** The worst that tables can hold and a hint can name: by SQL there are options, too. */
  const ids = [...ODD.slice(0, 8), "-rf", "--force"];
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await makeWorkspace({ prefix: "odd" });
    const others = ids.flatMap((id) => [
      { id: `${id}!claimed`, status: "in_progress", assignee: "somebody" },
      { id: `${id}!blocked` },
      { id: `${id}!child` },
      { id: `${id}!grandchild` },
      { id: `${id}.1.1.1` },
      { id: `${id}!epic`, issue_type: "epic" },
    ]);
    await plantIssues(workspace, [...ids.map((id) => ({ id })), ...others, { id: "odd-1" }, { id: "odd-2" }], []);
    await workspace.sql("SET autocommit = 1");
    for (const id of ids) {
      const edges = [
        [`${id}!blocked`, id, "blocks"],
        [id, `${id}!epic`, "parent-child"],
        [`${id}!child`, id, "parent-child"],
        [`${id}!grandchild`, `${id}!child`, "parent-child"],
      ];
      for (const edge of edges)
        await workspace.sql(
          "INSERT INTO dependencies (issue_id, depends_on_id, type, created_by) VALUES (?, ?, ?, '')",
          edge,
        );
    }
    await workspace.sql("CALL DOLT_COMMIT('-Am', 'edges')");
  });
  afterAll(() => workspace.remove());

  test.each(ids)("are commands that work: %j", async (id) => {
    const refusals: readonly (readonly [code: string, line: readonly string[]])[] = [
      ["ALREADY_CLAIMED", ["update", "--claim", "--", `${id}!claimed`]],
      ["BLOCKED", ["close", "--", `${id}!blocked`]],
      ["OPEN_CHILDREN", ["close", "--", `${id}!epic`]],
      ["SELF_DEPENDENCY", ["dep", "add", "--", id, id]],
      ["DEPENDENCY_CYCLE", ["dep", "add", "--", id, `${id}!blocked`]],
      ["DEPENDENCY_EXISTS", ["dep", "add", "-t", "related", "--", `${id}!blocked`, id]],
      ["ANCESTOR_DEPENDENCY", ["dep", "add", "--", `${id}!grandchild`, id]],
      ["HIERARCHY_TOO_DEEP", ["create", "X", `--parent=${id}.1.1.1`]],
      ["DEPENDENCY_NOT_FOUND", ["dep", "remove", "--", id, "odd-1"]],
    ];
    for (const [code, line] of refusals) {
      const { stdout } = await workspace.bd(["--json", ...line]);
      const refused: { readonly code: string; readonly hint: string } = JSON.parse(stdout);
      expect(refused).toMatchObject({ hint: expect.stringMatching(/^bd /) });
      const argv = bdArguments(wordsOf(refused.hint)) ?? [];
      expect(
        argv.some((word) => word.includes(id)),
        `${code} ${refused.hint}`,
      ).toBe(true);
      const { code: exit, stderr } = await workspace.bd(argv);
      expect({ refused: refused.code, exit, stderr }).toEqual({ refused: code, exit: 0, stderr: "" });
    }
  });
});

/** What a shell makes of a line, without running it. */
function wordsOf(line: string): string[] {
  return execFileSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);
}
