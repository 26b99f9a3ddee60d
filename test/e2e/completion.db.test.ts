import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stateOf } from "../support/refused.ts";
import { commitBySql } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;

beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "bd" });
  await ws.json(["create", "Log in", "--id", "bd-a1", "-p", "2"]);
  await ws.json(["create", "Hash", "--id", "bd-b2", "-p", "1"]);
  await ws.json(["create", "Done", "--id", "bd-c3", "-p", "0"]);
  await ws.json(["close", "bd-c3"]);
  await ws.bd(["config", "set", "status.custom", "review:wip"]);
  await ws.bd(["config", "set", "types.custom", "probe"]);
});
afterAll(() => ws.remove());

async function answer(shell: string, ...words: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await ws.bd(["__complete", shell, ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.split("\n").slice(0, -1);
}

async function wordsAt(...words: readonly string[]): Promise<string[]> {
  return (await answer("zsh", ...words)).map((line) => line.split("\t")[0] ?? "");
}

describe("bd __complete", () => {
  test("names commands, with what they do", async () => {
    expect(await answer("zsh", "pri")).toEqual([
      "priority\tSet the priority of an issue",
      "prime\tTell an agent how to work with bd",
    ]);
    expect(await wordsAt("label", "")).toEqual(["add", "remove", "list", "list-all"]);
    expect(await wordsAt("-C", ws.dir, "dolt", "remote", "a")).toEqual(["add"]);
    expect(await wordsAt("vie")).toEqual(["view"]);
    expect(await wordsAt("nothing-like-that", "")).toEqual([]);
  });

  test("names issues with their titles, open ones first, the urgent first", async () => {
    expect(await answer("fish", "show", "")).toEqual(["bd-b2\tHash", "bd-a1\tLog in", "bd-c3\tclosed: Done"]);
    expect(await answer("fish", "show", "bd-a1", "bd-b")).toEqual(["bd-b2\tHash"]);
    expect(await wordsAt("dep", "add", "bd-a1", "")).toEqual(["bd-b2", "bd-a1", "bd-c3"]);
    expect(await wordsAt("create", "x", "--parent", "bd-a")).toEqual(["bd-a1"]);
    expect(await wordsAt("create", "x", "--deps", "bd-a1,discovered-from:bd-b")).toEqual([
      "bd-a1,discovered-from:bd-b2",
    ]);
    expect(await wordsAt("show", "bd_")).toEqual([]);
    expect(await wordsAt("show", "%")).toEqual([]);
  });

  test("names flags and what they may say", async () => {
    expect(await answer("zsh", "stale", "--da")).toEqual(["--days\tnot changed for that many days"]);
    expect(await wordsAt("update", "bd-a1", "--status", "re")).toEqual(["review"]);
    expect(await wordsAt("update", "bd-a1", "--status=o")).toEqual(["--status=open"]);
    expect(await wordsAt("list", "-s", "open,cl")).toEqual(["open,closed"]);
    expect(await wordsAt("create", "x", "-t", "pro")).toEqual(["probe"]);
    expect(await wordsAt("dep", "add", "-t", "disc")).toEqual(["discovered-from"]);
    expect(await wordsAt("create", "x", "-p", "")).toEqual(["P0", "P1", "P2", "P3", "P4"]);
    expect(await wordsAt("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await wordsAt("create", "--body-file", "")).toEqual(["./"]);
    expect(await wordsAt("import", "")).toEqual(["./"]);
    expect(await wordsAt("update", "bd-a1", "--title", "")).toEqual([]);
  });

  test("gives bash what stands behind the sign at which it parts words", async () => {
    expect(await answer("bash", "update", "bd-a1", "--status", "=", "rev")).toEqual(["review"]);
    expect(await answer("bash", "update", "bd-a1", "--status", "=")).toContain("review");
    expect(await answer("bash", "create", "x", "--deps", "discovered-from", ":", "bd-b")).toEqual(["bd-b2\tHash"]);
  });

  test("says nothing where there is no server, no workspace or no sense, and ends with 0", async () => {
    const away = { BEADS_DOLT_SERVER_PORT: "1" };
    for (const [line, run] of [
      [["show", ""], { env: away }],
      [["show", ""], { cwd: ws.home }],
      [["-C", "/nowhere", "show", ""], {}],
      [["--db", "nowhere", "show", ""], {}],
    ] as const) {
      expect(await ws.bd(["__complete", "zsh", ...line], run)).toEqual({ code: 0, stdout: "", stderr: "" });
    }
    const known = await ws.bd(["__complete", "zsh", "list", "--status=clo"], { cwd: ws.home });
    expect(known.stdout).toBe("--status=closed\tCompleted\n");
    expect((await ws.bd(["__complete"])).code).toBe(0);
    expect(await answer("zsh", "update", "--status", "op")).toContain("open\tAvailable to work (default)");
  });

  test("changes nothing, not even the issue of the last command", async () => {
    const before = await stateOf(ws);
    await ws.bd(["show", "bd-b2"]);
    await answer("zsh", "close", "bd-a");
    expect(await stateOf(ws)).toEqual(before);
    expect(await ws.json(["show", "--current"])).toMatchObject([{ id: "bd-b2" }]);
  });

  test("leaves out ids that a shell would not read as they are, and makes titles one line", async () => {
    const own = await makeWorkspace({ prefix: "hx" });
    await own.json(["create", "One", "--id", "hx-1"]);
    await commitBySql(own, [
      "INSERT INTO issues (id, title, description, design, acceptance_criteria, notes) VALUES ('hx-$(touch x)', 'T', '', '', '', '')",
      "UPDATE issues SET title = 'a\\n\\thx-evil\\tb\\u001b]0;x' WHERE id = 'hx-1'",
    ]);
    const { stdout } = await own.bd(["__complete", "zsh", "show", ""]);
    expect(stdout).toMatch(/^hx-1\t[^\p{Cc}]*\n$/u);
    await own.remove();
  });
});

test.each(["bash", "zsh", "fish"])("bd completion %s prints a script without eval", async (shell) => {
  const { stdout } = await ws.bd(["completion", shell]);
  expect(stdout).toContain(`bd __complete ${shell} `);
  expect(stdout.replaceAll(/^ *#.*$/gm, "")).not.toMatch(/\beval\b/);
});
