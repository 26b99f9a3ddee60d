import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPriority, parsePriority } from "../../../src/core/issue/priority.ts";
import { refusal } from "../refusal.ts";

describe("parsePriority", () => {
  test.each([
    ["0", 0],
    ["4", 4],
    ["P1", 1],
    ["p3", 3],
    [" P2 ", 2],
  ])("reads %j as %i", (text, priority) => {
    expect(parsePriority(text)).toBe(priority);
  });

  test.each(["", "5", "-1", "P", "P5", "1.5", "1abc", "PP1", "high", "1 2"])("refuses %j", (text) => {
    expect(refusal(() => parsePriority(text)).code).toBe("INVALID_PRIORITY");
  });

  test("says what it takes, in the peer's words", () => {
    expect(refusal(() => parsePriority("high"))).toEqual({
      kind: "usage",
      code: "INVALID_PRIORITY",
      message: 'invalid priority "high" (expected 0-4 or P0-P4, not words like high/medium/low)',
    });
  });

  test("reads back what formatPriority writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), (priority) => parsePriority(formatPriority(priority)) === priority),
    );
  });
});
