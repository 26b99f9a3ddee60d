import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isExternalTarget, parseDepsFlag } from "../../../src/core/dependency/deps-flag.ts";
import { BdError } from "../../../src/errors.ts";
import { refusal } from "../refusal.ts";

describe("parseDepsFlag", () => {
  test.each([
    ["gold-6w5", { type: "blocks", id: "gold-6w5", swapped: false }],
    ["depends-on:gold-6w5", { type: "blocks", id: "gold-6w5", swapped: false }],
    ["blocked-by:6w5", { type: "blocks", id: "6w5", swapped: false }],
    ["blocks:gold-6w5", { type: "blocks", id: "gold-6w5", swapped: true }],
    ["discovered-from:gold-6w5", { type: "discovered-from", id: "gold-6w5", swapped: false }],
    ["waits-for: gold-6w5", { type: "waits-for", id: "gold-6w5", swapped: false }],
    ["external:web:login", { type: "blocks", id: "external:web:login", swapped: false }],
    ["related:external:web:login", { type: "related", id: "external:web:login", swapped: false }],
  ])("reads %s", (item, expected) => {
    expect(parseDepsFlag([item])).toEqual([expected]);
  });

  test("splits comma lists over several flags and passes over empty items", () => {
    const items = parseDepsFlag(["discovered-from:gold-6w5, blocks:gold-0wq,", "", "gold-x"]);
    expect(items.map((item) => [item.type, item.id, item.swapped])).toEqual([
      ["discovered-from", "gold-6w5", false],
      ["blocks", "gold-0wq", true],
      ["blocks", "gold-x", false],
    ]);
  });

  test("refuses an unknown type and names the known ones", () => {
    expect(refusal(() => parseDepsFlag(["likes:gold-x"]))).toEqual({
      kind: "usage",
      code: "INVALID_DEPS",
      message:
        'invalid dependency type "likes" (valid: depends-on, blocked-by, blocks, conditional-blocks, waits-for, parent-child, related, relates-to, discovered-from, replies-to, duplicates, supersedes, authored-by, assigned-to, approved-by, attests, tracks, until, caused-by, validates, delegated-from)',
    });
  });

  test("refuses a type without an id", () => {
    expect(refusal(() => parseDepsFlag(["blocks: "])).message).toBe(
      'invalid dependency "blocks:" (expected type:id or id)',
    );
  });

  test("any text is either read or refused as usage", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          return parseDepsFlag([text]).every((item) => item.id !== "" && item.type !== "");
        } catch (error) {
          return error instanceof BdError && error.kind === "usage";
        }
      }),
    );
  });
});

test("an external target starts with external:", () => {
  expect(isExternalTarget("external:web:login")).toBe(true);
  expect(isExternalTarget("external-1")).toBe(false);
});
