import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editMetadata, parseMetadata } from "../../../src/core/json/metadata-json.ts";
import { refusal } from "../refusal.ts";

describe("parseMetadata", () => {
  test("reads an object", () => {
    expect(parseMetadata(' {"team":"core","n":3} ')).toEqual({ team: "core", n: 3 });
  });

  test.each(["{", "", "{'a':1}", "nope"])("refuses %j as no JSON", (text) => {
    expect(refusal(() => parseMetadata(text))).toEqual({
      kind: "usage",
      code: "INVALID_METADATA",
      message: "invalid JSON in --metadata: must be valid JSON",
    });
  });

  test.each(["[]", "1", "null", '"text"'])("refuses %j as no object", (text) => {
    expect(refusal(() => parseMetadata(text)).message).toBe("invalid JSON in --metadata: must be a JSON object");
  });
});

describe("editMetadata", () => {
  test("merges on the top level, then sets, then unsets", () => {
    const current = { keep: 1, deep: { a: 1 }, gone: true, both: "x" };
    const edits = { merge: { deep: { b: 2 }, both: "y" }, set: ["both=z"], unset: ["gone", "never-there"] };
    expect(editMetadata(current, edits)).toEqual({ keep: 1, deep: { b: 2 }, both: "z" });
    expect(current).toEqual({ keep: 1, deep: { a: 1 }, gone: true, both: "x" });
  });

  test.each([
    ["null", null],
    ["true", true],
    ["false", false],
    ["42", 42],
    ["-1.5e3", -1500],
    ["", ""],
    ["True", "True"],
    ["007", "007"],
    ["1.", "1."],
    ["+1", "+1"],
    ["1e999", "1e999"],
    ["9007199254740993", "9007199254740993"],
    ['{"a":1}', '{"a":1}'],
    ["a=b", "a=b"],
  ])("--set-metadata k=%s stores %j", (text, value) => {
    expect(editMetadata(undefined, { set: [`k=${text}`] })).toEqual({ k: value });
  });

  test.each([
    ["novalue", 'invalid --set-metadata: expected key=value, got "novalue"'],
    ["=x", 'invalid --set-metadata: expected key=value, got "=x"'],
    ["a b=x", 'invalid metadata key "a b": must match [a-zA-Z_][a-zA-Z0-9_.-]*'],
  ])("refuses --set-metadata %s", (assignment, message) => {
    expect(refusal(() => editMetadata({}, { set: [assignment] }))).toEqual({
      kind: "usage",
      code: "INVALID_METADATA",
      message,
    });
  });

  test("refuses to unset what is no key", () => {
    expect(refusal(() => editMetadata({}, { unset: ["$.a"] })).message).toBe(
      'invalid metadata key "$.a": must match [a-zA-Z_][a-zA-Z0-9_.-]*',
    );
  });

  test("__proto__ is a key like any other", () => {
    const edited = editMetadata(parseMetadata('{"__proto__":{"a":1}}'), { merge: parseMetadata('{"b":1}') });
    expect(JSON.stringify(edited)).toBe('{"__proto__":{"a":1},"b":1}');
    expect(JSON.stringify(editMetadata({}, { set: ["__proto__=x"] }))).toBe('{"__proto__":"x"}');
  });

  test("no edits change nothing", () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(objects, (current) => JSON.stringify(editMetadata(current, {})) === JSON.stringify({ ...current })),
    );
  });
});
