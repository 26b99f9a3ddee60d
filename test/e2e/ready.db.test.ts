import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plantIssues } from "../support/planted-issues.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "rd" });
  await workspace.json(["config", "set", "status.custom", "shipped:done,review:wip"]);
  await plantIssues(
    workspace,
    [
      { id: "rd-urgent", title: "Fix login", priority: 0, issue_type: "bug", assignee: "bob" },
      { id: "rd-old", priority: 1, created_at: "2025-01-01 00:00:00" },
      { id: "rd-new", priority: 1, created_at: "2025-02-01 00:00:00" },
      // A chain, a diamond and a cycle.
      { id: "rd-chain1" },
      { id: "rd-chain2" },
      { id: "rd-chain3" },
      { id: "rd-left" },
      { id: "rd-right" },
      { id: "rd-top" },
      { id: "rd-round1" },
      { id: "rd-round2" },
      // Gates: an epic with an open and a closed child, one with closed children only, one without any.
      { id: "rd-half", issue_type: "epic", title: "Half done" },
      { id: "rd-half.1" },
      { id: "rd-half.2", status: "closed" },
      { id: "rd-full", issue_type: "epic" },
      { id: "rd-full.1", status: "closed" },
      { id: "rd-empty", issue_type: "epic" },
      { id: "rd-allhalf" },
      { id: "rd-anyhalf" },
      { id: "rd-allfull" },
      { id: "rd-anyempty" },
      // Parents that hold their children back; grandchildren go free.
      { id: "rd-later", defer_until: "2099-01-01 00:00:00" },
      { id: "rd-later.1" },
      { id: "rd-later.1.1" },
      { id: "rd-held" },
      { id: "rd-held.1" },
      { id: "rd-held.1.1" },
      // Targets that hold nothing back, and one that does.
      { id: "rd-missing" },
      { id: "rd-external" },
      { id: "rd-onshipped" },
      { id: "rd-onreview" },
      { id: "rd-shipped", status: "shipped" },
      { id: "rd-review", status: "review" },
      // Never ready.
      { id: "rd-gate", issue_type: "gate" },
      { id: "rd-pinned", pinned: 1 },
      { id: "rd-passing", ephemeral: 1 },
      { id: "rd-started", status: "in_progress" },
      { id: "rd-woken", defer_until: "2020-01-01 00:00:00", mol_type: "swarm", metadata: '{"team":"core"}' },
    ],
    [
      "rd-chain1 blocks rd-chain2",
      "rd-chain2 blocks rd-chain3",
      "rd-top blocks rd-left",
      "rd-top conditional-blocks rd-right",
      "rd-left blocks rd-chain3",
      "rd-right blocks rd-chain3",
      "rd-round1 blocks rd-round2",
      "rd-round2 blocks rd-round1",
      "rd-half.1 parent-child rd-half",
      "rd-half.2 parent-child rd-half",
      "rd-full.1 parent-child rd-full",
      "rd-allhalf waits-for rd-half gate=all-children",
      "rd-anyhalf waits-for rd-half gate=any-children",
      "rd-allfull waits-for rd-full",
      "rd-anyempty waits-for rd-empty gate=any-children",
      "rd-later.1 parent-child rd-later",
      "rd-later.1.1 parent-child rd-later.1",
      "rd-held blocks rd-urgent",
      "rd-held.1 parent-child rd-held",
      "rd-held.1.1 parent-child rd-held.1",
      "rd-missing blocks rd-gone",
      "rd-external blocks external:web:login",
      "rd-onshipped blocks rd-shipped",
      "rd-onreview blocks rd-review",
      "rd-urgent related rd-old",
    ],
    [
      ["rd-urgent", "auth"],
      ["rd-urgent", "ui"],
      ["rd-old", "ui"],
      ["rd-new", "api"],
    ],
  );
});
afterAll(() => workspace.remove());

/** Ready whatever the flags; those of priority 2 stand in the order of their ids. */
const READY = [
  "rd-urgent",
  "rd-new",
  "rd-old",
  "rd-allfull",
  "rd-anyempty",
  "rd-anyhalf",
  "rd-chain3",
  "rd-empty",
  "rd-external",
  "rd-full",
  "rd-half.1",
  "rd-half",
  "rd-held.1.1",
  "rd-later.1.1",
  "rd-missing",
  "rd-onshipped",
  "rd-woken",
];

async function idsOf(args: readonly string[]): Promise<unknown[]> {
  const payload = await workspace.json(args);
  return Array.isArray(payload) ? payload.map((issue: { id: string }) => issue.id) : [];
}

describe("the definition", () => {
  test("ready leaves out what waits, what lies under it, what sleeps, and what is no work", async () => {
    expect(await idsOf(["ready"])).toEqual(READY);
  });

  test("list --ready gives the same issues", async () => {
    expect(await idsOf(["list", "--ready"])).toEqual(READY);
  });

  test("blocked names what each one waits for, or its parent that waits", async () => {
    const payload = await workspace.json(["blocked"]);
    const blocked: { id: string; blocked_by: string[]; blocked_by_count: number }[] = Array.isArray(payload)
      ? payload
      : [];

    expect(Object.fromEntries(blocked.map(({ id, blocked_by }) => [id, blocked_by]))).toEqual({
      "rd-allhalf": ["rd-half"],
      "rd-chain1": ["rd-chain2"],
      "rd-chain2": ["rd-chain3"],
      "rd-held": ["rd-urgent"],
      "rd-held.1": ["rd-held"],
      "rd-left": ["rd-chain3"],
      "rd-onreview": ["rd-review"],
      "rd-right": ["rd-chain3"],
      "rd-round1": ["rd-round2"],
      "rd-round2": ["rd-round1"],
      "rd-top": ["rd-left", "rd-right"],
    });
    expect(blocked.find(({ id }) => id === "rd-top")?.blocked_by_count).toBe(2);
  });

  test("stats counts what ready and blocked list", async () => {
    expect(await workspace.json(["stats"])).toEqual({
      schema_version: 1,
      summary: {
        average_lead_time_hours: 0,
        blocked_issues: 11,
        closed_issues: 2,
        deferred_issues: 0,
        epics_eligible_for_closure: 1,
        in_progress_issues: 1,
        open_issues: 33,
        pinned_issues: 1,
        ready_issues: READY.length,
        total_issues: 38,
      },
    });
  });
});

describe("flags of ready", () => {
  test.each([
    [["--label", "ui,auth"], ["rd-urgent"]],
    [
      ["--label-any", "auth,api"],
      ["rd-urgent", "rd-new"],
    ],
    [["--exclude-label", "ui", "-p", "0,1"], ["rd-new"]],
    [
      ["-p", "P1", "--sort", "oldest"],
      ["rd-old", "rd-new"],
    ],
    [["--type", "bug"], ["rd-urgent"]],
    [["--type", "gate"], ["rd-gate"]],
    [
      ["--exclude-type", "task,bug"],
      ["rd-empty", "rd-full", "rd-half"],
    ],
    [["--assignee", "bob"], ["rd-urgent"]],
    [["--unassigned", "--assignee", "bob", "-n", "1"], ["rd-new"]],
    [["--parent", "rd-half"], ["rd-half.1"]],
    [
      ["--parent", "later", "--include-deferred"],
      ["rd-later.1.1", "rd-later.1"],
    ],
    [["--mol-type", "swarm"], ["rd-woken"]],
    [["--metadata-field", "team=core"], ["rd-woken"]],
    [["--has-metadata-key", "team"], ["rd-woken"]],
    [["--label", "nosuch"], []],
  ])("ready %j gives %j", async (flags, ids) => {
    expect(await idsOf(["ready", ...flags])).toEqual(ids);
  });

  test("hybrid puts what is older than two days in the order of its age", async () => {
    expect((await idsOf(["ready", "--sort", "hybrid"])).slice(0, 2)).toEqual(["rd-old", "rd-new"]);
  });

  test.each([
    [["--sort", "newest"], 2, /sort/],
    [["-p", "high"], 2, /invalid priority "high"/],
    [["-n", "-1"], 2, /whole number/],
    [["--mol", "rd-half"], 2, /--mol: not supported yet/],
    [["--gated"], 2, /--gated: not supported yet/],
    [["--include-ephemeral"], 2, /--include-ephemeral: not supported yet/],
    [["--parent", "nosuch"], 3, /no issue found matching "nosuch"/],
  ])("ready %j is refused", async (flags, code, message) => {
    const result = await workspace.bd(["ready", ...flags]);

    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
    expect(result.stdout).toBe("");
  });
});

describe("text of ready", () => {
  test("shows a line for each, the epic of a child, and beside it that the list was cut", async () => {
    const { stdout } = await workspace.bd(["ready", "--parent", "rd-half"]);
    expect(stdout).toBe("○ rd-half.1  P2  Title of rd-half.1  in Half done\n");

    const cut = await workspace.bd(["ready", "-n", "1"]);
    expect(cut.stdout).toBe("○ rd-urgent  P0  bug  Fix login  @bob  [auth, ui]\n");
    expect(cut.stderr).toBe("Showing 1 of 17 (--limit 0 for all)\n");
    expect((await workspace.bd(["ready", "-n", "1", "-q"])).stderr).toBe("");
  });

  test("in JSON the note about the cut goes to standard error", async () => {
    const { stdout, stderr } = await workspace.bd(["ready", "-n", "1", "--json"]);

    expect(JSON.parse(stdout)).toHaveLength(1);
    expect(stderr).toBe("Showing 1 of 17 (--limit 0 for all)\n");
  });

  test("--plain numbers them", async () => {
    const { stdout } = await workspace.bd(["ready", "--plain", "-t", "bug"]);

    expect(stdout).toBe("1. ○ rd-urgent  P0  bug  Fix login  @bob  [auth, ui]\n");
  });

  test("an empty answer says why", async () => {
    expect((await workspace.bd(["ready", "-l", "nosuch"])).stdout).toBe(
      "✨ No ready work found (no open issue with --label nosuch)\n",
    );
    expect((await workspace.bd(["ready", "--parent", "rd-held", "-n", "5"])).code).toBe(0);
  });

  test("blocked lists each with its blockers", async () => {
    const { stdout } = await workspace.bd(["blocked", "--parent", "rd-held"]);

    expect(stdout).toBe("● rd-held.1  P2  Title of rd-held.1  waits for rd-held\n");
  });

  test("list shows what waits as it is: for another, with its parent, until a day, or because somebody says so", async () => {
    const ids = ["rd-top", "rd-held.1", "rd-later", "rd-later.1", "rd-anyhalf", "rd-allhalf"];
    const { stdout } = await workspace.bd(["list", "--flat", "--columns", "mark,id,waits", "--id", ids.join(",")]);

    expect(stdout.split("\n").toSorted().slice(1)).toEqual(
      [
        "○ rd-anyhalf",
        "● rd-allhalf waits for rd-half",
        "● rd-held.1 waits for rd-held",
        "● rd-later.1 waits for rd-later",
        "● rd-top waits for rd-left, rd-right",
        "❄ rd-later until 2099-01-01",
      ].map((line) => expect.stringMatching(new RegExp(`^${line.replaceAll(" ", " +")}$`))),
    );
  });

  test("blocked names what has the status without waiting for anything", async () => {
    await workspace.bd(["create", "By hand", "--id", "rd-hand"]);
    await workspace.bd(["update", "rd-hand", "--status", "blocked"]);
    const { stdout, stderr } = await workspace.bd(["blocked", "--json"]);

    expect(stdout).not.toContain("rd-hand");
    expect(stderr).toBe("1 more issue has the status blocked without waiting for another (bd list --status blocked)\n");
    await workspace.bd(["close", "rd-hand"]);
  });
});

describe("ready --explain", () => {
  test("gives reasons, blockers and cycles as JSON", async () => {
    const explained = await workspace.json(["ready", "--explain", "-n", "0"]);

    expect(explained).toMatchObject({
      cycles: [["rd-round1", "rd-round2"]],
      summary: { cycle_count: 1, total_blocked: 11, total_ready: 17 },
      schema_version: 1,
      ready: expect.arrayContaining([
        expect.objectContaining({
          id: "rd-missing",
          reason: "1 blocker(s) resolved",
          resolved_blockers: ["rd-gone"],
          dependency_count: 1,
        }),
        {
          created_at: "2026-01-01T00:00:00Z",
          dependency_count: 0,
          dependent_count: 0,
          id: "rd-half.1",
          issue_type: "task",
          parent: "rd-half",
          priority: 2,
          reason: "no blocking dependencies",
          resolved_blockers: null,
          status: "open",
          title: "Title of rd-half.1",
          updated_at: "2026-01-01T00:00:00Z",
        },
      ]),
      blocked: expect.arrayContaining([
        expect.objectContaining({
          id: "rd-held",
          blocked_by: [{ id: "rd-urgent", priority: 0, status: "open", title: "Fix login" }],
          blocked_by_count: 1,
        }),
      ]),
    });
  });

  test("tells people the same", async () => {
    const { stdout } = await workspace.bd(["ready", "--explain", "-n", "1"]);

    expect(stdout).toContain("Ready (17):\n\n  rd-urgent [P0] Fix login\n    no blocking dependencies\n");
    expect(stdout).toContain("  rd-held [P2] Title of rd-held\n    ← rd-urgent: Fix login [open, P0]\n");
    expect(stdout).toContain("  rd-round1 → rd-round2 → rd-round1\n");
    expect(stdout).toContain("Summary: 17 ready, 11 blocked, 1 cycle\nShowing 1 of 17 (--limit 0 for all)\n");
  });
});
