import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jsonMembers, listEntries, printMembers } from "../../../src/core/merge/merge-parts.ts";

test("the members of an object keep their values as they are written", () => {
  const text = ' { "a" : 1.50, "b\\"" : "x,}\\"" ,"c":{"d":[1,{"e":2}]},"__proto__": null } ';

  expect([...(jsonMembers(text) ?? [])]).toEqual([
    ["a", "1.50"],
    ['b"', '"x,}\\""'],
    ["c", '{"d":[1,{"e":2}]}'],
    ["__proto__", "null"],
  ]);
});

test("an object that is taken apart and put together says the same", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const whole: unknown = JSON.parse(printMembers(jsonMembers(text) ?? new Map()));

      expect(whole).toEqual(JSON.parse(text));
    }),
  );
});

test("NULL and the empty object have no members, and what is no object is refused", () => {
  expect(jsonMembers(null)).toEqual(new Map());
  expect(jsonMembers("{}")).toEqual(new Map());
  expect(["", "[1]", '"a"', "null", "{", 5].map((cell) => jsonMembers(cell))).toEqual(Array(6).fill(undefined));
});

test("the entries of a list are named by what stands before the colon", () => {
  expect([...listEntries(" qa:wip, ,done ,")]).toEqual([
    ["qa", "qa:wip"],
    ["done", "done"],
  ]);
});
