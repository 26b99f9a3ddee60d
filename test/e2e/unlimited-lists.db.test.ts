import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plantIssues } from "../support/planted-issues.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

// A list without a limit reads tables whole where it shows much of them, and joins ids where it shows little.
let workspace: TestWorkspace;

const NUMBERS = [...Array(12).keys()];

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "ul" });
  await plantIssues(
    workspace,
    NUMBERS.map((number) => ({
      id: `ul-${number}`,
      title: `Issue ${number}`,
      priority: number % 3,
      ...(number === 11 ? { status: "closed", closed_at: "2026-01-01 03:00:00" } : {}),
    })),
    ["ul-1 blocks ul-0", "ul-2 blocks ul-0", "ul-2 parent-child ul-3", "ul-4 blocks ul-11", "ul-0 blocks ul-11"],
    [
      ["ul-0", "rare"],
      ["ul-0", "seen"],
      ["ul-11", "seen"],
    ],
  );
  await workspace.bd(["comment", "ul-0", "A word"]);
});
afterAll(() => workspace.remove());

describe("a list without a limit", () => {
  test.each([
    ["most issues", ["list"]],
    ["one issue in twelve", ["list", "-l", "rare"]],
    ["closed ones too", ["list", "--status", "all", "--sort", "title", "--reverse"]],
    ["nothing", ["list", "-l", "nosuch"]],
    ["what a search finds", ["search", "issue"]],
  ])("shows %s as one with a large limit does", async (_what, args) => {
    const limited = await workspace.json([...args, "--limit", "1000"]);
    expect(await workspace.json([...args, "--limit", "0"])).toEqual(limited);
  });

  test.each([
    ["among many", ["list", "--limit", "0"]],
    ["alone", ["list", "-l", "rare", "--limit", "0"]],
  ])("tells of labels, edges and counts, %s", async (_how, args) => {
    const issues = await workspace.json(args);
    expect(issues).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: "ul-0",
          labels: ["rare", "seen"],
          dependencies: [expect.objectContaining({ depends_on_id: "ul-11", type: "blocks" })],
          dependency_count: 1,
          dependent_count: 2,
          comment_count: 1,
        }),
      ]),
    );
  });

  test("says in text what waits for what, and how many there are", async () => {
    const { stdout } = await workspace.bd(["list", "--flat", "--limit", "0"]);
    expect(stdout.match(/^. ul-\d+ /gm)).toHaveLength(11);
    expect(stdout).toMatch(/^● ul-1 .* {2}waits for ul-0/m);
  });

  test("a limit cuts it after its first issues and names the total", async () => {
    const { stdout, stderr } = await workspace.bd(["list", "--limit", "2", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([{ priority: 0 }, { priority: 0 }]);
    expect(stderr).toBe("Showing 2 of 11 (--limit 0 for all)\n");
  });
});
