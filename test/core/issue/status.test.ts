import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BUILT_IN_STATUSES,
  isActiveStatus,
  isDoneStatus,
  isKnownStatus,
  parseCustomStatuses,
  parseStatus,
  parseStatusFilter,
  readCustomStatuses,
  statusCategory,
  statusIcon,
} from "../../../src/core/issue/status.ts";
import { refusal } from "../refusal.ts";

const CUSTOM = parseCustomStatuses("triage:active, in_review:wip, shipped:done, parked:frozen, waiting");

describe("parseCustomStatuses", () => {
  test("reads names with and without a category", () => {
    expect(CUSTOM).toEqual([
      { name: "triage", category: "active" },
      { name: "in_review", category: "wip" },
      { name: "shipped", category: "done" },
      { name: "parked", category: "frozen" },
      { name: "waiting", category: "unspecified" },
    ]);
  });

  test.each(["", "  ", ",", " , ,"])("reads %j as no status", (value) => {
    expect(parseCustomStatuses(value)).toEqual([]);
  });

  test.each([
    ["a:", 'invalid custom status "a:": trailing colon with empty category'],
    ["a:later", 'invalid category "later" for status "a": must be one of active, wip, done, frozen'],
    ["a:unspecified", 'invalid category "unspecified" for status "a": must be one of active, wip, done, frozen'],
    ["Review", 'invalid status name "Review": must match [a-z][a-z0-9_-]* (lowercase, letter-first, no spaces)'],
    [":done", 'invalid status name "": must match [a-z][a-z0-9_-]* (lowercase, letter-first, no spaces)'],
    ["two words", 'invalid status name "two words": must match [a-z][a-z0-9_-]* (lowercase, letter-first, no spaces)'],
    ["open:done", 'custom status "open" collides with built-in status'],
    ["a,b,a:done", 'duplicate custom status name "a"'],
    ["x".repeat(33), `status name "${"x".repeat(33)}" is 33 characters, over the limit of 32`],
    [Array.from({ length: 51 }, (_, n) => `s${n}`).join(), "too many custom statuses (51): maximum is 50"],
  ])("refuses %j", (value, message) => {
    expect(refusal(() => parseCustomStatuses(value))).toEqual({
      kind: "usage",
      code: "INVALID_CUSTOM_STATUS",
      message,
    });
  });

  test("reading a stored setting keeps the good entries and names the bad ones", () => {
    expect(readCustomStatuses("good:done,Bad,also_good")).toEqual({
      statuses: [
        { name: "good", category: "done" },
        { name: "also_good", category: "unspecified" },
      ],
      problems: ['invalid status name "Bad": must match [a-z][a-z0-9_-]* (lowercase, letter-first, no spaces)'],
    });
  });

  test("reading a stored setting never throws", () => {
    fc.assert(fc.property(fc.string(), (value) => Array.isArray(readCustomStatuses(value).statuses)));
  });
});

test.each([
  ["open", "active", true],
  ["in_progress", "wip", true],
  ["blocked", "wip", true],
  ["deferred", "frozen", true],
  ["closed", "done", false],
  ["pinned", "frozen", false],
  ["hooked", "wip", true],
  ["triage", "active", true],
  ["shipped", "done", false],
  ["parked", "frozen", true],
  ["waiting", "unspecified", true],
  ["never_heard_of", "unspecified", true],
])("status %s is %s; it blocks others: %s", (name, category, active) => {
  expect(statusCategory(name, CUSTOM)).toBe(category);
  expect(isActiveStatus(name, CUSTOM)).toBe(active);
  expect(isDoneStatus(name, CUSTOM)).toBe(category === "done");
});

test("every status has an icon, custom ones a common one", () => {
  expect(BUILT_IN_STATUSES.map((status) => statusIcon(status.name))).toEqual(["○", "◐", "●", "❄", "✓", "📌", "◇"]);
  expect(statusIcon("triage")).toBe("◇");
});

describe("parseStatus", () => {
  test("takes built-in and configured statuses", () => {
    expect(parseStatus("in_progress", [])).toBe("in_progress");
    expect(parseStatus(" triage ", CUSTOM)).toBe("triage");
    expect(isKnownStatus("triage", [])).toBe(false);
  });

  test("refuses an unknown one in the peer's words for update", () => {
    expect(refusal(() => parseStatus("nosuch", []))).toEqual({
      kind: "usage",
      code: "INVALID_STATUS",
      message:
        "invalid status \"nosuch\" (built-in: open, in_progress, blocked, deferred, closed, pinned, hooked; or configure custom statuses via 'bd config set status.custom')",
    });
  });

  test("names the custom statuses where there are some", () => {
    expect(refusal(() => parseStatus("Open", [{ name: "triage", category: "active" }])).message).toBe(
      'invalid status "Open" (built-in: open, in_progress, blocked, deferred, closed, pinned, hooked; custom: triage)',
    );
  });

  test("refuses an unknown one in the peer's words for list", () => {
    expect(refusal(() => parseStatusFilter("nosuch", []))).toEqual({
      kind: "usage",
      code: "INVALID_STATUS",
      message: 'invalid status "nosuch" (valid: open, in_progress, blocked, deferred, closed, pinned, hooked)',
    });
  });
});
