import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkExplicitId,
  checkHierarchyDepth,
  childId,
  hierarchyDepth,
  idLength,
  idProblem,
  idSuffix,
  idSuffixCandidates,
  nextChildOrdinal,
  normalizePrefix,
  parseChildId,
  prefixOf,
  readAllowedPrefixes,
} from "../../../src/core/issue/issue-id.ts";
import { refusal } from "../refusal.ts";

const SEED = {
  title: "Fix login",
  description: "Details",
  creator: "jira-import",
  createdAtNs: BigInt(Date.parse("2024-01-02T03:04:05.006Z")) * 1_000_000n,
};

describe("suffixes", () => {
  test.each([
    [3, "vju"],
    [4, "8d8e"],
    [5, "bi3tk"],
    [6, "8bi3tk"],
    [7, "r5sr6bm"],
    [8, "8r5sr6bm"],
  ])("the peer's test vector with %i characters is %s", (length, suffix) => {
    expect(idSuffix(SEED, length, 0)).toBe(suffix);
  });

  test("candidates are ten of each length up to eight, starting with nonce 0", () => {
    const candidates = [...idSuffixCandidates(SEED, 6)];

    expect(candidates.map((suffix) => suffix.length)).toEqual([
      ...Array.from({ length: 10 }, () => 6),
      ...Array.from({ length: 10 }, () => 7),
      ...Array.from({ length: 10 }, () => 8),
    ]);
    expect([candidates[0], candidates[10], candidates[20]]).toEqual(["8bi3tk", "r5sr6bm", "8r5sr6bm"]);
    expect(new Set(candidates).size).toBe(30);
  });

  test("every suffix has its length and only 0-9a-z", () => {
    const seeds = fc.record({
      title: fc.string({ unit: "binary" }),
      description: fc.string(),
      creator: fc.string(),
      createdAtNs: fc.bigInt({ min: 0n, max: 2n ** 62n }),
    });
    fc.assert(
      fc.property(seeds, fc.integer({ min: 3, max: 8 }), fc.nat(9), (seed, length, nonce) => {
        const suffix = idSuffix(seed, length, nonce);
        return suffix.length === length && /^[0-9a-z]+$/.test(suffix);
      }),
    );
  });

  test.each([
    [0, 3],
    [160, 3],
    [170, 4],
    [980, 4],
    [990, 5],
    [5_800, 5],
    [5_950, 6],
    [35_000, 6],
    [100_000, 7],
    [10_000_000, 8],
  ])("%i ids ask for suffixes of %i characters", (count, length) => {
    expect(idLength(count)).toBe(length);
  });

  test("the settings bound the length", () => {
    expect(idLength(0, { min: 5, max: 8, maxProbability: 0.25 })).toBe(5);
    expect(idLength(1_000_000, { min: 3, max: 4, maxProbability: 0.25 })).toBe(4);
    expect(idLength(0, { min: 0, max: 99, maxProbability: 0.25 })).toBe(3);
  });
});

describe("prefixes", () => {
  test.each([
    ["bd-123", "bd"],
    ["beads-vscode-1", "beads-vscode"],
    ["web-app-a3f8e9", "web-app"],
    ["web-app-a3f8e9.1.2", "web-app"],
    ["vc-baseline-test", "vc"],
    ["plain", undefined],
    ["-x", undefined],
  ])("the prefix of %s is guessed as %s", (id, prefix) => {
    expect(prefixOf(id)).toBe(prefix);
  });

  test("a known prefix beats the guess, the longest first", () => {
    expect(prefixOf("hq-cv-test", ["hq", "hq-cv"])).toBe("hq-cv");
  });

  test("are read without spaces and trailing hyphens", () => {
    expect(normalizePrefix(" gold- ")).toBe("gold");
    expect(readAllowedPrefixes("hq-, web-app ,,")).toEqual(["hq", "web-app"]);
  });
});

describe("idProblem", () => {
  test.each([
    ["gold-1", undefined],
    ["My Project-1", undefined],
    ["'; rm -rf /'", undefined],
    ["", "is blank"],
    [" ", "is blank"],
    ["-rf", "begins with a hyphen, as options do"],
    ["a\nb", "holds characters that can't be seen"],
    ["a\0b", "holds characters that can't be seen"],
    ["a\u001b]0;b", "holds characters that can't be seen"],
    ["a ", "begins or ends with a blank"],
    ["\ta", "begins or ends with a blank"],
    ["a\u202eb", "holds characters that can't be seen"],
    ["a\u200bb", "holds characters that can't be seen"],
  ])("of %j: %s", (id, problem) => {
    expect(idProblem(id)).toBe(problem);
  });
});

describe("checkExplicitId", () => {
  const gold = { prefix: "gold", allowedPrefixes: [], force: false };

  test.each(["gold-mine", "gold-a.1", "gold-web-app-9", "gold-ünïcode"])("takes %s", (id) => {
    expect(() => checkExplicitId(id, gold)).not.toThrow();
  });

  test.each([
    "",
    "nohyphen",
    "gold-",
    "-x",
    "gold-a b",
    "gold-a\n",
    "gold-a/b",
    "gold-a:b",
    "gold-a,b",
    "gold-\0",
    "gold-..",
    "gold--a",
    "gold-a'",
    "gold-a\u202e",
    "gold-\u3164",
  ])("refuses the form of %j", (id) => {
    expect(refusal(() => checkExplicitId(id, gold))).toEqual({
      kind: "usage",
      code: "INVALID_ID",
      message: `invalid ID format '${id}' (expected format: prefix-hash or prefix-hash.number, e.g., 'bd-a3f8e9' or 'bd-a3f8e9.1')`,
    });
  });

  test("refuses what the column can't hold", () => {
    expect(refusal(() => checkExplicitId(`gold-${"x".repeat(251)}`, gold)).message).toBe(
      "id is 256 characters, over the limit of 255",
    );
  });

  test("refuses a foreign prefix in the peer's words, unless forced", () => {
    expect(refusal(() => checkExplicitId("other-1", gold))).toEqual({
      kind: "rejected",
      code: "PREFIX_MISMATCH",
      message: "prefix mismatch: database uses 'gold-' but ID 'other-1' doesn't match (use --force to override)",
    });
    expect(() => checkExplicitId("other-1", { ...gold, force: true })).not.toThrow();
  });

  test("takes an allowed prefix and names the allowed ones when it refuses", () => {
    const allowed = { prefix: "gold", allowedPrefixes: ["hq-cv", "web"], force: false };
    expect(() => checkExplicitId("hq-cv-test", allowed)).not.toThrow();
    expect(refusal(() => checkExplicitId("hq-x", allowed)).message).toBe(
      "prefix mismatch: database uses 'gold-' (allowed: hq-cv,web) but ID 'hq-x' doesn't match any allowed prefix (use --force to override)",
    );
  });
});

describe("children", () => {
  test.each([
    ["gold-a.1", { parentId: "gold-a", ordinal: 1 }],
    ["gold-a.1.12", { parentId: "gold-a.1", ordinal: 12 }],
    ["gold-a", undefined],
    ["gold-a.x", undefined],
    ["gold-a.01", undefined],
    ["my.proj-a", undefined],
    ["v1.2", undefined],
  ])("parseChildId(%s) is %j", (id, expected) => {
    expect(parseChildId(id)).toEqual(expected);
  });

  test("a child id reads back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 2 }), (ordinal, depth) => {
        const parentId = Array.from({ length: depth }).reduce<string>((id) => childId(id, 7), "gold-a");
        expect(parseChildId(childId(parentId, ordinal))).toEqual({ parentId, ordinal });
      }),
    );
  });

  test("may stand three levels below the top", () => {
    expect(hierarchyDepth("my.proj-a.1.2")).toBe(2);
    expect(() => checkHierarchyDepth("gold-a.1.2")).not.toThrow();
    expect(refusal(() => checkHierarchyDepth("gold-a.1.2.3"))).toEqual({
      kind: "rejected",
      code: "HIERARCHY_TOO_DEEP",
      message: "maximum hierarchy depth (3) exceeded for parent gold-a.1.2.3",
    });
  });

  test("are numbered past the counter and past those that exist", () => {
    expect(nextChildOrdinal("gold-a", 0, [])).toBe(1);
    expect(nextChildOrdinal("gold-a", 5, ["gold-a.2"])).toBe(6);
    expect(nextChildOrdinal("gold-a", 1, ["gold-a.2", "gold-a.7", "gold-a.7.9", "gold-b.20"])).toBe(8);
  });
});
