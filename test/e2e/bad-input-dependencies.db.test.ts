import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

// a waits for b, b for c; big is an epic with the child big.1.
beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "dep" });
  for (const id of ["dep-a", "dep-b", "dep-c"]) await workspace.json(["create", `Issue ${id}`, "--id", id]);
  await workspace.json(["create", "Big", "-t", "epic", "--id", "dep-big"]);
  await workspace.json(["create", "Part", "--parent", "dep-big"]);
  await workspace.json(["dep", "add", "dep-a", "dep-b"]);
  await workspace.json(["dep", "add", "dep-b", "dep-c"]);
});
afterAll(() => workspace.remove());

describe("an issue that waits for itself", () => {
  test.each([
    ["dep add dep-a dep-a"],
    ["dep dep-a --blocks dep-a"],
    ["dep add dep-a dep-a -t related"],
    ["update dep-a --parent dep-a"],
  ])("is refused: bd %s", async (line) => {
    await expectRefused(workspace, line.split(" "), {
      exit: 1,
      code: "SELF_DEPENDENCY",
      message: "cannot add self-dependency: dep-a cannot depend on itself",
      hint: "bd show dep-a",
    });
  });
});

describe("a cycle", () => {
  const refusal = {
    exit: 1,
    code: "DEPENDENCY_CYCLE",
    message: "adding dependency would create a cycle",
  };

  test.each([
    ["dep add dep-b dep-a", ["dep-b", "dep-a", "dep-b"]],
    ["dep add dep-c dep-a", ["dep-c", "dep-a", "dep-b", "dep-c"]],
    ["dep add dep-c dep-a -t conditional-blocks", ["dep-c", "dep-a", "dep-b", "dep-c"]],
    ["dep dep-a --blocks dep-c", ["dep-c", "dep-a", "dep-b", "dep-c"]],
  ])("is refused with the way around: bd %s", async (line, cycle) => {
    const hint = "bd dep tree dep-a";
    await expectRefused(workspace, line.split(" "), { ...refusal, hint, details: { cycle } });
  });

  test("is refused through parents", async () => {
    await expectRefused(workspace, ["update", "dep-big", "--parent", "dep-big.1"], {
      ...refusal,
      hint: "bd dep tree dep-big.1",
      details: { cycle: ["dep-big", "dep-big.1", "dep-big"] },
    });
  });

  test("is refused for a new issue, with a hint that does not name what was never made", async () => {
    await expectRefused(workspace, ["create", "X", "--id", "dep-new", "--deps", "dep-a,blocks:dep-c"], {
      ...refusal,
      hint: "bd create --help",
      details: { cycle: ["dep-c", "dep-new", "dep-a", "dep-b", "dep-c"] },
    });
  });
});

describe("a second edge for a pair", () => {
  test("is refused when it is of another type", async () => {
    await expectRefused(workspace, ["dep", "add", "dep-a", "dep-b", "-t", "related"], {
      exit: 1,
      code: "DEPENDENCY_EXISTS",
      message:
        'dependency dep-a -> dep-b already exists with type "blocks" (requested "related"); remove it first with \'bd dep remove\' then re-add',
      hint: "bd dep list dep-a",
      details: { issue_id: "dep-a", depends_on_id: "dep-b", type: "related", existing_type: "blocks" },
    });
  });

  test("is refused between parent and child", async () => {
    await expectRefused(workspace, ["dep", "add", "dep-big.1", "dep-big"], {
      exit: 1,
      code: "DEPENDENCY_EXISTS",
      message:
        'dependency dep-big.1 -> dep-big already exists with type "parent-child" (requested "blocks"); remove it first with \'bd dep remove\' then re-add',
      hint: "bd dep list dep-big.1",
    });
  });

  test("is refused within one create", async () => {
    await expectRefused(workspace, ["create", "X", "--id", "dep-new", "--deps", "dep-a,related:dep-a"], {
      exit: 1,
      code: "DEPENDENCY_EXISTS",
      message:
        'dependency dep-new -> dep-a already exists with type "blocks" (requested "related"); remove it first with \'bd dep remove\' then re-add',
      hint: "bd create --help",
    });
  });

  test("changes nothing when it is the same once more", async () => {
    const [before] = await workspace.sql("SELECT HASHOF('HEAD') AS head");
    expect(await workspace.json(["dep", "add", "dep-a", "dep-b"])).toMatchObject({ status: "unchanged" });
    expect(await workspace.sql("SELECT HASHOF('HEAD') AS head")).toEqual([before]);
  });
});

describe("epics", () => {
  test.each([
    ["dep add dep-big dep-a", "epics can only block other epics, not tasks"],
    ["dep add dep-a dep-big", "tasks can only block other tasks, not epics"],
    ["create X --deps dep-big", "tasks can only block other tasks, not epics"],
  ])("are blocked by epics alone: bd %s", async (line, message) => {
    await expectRefused(workspace, line.split(" "), { exit: 1, code: "EPIC_MIX", message, hint: "bd dep add --help" });
  });
});

test("an edge that is not there can't be removed", async () => {
  await expectRefused(workspace, ["dep", "remove", "dep-a", "dep-c"], {
    exit: 3,
    code: "DEPENDENCY_NOT_FOUND",
    message: "dep-a does not depend on dep-c",
    hint: "bd dep list dep-a",
    details: { issue_id: "dep-a", depends_on_id: "dep-c" },
  });
});
