import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLine } from "../../../src/core/jsonl/parse-line.ts";
import { issueLine, memoryLine } from "../../../src/core/jsonl/print-line.ts";
import { anyIssue } from "./any-issue.ts";

const COUNTS = { dependency_count: 1, dependent_count: 0, comment_count: 2 };
const ISSUE = {
  id: "bd-1",
  title: "a < b & c",
  status: "open",
  priority: 0,
  issue_type: "task",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  pinned: true,
};

describe("issueLine", () => {
  test("puts the type first, labels before the last fields, the counts last, and escapes as Go does", () => {
    expect(issueLine(ISSUE, { labels: ["x"] }, COUNTS)).toBe(
      '{"_type":"issue","id":"bd-1","title":"a \\u003c b \\u0026 c","status":"open","priority":0,"issue_type":"task",' +
        '"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","labels":["x"],"pinned":true,' +
        '"dependency_count":1,"dependent_count":0,"comment_count":2}',
    );
  });

  test("is read again as it was, every field at least once", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyIssue("bd-1", ["bd-2", "bd-3", "external:x:y"]), ({ issue, parts }) => {
        for (const name of Object.keys(issue)) seen.add(name);
        expect(parseLine(issueLine(issue, parts, COUNTS))).toEqual({
          kind: "issue",
          issue: { fields: issue, labels: parts.labels, dependencies: parts.dependencies, comments: parts.comments },
          ignoredFields: [],
        });
      }),
    );
    expect(seen.size).toBe(43);
  });
});

test("a memory is a line of its own type", () => {
  expect(memoryLine("k", "<v>")).toBe('{"_type":"memory","key":"k","value":"\\u003cv\\u003e"}');
});
