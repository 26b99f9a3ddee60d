import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredIssue } from "../../../src/core/jsonl/compare-issue.ts";
import { newLines } from "../../../src/core/jsonl-sync/calm-file.ts";
import { readIssueFile } from "../../../src/core/jsonl-sync/issue-file.ts";
import { issueText } from "../../../src/core/jsonl-sync/plain-issue.ts";
import { anyIssue } from "../jsonl/any-issue.ts";

const issues = anyIssue("x-1", ["x-2", "x-3"]).map(({ issue, parts }): StoredIssue => {
  return {
    issue,
    labels: parts.labels ?? [],
    dependencies: parts.dependencies ?? [],
    comments: parts.comments ?? [],
  };
});
/** JSON has no -0. */
const unknown = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

/** The line as a program writes it that says more of everything. */
function withMore(line: string, more: unknown): Record<string, unknown> {
  const { dependencies, comments, ...issue } = JSON.parse(line);
  const marked = (parts: readonly object[] | undefined, name: string) =>
    parts === undefined ? {} : { [name]: parts.map((part, index) => ({ ...part, later: [index, more] })) };
  return { ...issue, ...marked(dependencies, "dependencies"), ...marked(comments, "comments"), later: more };
}

test("whatever changes in an issue, what others wrote into it, its dependencies and its comments stays", () => {
  fc.assert(
    fc.property(issues, unknown, fc.string({ minLength: 1 }), (stored, more, title) => {
      const file = readIssueFile(`${JSON.stringify(withMore(issueText(stored), more))}\n`);
      const changed = { ...stored, issue: { ...stored.issue, title: `${title}.` } };
      const lines = newLines(file, { living: new Map([["x-1", changed]]), gone: new Map() });
      fc.pre(stored.issue.title !== changed.issue.title);
      expect(JSON.parse(lines.get("x-1") ?? "")).toEqual(withMore(issueText(changed), more));
    }),
  );
});

test("a comment is the same under the number of an older program, and keeps all digits; one that is gone takes its fields along", () => {
  const at = "2026-01-01T00:00:00Z";
  const comment = { issue_id: "x-1", author: "ann", text: "Hello", created_at: at };
  const known = { id: "x-1", title: "One", status: "open", priority: 2, issue_type: "task", created_at: at };
  const edge = `{"issue_id":"x-1","depends_on_id":"x-2","type":"blocks","created_at":"${at}","weight":1}`;
  const line = `${JSON.stringify({ ...known, updated_at: at, comments: [{ ...comment, id: 7 }] }).slice(0, -3)},"seen":12345678901234567890}],"dependencies":[${edge}]}`;
  const stored: StoredIssue = {
    issue: { ...known, title: "Changed", updated_at: at },
    labels: [],
    dependencies: [],
    comments: [{ ...comment, id: "00000000-0000-4000-8000-000000000001" }],
  };
  const text = newLines(readIssueFile(`${line}\n`), { living: new Map([["x-1", stored]]), gone: new Map() }).get("x-1");
  expect(text).toContain(`"id":"00000000-0000-4000-8000-000000000001"`);
  expect(text).toContain(`"seen":12345678901234567890`);
  expect(text).not.toContain("weight");
});
