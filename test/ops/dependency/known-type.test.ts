import { describe, expect, test } from "vitest";
import { WELL_KNOWN_DEPENDENCY_TYPES } from "../../../src/core/dependency/dependency-type.ts";
import { requireKnownDependencyType } from "../../../src/ops/dependency/known-type.ts";
import { refusal } from "../../core/refusal.ts";

describe("requireKnownDependencyType", () => {
  test("takes well-known types, and those that are in use", () => {
    for (const type of WELL_KNOWN_DEPENDENCY_TYPES) requireKnownDependencyType(type, []);
    requireKnownDependencyType("my-own-type", ["my-own-type"]);
  });

  test.each([
    ["blocked", "did you mean blocks?"],
    ["parent", "did you mean parent-child?"],
    ["relates", "did you mean relates-to?"],
    ["my-owm-type", "did you mean my-own-type?"],
    ["nosuch", '"nosuch" (known: blocks, '],
  ])("refuses %j: %s", (type, words) => {
    const { code, message } = refusal(() => requireKnownDependencyType(type, ["my-own-type"]));
    expect(code).toBe("INVALID_DEPENDENCY_TYPE");
    expect(message).toContain(words);
    expect(message).toContain("my-own-type)");
  });
});
