import { describe, expect, test } from "vitest";
import {
  isKnownIssueType,
  parseIssueType,
  parseIssueTypeFilter,
  parseTypeList,
} from "../../../src/core/issue/issue-type.ts";
import { refusal } from "../refusal.ts";

describe("parseIssueType", () => {
  test.each([
    ["task", "task"],
    [" bug ", "bug"],
    ["event", "event"],
    ["gate", "gate"],
    ["feat", "feature"],
    ["Enhancement", "feature"],
    ["ADR", "decision"],
    ["dec", "decision"],
    ["investigation", "spike"],
    ["timebox", "spike"],
    ["user-story", "story"],
    ["ms", "milestone"],
    ["convoy", "convoy"],
  ])("reads %j as %s", (text, type) => {
    expect(parseIssueType(text, ["convoy"])).toBe(type);
  });

  test.each(["nosuch", "", "Task", "agent", "mr", "toString"])("refuses %j", (text) => {
    expect(refusal(() => parseIssueType(text, []))).toEqual({
      kind: "usage",
      code: "INVALID_ISSUE_TYPE",
      message: expect.stringMatching(/^invalid issue type: .* \(known: bug, feature, /),
    });
  });

  test("a configured type wins over an alias of the same name", () => {
    expect(parseIssueType("feat", ["feat"])).toBe("feat");
  });
});

test.each([
  ["mr", "merge-request"],
  ["mol", "molecule"],
  ["feat", "feature"],
  ["whatever", "whatever"],
])("a filter reads %s as %s", (text, type) => {
  expect(parseIssueTypeFilter(text, [])).toBe(type);
});

test("a type list is split, trimmed and freed of doubles", () => {
  expect(parseTypeList(" agent, rig,,agent ,role")).toEqual(["agent", "rig", "role"]);
  expect(parseTypeList("")).toEqual([]);
});

test("infra types are unknown until they are configured", () => {
  expect(isKnownIssueType("agent", [])).toBe(false);
  expect(isKnownIssueType("agent", ["agent"])).toBe(true);
});
