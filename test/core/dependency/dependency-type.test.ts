import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  gateFromMetadata,
  isBlockingType,
  isWellKnownDependencyType,
  parseDependencyType,
  parseWaitsForGate,
  WELL_KNOWN_DEPENDENCY_TYPES,
} from "../../../src/core/dependency/dependency-type.ts";
import { refusal } from "../refusal.ts";

describe("parseDependencyType", () => {
  test.each(["blocks", " tracks ", "my-own-type", "x".repeat(32), "💎".repeat(32)])("takes %j", (text) => {
    expect(parseDependencyType(text)).toBe(text.trim());
  });

  test("refuses an empty type", () => {
    expect(refusal(() => parseDependencyType("  "))).toEqual({
      kind: "usage",
      code: "INVALID_DEPENDENCY_TYPE",
      message: 'invalid dependency type "  "',
    });
  });

  test("refuses what the column can't hold, with size and limit", () => {
    expect(refusal(() => parseDependencyType("x".repeat(33)))).toEqual({
      kind: "usage",
      code: "TEXT_TOO_LONG",
      message: "dependency_type is 33 characters, over the limit of 32 characters",
    });
  });

  test("refuses a NUL character", () => {
    expect(refusal(() => parseDependencyType("a\0b")).code).toBe("INVALID_TEXT");
  });
});

test("there are nineteen well-known types, and two of them block by themselves", () => {
  expect(WELL_KNOWN_DEPENDENCY_TYPES).toHaveLength(19);
  expect(WELL_KNOWN_DEPENDENCY_TYPES.filter(isBlockingType)).toEqual(["blocks", "conditional-blocks"]);
  expect(isWellKnownDependencyType("related")).toBe(true);
  expect(isWellKnownDependencyType("my-own-type")).toBe(false);
});

describe("gates", () => {
  test("the flag takes both gates and nothing else", () => {
    expect(parseWaitsForGate("any-children")).toBe("any-children");
    expect(parseWaitsForGate("all-children")).toBe("all-children");
    expect(refusal(() => parseWaitsForGate("some"))).toEqual({
      kind: "usage",
      code: "INVALID_GATE",
      message: 'invalid waits-for gate "some" (valid: all-children, any-children)',
    });
  });

  test.each([
    ['{"gate":"any-children"}', "any-children"],
    [{ gate: "any-children" }, "any-children"],
    ['{"gate":"all-children"}', "all-children"],
    ["{}", "all-children"],
    ['{"gate":"sometimes"}', "all-children"],
    ["not json", "all-children"],
    ["null", "all-children"],
    [null, "all-children"],
    [undefined, "all-children"],
  ])("metadata %j means %s", (metadata, gate) => {
    expect(gateFromMetadata(metadata)).toBe(gate);
  });

  test("no metadata makes it throw", () => {
    fc.assert(fc.property(fc.anything(), (metadata) => gateFromMetadata(metadata).endsWith("-children")));
  });
});
