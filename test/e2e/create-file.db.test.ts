import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recordsIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { testWorkspace } from "../support/workspace.ts";

const PLAN = `# A plan, which is no issue

## First
One line,
and another.

\`\`\`md
## Not a title
\`\`\`

### Priority
P0
### Type
Bug
### Labels
auth, urgent
### Notes of ours
kept

## Second
### Acceptance Criteria
- works
### Assignee
ann
### Dependencies
- mf-old, discovered-from:mf-other
`;

test("each ## of a markdown file becomes an issue, with what its sections say, in one commit", async () => {
  const workspace = await testWorkspace({ prefix: "mf" });
  await workspace.json(["create", "Old", "--id", "mf-old"]);
  await workspace.json(["create", "Other", "--id", "mf-other"]);
  writeFileSync(join(workspace.dir, "plan.md"), PLAN);
  const dry = await workspace.bd(["create", "-f", "plan.md", "--dry-run"]);
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toContain("Would create 2 issues from plan.md:\n  First [P0, bug]\n");
  const [before] = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
  const made = recordsIn(await workspace.json(["create", "-f", "plan.md", "-l", "all"]));
  const [after] = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
  expect(Number(after?.["n"]) - Number(before?.["n"])).toBe(1);
  expect(made).toMatchObject([
    {
      title: "First",
      priority: 0,
      issue_type: "bug",
      description: "One line,\nand another.\n\n```md\n## Not a title\n```\n\n### Notes of ours\nkept",
    },
    { title: "Second", priority: 2, acceptance_criteria: "- works", assignee: "ann" },
  ]);
  const [first = "", second = ""] = made.map(({ id }) => String(id));
  expect(await workspace.json(["label", "list", first])).toEqual(["all", "auth", "urgent"]);
  expect(recordsIn(await workspace.json(["show", second]))[0]?.["dependencies"]).toHaveLength(2);
});

test.each([
  ["a file without issues", "# only a heading\n", { exit: 2, code: "NO_ISSUES_IN_FILE", message: expect.any(String) }],
  [
    "a priority that is none",
    "## A\n### Priority\nhighest\n",
    { exit: 2, code: "INVALID_PRIORITY", message: expect.any(String) },
  ],
  [
    "a dependency that is not there",
    "## A\n\n## B\n### Deps\nmf-nope\n",
    { exit: 3, code: "ISSUE_NOT_FOUND", message: expect.any(String) },
  ],
])("%s: nothing is made", async (_what, text, refusal) => {
  const workspace = await testWorkspace({ prefix: "mf" });
  await expectRefused(workspace, ["create", "-f", "-"], refusal, { stdin: text });
});

test("a title beside a file is refused", async () => {
  const workspace = await testWorkspace({ prefix: "mf" });
  await expectRefused(
    workspace,
    ["create", "Title", "-f", "-"],
    { exit: 2, code: "CONTRADICTING_FLAGS", message: expect.any(String) },
    { stdin: PLAN },
  );
});
