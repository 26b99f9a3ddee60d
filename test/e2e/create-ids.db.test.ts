import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

async function importLines(workspace: TestWorkspace, lines: readonly object[]): Promise<void> {
  await workspace.json(["import", "-"], { stdin: lines.map((line) => `${JSON.stringify(line)}\n`).join("") });
}

async function created(workspace: TestWorkspace, ...args: string[]): Promise<unknown> {
  const issue = await workspace.json(["create", "New", ...args]);
  return typeof issue === "object" && issue !== null && "id" in issue ? issue.id : undefined;
}

describe("issues and wisps share their ids", () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await makeWorkspace({ prefix: "vv" });
    await importLines(workspace, [
      { id: "vv-wisp-p", title: "Passing", ephemeral: true },
      { id: "vv-wisp-p.1", title: "Passing child", ephemeral: true },
      { id: "vv-real", title: "Lasting" },
      { id: "vv-real.4", title: "Passing child of a lasting one", ephemeral: true },
    ]);
  });
  afterAll(() => workspace.remove());

  test("an id that a wisp has is not given again", async () => {
    await expectRefused(workspace, ["create", "Second", "--id", "vv-wisp-p"], {
      exit: 1,
      code: "ID_EXISTS",
      message: "issue vv-wisp-p exists already",
      hint: "bd show vv-wisp-p",
    });
  });

  test("a child of a wisp gets the next free number", async () => {
    expect(await created(workspace, "--parent", "vv-wisp-p")).toBe("vv-wisp-p.2");
    expect(await created(workspace, "--parent", "vv-wisp-p")).toBe("vv-wisp-p.3");
  });

  test("a child's number is not that of a wisp under the same parent", async () => {
    expect(await created(workspace, "--parent", "vv-real")).toBe("vv-real.5");
  });
});

describe("a project that numbers its issues", () => {
  test("goes on from its counter", async () => {
    const workspace = await testWorkspace({ prefix: "num" });
    await workspace.json(["config", "set", "issue_id_mode", "counter"]);

    expect(await created(workspace)).toBe("num-1");
    expect(await created(workspace)).toBe("num-2");
    expect(await created(workspace, "--parent", "num-2")).toBe("num-2.1");
    expect(await workspace.sql("SELECT * FROM issue_counter")).toEqual([{ prefix: "num", last_id: 2 }]);
    expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
  });

  test("goes on behind the largest number where there is no counter yet, or its next number is taken", async () => {
    const workspace = await testWorkspace({ prefix: "num" });
    await importLines(workspace, [
      { id: "num-7", title: "By hand" },
      { id: "num-a1b", title: "Of earlier times" },
      { id: "num-20261121094500", title: "A date" },
    ]);
    await workspace.json(["config", "set", "issue_id_mode", "counter"]);

    expect(await created(workspace)).toBe("num-8");
    expect(await created(workspace, "--id", "num-9")).toBe("num-9");
    expect(await created(workspace, "--id", "num-12")).toBe("num-12");
    expect(await created(workspace)).toBe("num-13");
  });

  test("gives each of several writers a number of its own", async () => {
    const workspace = await testWorkspace({ prefix: "num" });
    await workspace.json(["config", "set", "issue_id_mode", "counter"]);

    const ids = await Promise.all([1, 2, 3, 4].map(() => created(workspace)));

    expect(ids.map(String).toSorted()).toEqual(["num-1", "num-2", "num-3", "num-4"]);
  });

  test("is set by the words that there are", async () => {
    const workspace = await testWorkspace({ prefix: "num" });
    const { code, stdout } = await workspace.bd(["config", "set", "issue_id_mode", "sequence", "--json"]);
    expect({ code, error: JSON.parse(stdout).code }).toEqual({ code: 2, error: "SETTING_INVALID" });
  });
});

describe("an id that other issues depend on already", () => {
  test("is named when an issue gets it, whatever chose the id", async () => {
    const workspace = await testWorkspace({ prefix: "pre" });
    const to = (id: string) => ({ depends_on_id: id, type: "blocks" });
    await importLines(workspace, [
      { id: "pre-a", title: "Waits", dependencies: [to("pre-x"), to("pre-e.1"), to("pre-1")] },
      { id: "pre-b", title: "Waits too", dependencies: [to("pre-x")] },
      { id: "pre-c", title: "Blocked" },
      { id: "pre-e", title: "Epic", issue_type: "epic" },
    ]);
    await workspace.json(["config", "set", "issue_id_mode", "counter"]);
    const noteOf = async (...args: string[]) => (await workspace.bd(["create", "New", ...args])).stderr;
    const two = "2 issues depend on pre-x already, from before: bd dep list --direction=up pre-x\n";

    expect(await noteOf("--id", "pre-x", "--dry-run")).toContain(two);
    expect(await noteOf("--id", "pre-x", "--deps", "blocks:pre-c")).toContain(two);
    expect(await noteOf("--parent", "pre-e")).toContain(
      "1 issue depends on pre-e.1 already, from before: bd dep list --direction=up pre-e.1\n",
    );
    expect(await noteOf()).toContain("1 issue depends on pre-1 already");
    expect(await noteOf("--id", "pre-y", "--deps", "blocks:pre-b")).toBe("");
  });
});

test("a part of an id that an issue is joined to is named in full", async () => {
  const workspace = await testWorkspace({ prefix: "part" });
  for (const id of ["part-login", "part-basket"]) await workspace.json(["create", id, "--id", id]);

  const { stderr } = await workspace.bd(["create", "New", "--deps", "gin,basket"]);

  expect(stderr).toBe('"gin" is part-login\n');
  expect((await workspace.bd(["update", "basket", "--parent", "gin"])).stderr).toBe('"gin" is part-login\n');
});
