import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  exactIdCandidates,
  type IdCandidates,
  type IdPatterns,
  idPatterns,
  requireResolved,
  resolvePartialId,
} from "../../../src/core/issue/partial-id.ts";
import { refusal } from "../refusal.ts";

const PREFIXES = { prefix: "gold", allowedPrefixes: ["web-app"] };
const DATABASE: IdCandidates = {
  ...PREFIXES,
  ids: [
    "gold-a3f8",
    "gold-a3f8.1",
    "gold-a3f8.2",
    "gold-b7k",
    "gold-0wq",
    "web-app-x9",
    "aap-4ar",
    "odd:id/1",
    "gold-%_",
    "gold-signup_k3f9a2bx",
    "gold-login_k3f9a2bx.1",
  ],
  wispIds: ["gold-wisp-4tf", "gold-wisp-b7q"],
};

describe("resolvePartialId", () => {
  test.each([
    ["gold-b7k", "gold-b7k", "the whole id"],
    ["b7k", "gold-b7k", "the id without its prefix"],
    ["b7", "gold-b7k", "a part, and an issue before a wisp"],
    ["gold-b7", "gold-b7k", "the beginning, with the prefix"],
    ["wq", "gold-0wq", "a part that is not the start"],
    ["a3f8", "gold-a3f8", "a parent's whole hash, although its children hold it too"],
    ["a3f8.2", "gold-a3f8.2", "a child without the prefix"],
    ["f8.2", "gold-a3f8.2", "a part of a child"],
    ["x9", "web-app-x9", "a hash under an allowed prefix"],
    ["web-app-x", "web-app-x9", "the beginning, with an allowed prefix"],
    ["aap-4ar", "aap-4ar", "an id of another database"],
    ["aap-4", "aap-4ar", "the start of an id of another database"],
    ["4tf", "gold-wisp-4tf", "a wisp by its hash"],
    ["wisp-4tf", "gold-wisp-4tf", "a wisp by all that follows the prefix"],
    ["signup", "gold-signup_k3f9a2bx", "what stands before the tail of a moved id"],
    ["gold-signup_k3", "gold-signup_k3f9a2bx", "the beginning of a moved id"],
    ["ogin_k3f9a2bx.1", "gold-login_k3f9a2bx.1", "a part that reaches over a tail"],
    ["odd:id/1", "odd:id/1", "an odd imported id as a whole"],
  ])("finds %s as %s: %s", (input, id) => {
    expect(resolvePartialId(input, DATABASE)).toEqual({ kind: "found", id });
  });

  test.each([
    "",
    " ",
    "-",
    "--",
    ".",
    "...",
    "_",
    "gold-",
    "gold--",
    "gold-.",
    "web-app-",
    "odd",
    "%",
    "b%",
    "b_k",
    "B7K",
    "nosuch",
    "gold-nosuch",
    "gold-7k",
    "gold-wq",
    "gold-4tf",
    "web-app-9",
    "k3f9",
    "9a2bx.1",
    "_k3f9a2bx",
    "'",
    "\0",
    "gold",
  ])("finds nothing for %j", (input) => {
    const withoutOdd = { ...DATABASE, ids: DATABASE.ids.filter((id) => id !== "odd:id/1") };
    expect(resolvePartialId(input, withoutOdd)).toEqual({ kind: "none" });
  });

  test("what begins with a known prefix is the beginning of the id that it finds, or finds none", () => {
    const id = fc.stringMatching(/^(gold|web-app)-[ab1]{1,4}(_aab1bb1a)?(\.[12])?$/);
    const input = fc.stringMatching(/^(gold|web-app)-[ab1]{1,3}$/);
    fc.assert(
      fc.property(input, fc.array(id), (text, ids) => {
        const found = resolvePartialId(text, { ...PREFIXES, ids });
        expect(found.kind !== "found" || found.id.startsWith(text)).toBe(true);
      }),
    );
  });

  test("names all matches, in order, when several fit", () => {
    expect(resolvePartialId("3f8", DATABASE)).toEqual({
      kind: "ambiguous",
      ids: ["gold-a3f8", "gold-a3f8.1", "gold-a3f8.2"],
    });
  });

  test("a hash under two prefixes is the own prefix's", () => {
    expect(resolvePartialId("k1", { ...PREFIXES, ids: ["web-app-k1", "gold-k1"] })).toEqual({
      kind: "found",
      id: "gold-k1",
    });
  });

  test("a whole hash under two foreign prefixes is ambiguous", () => {
    const ids = ["hq-k1", "web-app-k1"];
    expect(resolvePartialId("k1", { prefix: "gold", allowedPrefixes: ["web-app", "hq"], ids })).toEqual({
      kind: "ambiguous",
      ids: ["hq-k1", "web-app-k1"],
    });
  });

  test("every id finds itself among any others", () => {
    const id = fc.stringMatching(/^[a-z]{2,5}-[a-z0-9]{3,8}(\.[1-9]){0,2}$/);
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1 }), fc.nat(), (ids, index) => {
        const wanted = ids[index % ids.length] ?? "";
        expect(resolvePartialId(wanted, { ...PREFIXES, ids })).toEqual({ kind: "found", id: wanted });
      }),
    );
  });

  test("separators alone never match, whatever there is", () => {
    const separators = fc.stringMatching(/^[-._ ]*$/);
    fc.assert(
      fc.property(separators, fc.array(fc.string()), (input, ids) => {
        expect(resolvePartialId(input, { ...PREFIXES, ids: [...ids, "gold-a", input] })).toEqual({ kind: "none" });
      }),
    );
  });

  test("what the two lookups fetch is all that the resolver needs", () => {
    const ids = fc.array(fc.stringMatching(/^(gold|web-app|web-a|aap)-(wisp-)?[ab1]{1,4}(_aab1bb1a)?(\.[12])?$/));
    const input = fc.stringMatching(/^((gold|web-app|web-a|aap)-)?(wisp-)?[ab1.p-]{0,4}$/);
    fc.assert(
      fc.property(input, ids, (text, all) => {
        const exact = exactIdCandidates(text, PREFIXES);
        const patterns = idPatterns(text, PREFIXES);
        const fetched = all.filter((id) => exact.includes(id) || (patterns !== undefined && fits(id, patterns)));
        expect(resolvePartialId(text, { ...PREFIXES, ids: fetched })).toEqual(
          resolvePartialId(text, { ...PREFIXES, ids: all }),
        );
      }),
    );
  });
});

test.each<[string, string[], IdPatterns | undefined]>([
  ["b7k", ["b7k", "gold-b7k"], { like: "%b7k%", behind: [] }],
  ["gold-b7k", ["gold-b7k"], { like: "gold-b7k%", behind: [] }],
  ["web-app-x", ["web-app-x"], { like: "web-app-x%", behind: [] }],
  ["ol", ["ol", "gold-ol"], { like: "%ol%", behind: [{ under: "gold-%", like: "gold-%ol%" }] }],
  ["web-a", ["web-a"], { like: "%web-a%", behind: [] }],
  ["aap-4", ["aap-4"], { like: "%aap-4%", behind: [] }],
  ["a_b", ["a_b", "gold-a_b"], { like: "%a\\_b%", behind: [] }],
  ["odd:id/1", ["odd:id/1"], undefined],
  ["gold-", [], undefined],
  ["", [], undefined],
])("for %j the store looks up %j and %j", (input, exact, patterns) => {
  expect(exactIdCandidates(input, PREFIXES)).toEqual(exact);
  expect(idPatterns(input, PREFIXES)).toEqual(patterns);
});

describe("requireResolved", () => {
  test("gives the id", () => {
    expect(requireResolved("b7", { kind: "found", id: "gold-b7k" })).toBe("gold-b7k");
  });

  test("says that there is none, in the peer's words", () => {
    expect(refusal(() => requireResolved("nosuch", { kind: "none" }))).toEqual({
      kind: "not-found",
      code: "ISSUE_NOT_FOUND",
      message: 'no issue found matching "nosuch"',
    });
  });

  test("names the matches of an ambiguous one, ten at most", () => {
    expect(refusal(() => requireResolved("a", { kind: "ambiguous", ids: ["gold-a1", "gold-a2"] }))).toEqual({
      kind: "not-found",
      code: "AMBIGUOUS_ID",
      message: 'ambiguous ID "a" matches 2 issues: [gold-a1 gold-a2]',
    });
    const many = Array.from({ length: 250 }, (_, n) => `g-${n}`);
    expect(() => requireResolved("g", { kind: "ambiguous", ids: many })).toThrow(
      expect.objectContaining({ details: { id: "g", matches: many.slice(0, 100) } }),
    );
    const ids = Array.from({ length: 12 }, (_, n) => `g-${n}`);
    expect(refusal(() => requireResolved("g", { kind: "ambiguous", ids })).message).toBe(
      'ambiguous ID "g" matches 12 issues: [g-0 g-1 g-2 g-3 g-4 g-5 g-6 g-7 g-8 g-9 …]',
    );
  });
});

function fits(id: string, { like, behind }: IdPatterns): boolean {
  return isLike(id, like) && behind.every((prefix) => isLike(id, prefix.like) || !isLike(id, prefix.under));
}

/** SQL's LIKE, with `\` as its escape character; no `_` in sight. */
function isLike(text: string, pattern: string): boolean {
  const literal = (part: string) => part.replace(/\\(.)/g, "$1").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${pattern.split("%").map(literal).join(".*")}$`, "s").test(text);
}
