import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefused, stateOf } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "ids" });
  for (const id of ["ids-a1b", "ids-a1c", "ids-zz9"]) await workspace.json(["create", `Issue ${id}`, "--id", id]);
});
afterAll(() => workspace.remove());

/** Every command that takes an issue's id, around that id. */
const COMMANDS_WITH_ID: readonly (readonly [name: string, line: (id: string) => readonly string[]])[] = [
  ["show", (id) => ["show", id]],
  ["update", (id) => ["update", id, "-p", "1"]],
  ["update --claim", (id) => ["update", id, "--claim"]],
  ["update --parent", (id) => ["update", "ids-zz9", "--parent", id]],
  ["close", (id) => ["close", id]],
  ["reopen", (id) => ["reopen", id]],
  ["create --parent", (id) => ["create", "Child", "--parent", id]],
  ["create --deps", (id) => ["create", "Waiting", "--deps", id]],
  ["create --waits-for", (id) => ["create", "Waiting", "--waits-for", id]],
  ["dep add (from)", (id) => ["dep", "add", id, "ids-zz9"]],
  ["dep add (to)", (id) => ["dep", "add", "ids-zz9", id]],
  ["dep remove", (id) => ["dep", "remove", id, "ids-zz9"]],
  ["dep list", (id) => ["dep", "list", id]],
  ["dep tree", (id) => ["dep", "tree", id]],
  ["label add", (id) => ["label", "add", id, "urgent"]],
  ["label remove", (id) => ["label", "remove", id, "urgent"]],
  ["label list", (id) => ["label", "list", id]],
  ["comment", (id) => ["comment", id, "Hello"]],
  ["comments", (id) => ["comments", id]],
  ["comment edit", (id) => ["comment", "edit", id, "Hello"]],
  ["comment delete", (id) => ["comment", "delete", id]],
  ["history", (id) => ["history", id]],
  ["delete", (id) => ["delete", id]],
];

describe.each(COMMANDS_WITH_ID)("%s", (_name, line) => {
  test("does not know an id that no issue has", async () => {
    await expectRefused(workspace, line("ids-none"), {
      exit: 3,
      code: "ISSUE_NOT_FOUND",
      message: 'no issue found matching "ids-none"',
      hint: "bd list --all",
      details: { id: "ids-none" },
    });
  });

  test("takes no prefix with a part from inside of an id for that id", async () => {
    await expectRefused(workspace, line("ids-z9"), {
      exit: 3,
      code: "ISSUE_NOT_FOUND",
      message: 'no issue found matching "ids-z9"',
      hint: "bd list --all",
      details: { id: "ids-z9" },
    });
  });

  test("refuses a part of an id that fits several, and names them", async () => {
    await expectRefused(workspace, line("a1"), {
      exit: 3,
      code: "AMBIGUOUS_ID",
      message: 'ambiguous ID "a1" matches 2 issues: [ids-a1b ids-a1c]',
      hint: "bd show ids-a1b",
      details: { id: "a1", matches: ["ids-a1b", "ids-a1c"] },
    });
  });
});

// Partial ids must not make these fit everything, or anything.
test.each(["ids-", "-.-", "_", "%", "a1%", "a1b/../a1c", " "])("finds nothing for %j", async (id) => {
  await expectRefused(workspace, ["show", "--id", id], {
    exit: 3,
    code: "ISSUE_NOT_FOUND",
    message: `no issue found matching ${JSON.stringify(id)}`,
    hint: "bd list --all",
  });
});

test("takes an id for what it is, SQL in it included", async () => {
  const id = "x'; DROP TABLE issues; --";
  await expectRefused(workspace, ["show", id], {
    exit: 3,
    code: "ISSUE_NOT_FOUND",
    message: `no issue found matching ${JSON.stringify(id)}`,
    hint: "bd list --all",
  });
});

test("says it on standard error in text, with the next command to try", async () => {
  const before = await stateOf(workspace);
  const refused = await workspace.bd(["close", "ids-none"]);
  expect(refused).toEqual({
    code: 3,
    stdout: "",
    stderr: 'Error: no issue found matching "ids-none"\nHint: bd list --all\n',
  });
  expect(await stateOf(workspace)).toEqual(before);
});

test("does what it can for several ids, and exits 1 when one of them is unknown", async () => {
  const partly = await workspace.bd(["update", "ids-a1b", "ids-none", "-p", "0", "--json"]);
  expect(partly.code).toBe(1);
  expect(JSON.parse(partly.stdout)).toMatchObject([{ id: "ids-a1b", priority: 0 }]);
  expect(partly.stderr).toBe('Error: no issue found matching "ids-none"\nHint: bd list --all\n');
});

describe("the id of a new issue", () => {
  test("must not exist", async () => {
    await expectRefused(workspace, ["create", "Again", "--id", "ids-a1b"], {
      exit: 1,
      code: "ID_EXISTS",
      message: "issue ids-a1b exists already",
      hint: "bd show ids-a1b",
    });
  });

  test("must have the project's prefix, or --force", async () => {
    await expectRefused(workspace, ["create", "Foreign", "--id", "other-1"], {
      exit: 1,
      code: "PREFIX_MISMATCH",
      message: "prefix mismatch: database uses 'ids-' but ID 'other-1' doesn't match (use --force to override)",
      hint: "bd config explain allowed_prefixes",
    });
  });

  test.each(["", "no spaces in ids", "ids-", "ids-\n1", "ids-'1"])("must look like one: %j does not", async (id) => {
    await expectRefused(workspace, ["create", "Odd", "--id", id, "--force"], {
      exit: 2,
      code: "INVALID_ID",
      message: `invalid ID format '${id}' (expected format: prefix-hash or prefix-hash.number, e.g., 'bd-a3f8e9' or 'bd-a3f8e9.1')`,
      hint: "bd create --help",
    });
  });
});

test("a part that the prefix holds too finds all it fits, however many issues there are", async () => {
  const shop = await testWorkspace({ prefix: "shop" });
  const filler = Array.from({ length: 250 }, (_, n) => `shop-${String(n).padStart(3, "0")}`);
  await importIds(shop, [...filler, "shop-zop"]);
  expect(await shop.json(["show", "op"])).toMatchObject([{ id: "shop-zop" }]);

  await importIds(shop, ["shop-00op"]);
  await expectRefused(shop, ["close", "op"], {
    exit: 3,
    code: "AMBIGUOUS_ID",
    message: 'ambiguous ID "op" matches 2 issues: [shop-00op shop-zop]',
    hint: "bd show shop-00op",
    details: { id: "op", matches: ["shop-00op", "shop-zop"] },
  });
});

async function importIds(into: TestWorkspace, ids: readonly string[]): Promise<void> {
  await into.json(["import", "-"], { stdin: ids.map((id) => `${JSON.stringify({ id, title: id })}\n`).join("") });
}
