import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { plantIssues } from "../support/planted-issues.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "sc" });
  await plantIssues(
    workspace,
    [
      { id: "sc-1", title: "Fix LOGIN", priority: 1, issue_type: "bug", assignee: "bob" },
      { id: "sc-2", title: "login 100%_done", priority: 3 },
      { id: "sc-3", title: "old login", status: "closed", closed_at: "2026-01-01 03:00:00" },
      { id: "sc-epic", title: "Release", issue_type: "epic", assignee: "tester" },
      { id: "sc-epic.1", title: "Done part", status: "closed", closed_at: "2026-01-01 00:30:00" },
      { id: "sc-4", title: "put off", status: "deferred" },
    ],
    ["sc-epic.1 parent-child sc-epic"],
    [
      ["sc-1", "auth"],
      ["sc-1", "ui"],
      ["sc-2", "ui"],
    ],
  );
});
afterAll(() => workspace.remove());

describe("search", () => {
  test("finds parts of titles and ids, whatever the case, and leaves closed ones out", async () => {
    expect(await workspace.bd(["search", "login"])).toMatchObject({
      stdout: "○ sc-1  P1  bug  Fix LOGIN        @bob  [auth, ui]\n○ sc-2  P3       login 100%_done  [ui]\n",
      stderr: "1 closed one matches, too (--status all)\n",
    });
    expect(await workspace.json(["search", "epic"])).toMatchObject([{ id: "sc-epic", comment_count: 0 }]);
  });

  test("finds an issue by its own title, in any script", async () => {
    const titles = ["ΟΔΟΣ", "İstanbul", "straße"];
    const own = await testWorkspace();
    await plantIssues(
      own,
      titles.map((title, index) => ({ id: `own-${index}`, title })),
    );
    for (const [index, title] of titles.entries()) {
      const found = [{ id: `own-${index}`, title }];
      expect(await own.json(["search", title])).toMatchObject(found);
      expect(await own.json(["list", "--title-contains", title])).toMatchObject(found);
    }
  });

  test("compares keys of metadata literally", async () => {
    const keys = ["*", "plain", "a.b", 'quo"te', "back\\slash"];
    const own = await testWorkspace();
    await plantIssues(
      own,
      keys.map((key, index) => ({ id: `own-${index}`, metadata: JSON.stringify({ [key]: 1 }) })),
    );
    for (const [index, key] of keys.entries()) {
      expect(await own.json(["list", "--has-metadata-key", key])).toMatchObject([{ id: `own-${index}` }]);
    }
  });

  test("takes wildcards of SQL literally", async () => {
    expect(await workspace.json(["search", "0%_d"])).toMatchObject([{ id: "sc-2" }]);
    expect(await workspace.json(["search", "%"])).toHaveLength(1);
  });

  test("looks at closed ones when asked, filters, and joins its words", async () => {
    expect(await workspace.json(["search", "--query", "login", "--status", "all"])).toHaveLength(3);
    expect(await workspace.json(["search", "login", "--status", "closed"])).toMatchObject([{ id: "sc-3" }]);
    expect(await workspace.json(["search", "login", "-l", "auth"])).toMatchObject([{ id: "sc-1" }]);
    expect(await workspace.json(["search", "fix", "login"])).toMatchObject([{ id: "sc-1" }]);
  });

  test("says when it finds nothing, and when the list was cut", async () => {
    expect(await workspace.bd(["search", "nosuch"])).toMatchObject({
      code: 0,
      stdout: "No issues found matching 'nosuch'\n",
    });
    expect(await workspace.json(["search", "nosuch"])).toEqual([]);
    expect((await workspace.bd(["search", "nosuch", "-l", "ui"])).stdout).toBe(
      "No issues found matching 'nosuch' with --label ui\n",
    );
    const cut = await workspace.bd(["search", "login", "-n", "1"]);
    expect(cut.stdout).toMatch(/^○ sc-1 .*\n$/);
    expect(cut.stderr).toBe("Showing 1 of 2 (--limit 0 for all)\n1 closed one matches, too (--status all)\n");
  });

  test("looks into every text and the comments, and says which of them it was", async () => {
    const own = await testWorkspace({ prefix: "txt" });
    const texts = [
      ["design", "--design"],
      ["acceptance_criteria", "--acceptance"],
      ["notes", "--notes"],
      ["external_ref", "--external-ref"],
      ["description", "-d"],
    ];
    for (const [field = "", flag = ""] of texts) {
      await own.json([
        "create",
        `In ${field}`,
        "--id",
        `txt-${field.replace("_", "")}`,
        flag,
        "first line\nthe Needle, 100%",
      ]);
    }
    await own.json(["create", "In a comment", "--id", "txt-com"]);
    await own.json(["comment", "txt-com", "nothing here"]);
    await own.json(["comment", "txt-com", "a needle, 100% sharp"]);

    const found = await own.json(["search", "needle", "100%", "--sort", "id"]);

    expect(found).toMatchObject([
      {
        id: "txt-acceptancecriteria",
        matched_in: [{ field: "acceptance_criteria", text: "first line the Needle, 100%" }],
      },
      { id: "txt-com", matched_in: [{ field: "comments", text: "a needle, 100% sharp" }] },
      { id: "txt-description", matched_in: [{ field: "description" }] },
      { id: "txt-design", matched_in: [{ field: "design" }] },
      { id: "txt-externalref", matched_in: [{ field: "external_ref" }] },
      { id: "txt-notes", matched_in: [{ field: "notes" }] },
    ]);
    expect((await own.bd(["search", "comment", "sharp"])).stdout).toBe(
      "○ txt-com  P2  In a comment\n    comments: a needle, 100% sharp\n",
    );
    expect(await own.json(["search", '"needle 100%"'])).toEqual([]);
    expect(await own.json(["search", '"needle, 100%"'])).toHaveLength(6);
    expect(await own.json(["search", "line", "sharp"])).toEqual([]);
  });

  test("says how many closed ones match when it leaves them out", async () => {
    const hint = "1 closed one matches, too (--status all)\n";
    expect((await workspace.bd(["search", "old"])).stdout).toBe(`No issues found matching 'old'\n${hint}`);
    expect(await workspace.bd(["search", "old", "--json"])).toMatchObject({ stdout: "[]\n", stderr: hint });
    expect((await workspace.bd(["search", "old", "--status", "open"])).stdout).not.toContain("closed");
  });

  test("needs no words where there is a filter", async () => {
    expect((await workspace.bd(["search", "--title-contains", "fix"])).stdout).toMatch(/^○ sc-1 .*\n$/);
    const [issue] = z.array(z.looseObject({})).parse(await workspace.json(["search", "-a", "bob"]));
    expect(issue).not.toHaveProperty("matched_in");
  });

  test.each([[["search"]], [["search", "  "]], [["search", '""', "--status", "all"]]])(
    "%j is a usage error",
    async (args) => {
      const { code, stderr } = await workspace.bd(args);

      expect(code).toBe(2);
      expect(stderr).toBe("Error: search query is required\nHint: bd search --help\n");
    },
  );
});

describe("count", () => {
  test("counts every status, as a bare number", async () => {
    expect((await workspace.bd(["count"])).stdout).toBe("6\n");
    expect(await workspace.json(["count"])).toEqual({ count: 6, schema_version: 1 });
    expect(await workspace.json(["count", "-s", "closed,deferred"])).toMatchObject({ count: 3 });
  });

  test.each([
    ["--by-status", { closed: 2, deferred: 1, open: 3 }],
    ["--by-priority", { P1: 1, P2: 4, P3: 1 }],
    ["--by-type", { bug: 1, epic: 1, task: 4 }],
    ["--by-assignee", { "(unassigned)": 4, bob: 1, tester: 1 }],
    ["--by-label", { "(no labels)": 4, auth: 1, ui: 2 }],
  ])("%s counts each group, by name", async (flag, groups) => {
    expect(await workspace.json(["count", flag])).toEqual({
      total: 6,
      groups: Object.entries(groups).map(([group, count]) => ({ group, count })),
      schema_version: 1,
    });
  });

  test("prints the groups of a filter", async () => {
    expect((await workspace.bd(["count", "--by-status", "-l", "ui"])).stdout).toBe("Total: 2\n\nopen: 2\n");
  });

  test.each([
    [["count", "--by-status", "--by-type"], /only one --by-\* flag/],
    [["count", "-s", "nosuch"], /invalid status "nosuch"/],
    [["count", "-p", "9"], /invalid priority "9"/],
  ])("%j is a usage error", async (args, message) => {
    const { code, stderr } = await workspace.bd(args);

    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe("stats", () => {
  test("prints the peer's lines, and below them what is not zero", async () => {
    expect((await workspace.bd(["stats"])).stdout).toBe(
      [
        "",
        "📊 Issue Database Status",
        "",
        "Summary:",
        "  Total Issues:           6",
        "  Open:                   3",
        "  In Progress:            0",
        "  Blocked:                0",
        "  Closed:                 2",
        "  Ready to Work:          3",
        "",
        "Extended:",
        "  Deferred:               1",
        "  Epics Ready to Close:   1",
        "  Avg Lead Time:          1.8 hours",
        "",
        "For more details, use 'bd list' to see individual issues.",
        "",
      ].join("\n"),
    );
  });

  test("is also called status, and can look at one's own work alone", async () => {
    expect(await workspace.json(["status"])).toMatchObject({
      summary: { average_lead_time_hours: 1.75, total_issues: 6 },
    });
    expect(await workspace.json(["status", "--assigned"])).toMatchObject({
      summary: { total_issues: 1, open_issues: 1, ready_issues: 1, closed_issues: 0, epics_eligible_for_closure: 1 },
    });
  });
});

describe("list --parent", () => {
  test.each([[[]], [["--ready"]], [["--flat"]]])("takes a part of an id, with %j", async (flags) => {
    const own = await testWorkspace({ prefix: `lp${flags.join("").replaceAll("-", "")}` });
    const id = (await own.bd(["q", "Parent"])).stdout.trim();
    await own.json(["create", "Child", "--parent", id]);
    const suffix = id.slice(id.indexOf("-") + 1);
    expect(await own.json(["list", "--parent", id, ...flags])).toMatchObject([{ id: `${id}.1` }]);
    expect(await own.json(["list", "--parent", suffix, ...flags])).toMatchObject([{ id: `${id}.1` }]);
    expect(await own.bd(["list", "--parent", "nope", ...flags])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: 'Error: no issue found matching "nope"\nHint: bd list --all\n',
    });
  });
});
