import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { buildCommand } from "../../src/cli/line/parse-command-line.ts";
import { lineOf } from "../support/command-lines.ts";
import { SILENT } from "../support/parse-bd-line.ts";
import { plantIssues } from "../support/planted-issues.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const IDS = z.array(z.looseObject({ id: z.string() }));

let workspace: TestWorkspace;

async function idsOf(args: readonly string[]): Promise<string[]> {
  return IDS.parse(await workspace.json(args)).map(({ id }) => id);
}

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "fl" });
  await plantIssues(
    workspace,
    [
      { id: "fl-open", title: "one" },
      { id: "fl-bob", title: "one", assignee: "bob" },
      { id: "fl-mine", title: "one", assignee: "tester" },
      { id: "fl-waits", title: "one", assignee: "tester" },
      { id: "fl-bobs", title: "one", assignee: "bob" },
      { id: "fl-closed", title: "one", status: "closed", closed_at: "2026-01-05 12:00:00" },
      { id: "fl-later", title: "one", status: "deferred", defer_until: "2099-01-01 00:00:00" },
      { id: "fl-odd", title: "one", issue_type: "saga", status: "parked" },
    ],
    ["fl-waits blocks fl-open", "fl-bobs blocks fl-open"],
  );
});
afterAll(() => workspace.remove());

describe("what speaks of closed issues shows them", () => {
  test.each([
    [["list", "--closed-after", "2026-01-05"]],
    [["list", "--closed-before", "2026-01-06"]],
    [["list", "--flat", "--closed-after", "2026-01-05", "-t", "task"]],
    [["search", "one", "--closed-after", "2026-01-05"]],
    [["search", "--closed-before", "2026-01-06"]],
  ])("%j", async (args) => {
    expect(await idsOf(args)).toEqual(["fl-closed"]);
  });
});

test("today is this day's beginning, and times past are meant where the past is", async () => {
  const own = await testWorkspace({ prefix: "day" });
  await own.json(["create", "Now", "--id", "day-now"]);
  for (const flag of ["--created-after", "--updated-after"]) {
    for (const time of ["today", "yesterday", "2d", "2 days", "sun", "last week"]) {
      expect(await own.json(["list", flag, time]), `${flag} ${time}`).toMatchObject([{ id: "day-now" }]);
    }
    expect(await own.json(["list", flag, "+2d"])).toEqual([]);
  }
  await own.json(["update", "day-now", "--due", "2d"]);
  expect(await own.json(["list", "--due-before", "3d"])).toMatchObject([{ id: "day-now" }]);
  expect(await own.json(["list", "--due-after", "today"])).toMatchObject([{ id: "day-now" }]);
});

describe("--mine", () => {
  test.each([
    [
      ["list", "--mine"],
      ["fl-mine", "fl-waits"],
    ],
    [["list", "--ready", "--mine"], ["fl-mine"]],
    [["ready", "--mine"], ["fl-mine"]],
    [
      ["search", "one", "--mine"],
      ["fl-mine", "fl-waits"],
    ],
    [["blocked", "--mine"], ["fl-waits"]],
    [["blocked"], ["fl-bobs", "fl-waits"]],
  ])("%j", async (args, ids) => {
    expect((await idsOf(args)).toSorted()).toEqual(ids);
  });

  test("counts for the name that the caller has, and in text as in JSON", async () => {
    expect(await workspace.json(["count", "--mine"])).toMatchObject({ count: 2 });
    expect(await workspace.json(["count", "--mine", "--actor", "bob"])).toMatchObject({ count: 2 });
    expect((await workspace.bd(["blocked", "--mine"])).stdout).not.toContain("fl-bobs");
  });

  test.each([["list"], ["ready"], ["search"], ["count"]])(
    "%s refuses another word about the assignee",
    async (name) => {
      const { code, stderr } = await workspace.bd([name, "--mine", "-a", "bob"]);
      expect(code).toBe(2);
      expect(stderr).toContain("--mine");
    },
  );
});

describe("filters that exclude each other", () => {
  test.each([
    [["list", "--created-after", "2026-02-01", "--created-before", "2026-01-01"], "nothing is created after"],
    [["list", "--status", "open", "--closed-after", "2026-01-01"], "only closed issues"],
    [["list", "--ready", "--status", "closed"], "no issue of that status is ready"],
    [["search", "one", "--priority-min", "3", "--priority-max", "1"], "there is no priority"],
    [["ready", "-l", "a", "--exclude-label", "a"], "a label is asked for and left out"],
    [["ready", "--explain", "-l", "a", "--exclude-label", "a"], "a label is asked for and left out"],
  ])("%j says so on stderr", async (args, why) => {
    for (const json of [[], ["--json"]]) {
      const { code, stdout, stderr } = await workspace.bd([...args, ...json]);
      expect(code).toBe(0);
      expect(stdout).not.toContain("fl-mine");
      expect(stderr).toContain(`nothing can fit these filters: ${why}`);
    }
  });
});

test.each([
  ["list", "--assignee", "bob", "--no-assignee"],
  ["count", "--no-assignee", "--assignee=bob"],
  ["list", "--parent", "fl-mine", "--no-parent"],
])("bd %s %s %s %s: a flag and its opposite", async (...line) => {
  const { code, stdout } = await workspace.bd([...line, "--json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    code: "CONTRADICTING_FLAGS",
    error: expect.stringMatching(/^--\w+ and --no-\w+ contradict each other/),
  });
});

test("who asks for the status blocked and finds nothing hears of bd blocked", async () => {
  for (const line of [
    ["list", "--status", "blocked"],
    ["search", "one", "--status", "blocked"],
  ]) {
    const { stdout, stderr } = await workspace.bd([...line, "--json"]);
    expect({ issues: JSON.parse(stdout), stderr }).toEqual({
      issues: [],
      stderr: "the status blocked is given by hand; what waits for other issues: bd blocked\n",
    });
  }
});

test("count says it, too", async () => {
  const { stdout, stderr } = await workspace.bd(["count", "-a", "bob", "--no-labels", "-l", "x"]);
  expect({ stdout, stderr }).toEqual({
    stdout: "0\n",
    stderr: "nothing can fit these filters: no labels are asked for\n",
  });
});

describe("a type or status that nobody knows", () => {
  const flags = COMMANDS.flatMap(({ words }) =>
    ["--type", "--status", "--exclude-type"].map((flag) => [words.join(" "), flag] as const),
  );

  test.each(flags)("bd %s %s nosuch ends with exit 2, if it takes that", async (name, flag) => {
    const entry = COMMANDS.find(({ words }) => words.join(" ") === name);
    if (entry === undefined) throw new Error(name);
    const { options } = buildCommand(entry, await entry.load(), SILENT);
    if (!options.some(({ long, required }) => long === flag && required)) return;
    const line = lineOf(name).map((word) => word.replace("bd-a1", "fl-open").replace("bd-b2", "fl-mine"));

    const { code, stdout, stderr } = await workspace.bd([...line, flag, "nosuch", "--json"]);

    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ error: expect.stringMatching(/nosuch.*(known|valid|built-in)/) });
  });

  test("may be searched for where it is configured, or an import brought it", async () => {
    expect(await idsOf(["list", "-t", "saga", "--all"])).toEqual(["fl-odd"]);
    expect(await idsOf(["list", "--status", "parked"])).toEqual(["fl-odd"]);
    expect(await workspace.json(["count", "-t", "saga"])).toMatchObject({ count: 1 });
    for (const type of ["agent", "mr", "merge-request", "feat"]) expect(await idsOf(["list", "-t", type])).toEqual([]);
    const own = await testWorkspace({ prefix: "cus" });
    await own.json(["config", "set", "types.custom", "tale"]);
    await own.json(["config", "set", "status.custom", "shipped:done"]);
    expect(await own.json(["list", "-t", "tale"])).toEqual([]);
    expect(await own.json(["ready", "-t", "tale"])).toEqual([]);
    expect(await own.json(["list", "-s", "shipped"])).toEqual([]);
  });
});

describe("what was put off", () => {
  test("is among ready work when that is asked for", async () => {
    expect(await idsOf(["ready", "--include-deferred"])).toContain("fl-later");
    expect(await idsOf(["ready"])).not.toContain("fl-later");
  });

  test.each([[["reopen", "off-1"]], [["update", "off-1", "--status", "open"]], [["update", "off-1", "--defer", ""]]])(
    "%j takes it up, without a date",
    async (line) => {
      const own = await testWorkspace({ prefix: "off" });
      await own.json(["create", "Off", "--id", "off-1"]);
      await own.json(["update", "off-1", "--defer", "+9d"]);
      expect(await own.json(["ready"])).toEqual([]);

      await own.json(line);

      const [issue] = z.array(z.looseObject({})).parse(await own.json(["ready"]));
      expect(issue).toMatchObject({ id: "off-1", status: "open" });
      expect(issue).not.toHaveProperty("defer_until");
    },
  );

  test("keeps a date that is given with the status", async () => {
    const own = await testWorkspace({ prefix: "off" });
    await own.json(["create", "Off", "--id", "off-1"]);
    await own.json(["update", "off-1", "--defer", "+9d"]);
    await own.json(["update", "off-1", "--status", "open", "--defer", "2099-01-01"]);
    expect(await own.json(["show", "off-1"])).toMatchObject([{ status: "open", defer_until: "2099-01-01T00:00:00Z" }]);
  });
});
