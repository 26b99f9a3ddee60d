import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringifyCompact, stringifyIndented, withSortedKeys } from "../../../src/core/json/go-json.ts";

test("compact JSON escapes what Go escapes, in keys too", () => {
  expect(stringifyCompact({ "a<b": "x > y && \u2028\u2029", quote: '"\\\n' })).toBe(
    '{"a\\u003cb":"x \\u003e y \\u0026\\u0026 \\u2028\\u2029","quote":"\\"\\\\\\n"}',
  );
});

test("indented JSON has two spaces, and empty containers stay on one line", () => {
  expect(stringifyIndented({ a: ["<"], b: [], c: {} })).toBe(
    '{\n  "a": [\n    "\\u003c"\n  ],\n  "b": [],\n  "c": {}\n}',
  );
});

test("undefined is null at the top and left out inside", () => {
  expect(stringifyCompact(undefined)).toBe("null");
  expect(stringifyCompact({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test("emoji and right-to-left text stay readable", () => {
  expect(stringifyCompact("🐛 שלום")).toBe('"🐛 שלום"');
});

test("both forms read back as the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      const both = [stringifyCompact(value), stringifyIndented(value)];
      return both.every((text) => JSON.stringify(JSON.parse(text)) === json && !/[<>&\u2028\u2029]/.test(text));
    }),
  );
});

test("sorting keys goes all the way down and keeps the order of arrays", () => {
  expect(stringifyCompact(withSortedKeys({ b: 1, a: [{ d: 1, c: null }, 3, 2] }))).toBe(
    '{"a":[{"c":null,"d":1},3,2],"b":1}',
  );
});
