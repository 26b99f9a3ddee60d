import { expect, test } from "vitest";
import { safeLines, safeOutput } from "../../../src/cli/present/safe-text.ts";

test("control characters are spelled out; line feeds and tabs stay in texts of several lines alone", () => {
  const text = "a\x1b]0;evil\x07\tb\r\nc\rd\u009b1m\x7f\u2028é";
  expect(safeOutput({ issues: [{ title: text, description: text }] })).toEqual({
    issues: [
      {
        title: "a\\x1b]0;evil\\x07\\tb\\r\\nc\\rd\\x9b1m\\x7f\u2028é",
        description: "a\\x1b]0;evil\\x07\tb\r\nc\\rd\\x9b1m\\x7f\u2028é",
      },
    ],
  });
  expect(safeLines("one\n\ttwo\x1b")).toBe("one\n\ttwo\\x1b");
});

test("texts are found in lists, maps, sets, and names of fields", () => {
  const output = { map: new Map([["a\n", ["b\x1b"]]]), set: new Set(["c\r"]), metadata: { "k\x00": "v\t" } };
  expect(safeOutput(output)).toEqual({
    map: new Map([["a\\n", ["b\\x1b"]]]),
    set: new Set(["c\\r"]),
    metadata: { "k\\x00": "v\\t" },
  });
});

test("what is safe is not copied, and what is no text stays what it is", () => {
  const output = { issues: [{ title: "safe", priority: 1, closed: null, due: undefined, at: new Date(0) }] };
  expect(safeOutput(output)).toBe(output);
  const error = new Error("x\x1b");
  expect(safeOutput({ failures: [error], title: "\x1b" })).toEqual({ failures: [error], title: "\\x1b" });
});
