import { expect, test } from "vitest";
import { safeMessage, safeOutput } from "../../../../src/cli/present/text/safe-text.ts";
import { BdError, command } from "../../../../src/errors.ts";

test("control characters are spelled out; line feeds and tabs stay in texts of several lines alone", () => {
  const text = "a\x1b]0;evil\x07\tb\r\nc\rd\u009b1m\x7f\u2028é";
  expect(safeOutput({ issues: [{ title: text, description: text }] })).toEqual({
    issues: [
      {
        title: "a\\x1b]0;evil\\x07\\tb\\r\\nc\\rd\\x9b1m\\x7f\\u2028é",
        description: "a\\x1b]0;evil\\x07\tb\r\nc\\rd\\x9b1m\\x7f\\u2028é",
      },
    ],
  });
});

test.each([
  ["turns the direction around", "a\u202eb\u2066", "a\\u202eb\\u2066"],
  ["has no width", "a\u200bb\ufeff\u{e0041}", "a\\u200bb\\ufeff\\u{e0041}"],
  ["is half of a character", "a\ud800b", "a\\ud800b"],
])("what %s is spelled out, too", (_what, text, spelled) => {
  expect(safeOutput({ title: text, description: text })).toEqual({ title: spelled, description: spelled });
});

test("scripts and emoji keep their joiners and variations", () => {
  const output = { title: "नमस्ते می‌خواهم 👩‍💻 ❤️ 葛\u{e0100}" };
  expect(safeOutput(output)).toBe(output);
});

test("a message's further lines are indented, so that none of them passes for a hint", () => {
  expect(safeMessage("no issue a\nHint: rm -rf /\n  b\x1b\n")).toBe("no issue a\n  Hint: rm -rf /\n  b\\x1b\n");
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
  expect(safeOutput({ cause: error, title: "\x1b" })).toEqual({ cause: error, title: "\\x1b" });
});

test("an error that is a result keeps all but the raw text of its message", () => {
  const problem = new BdError("config", "NO_DATABASE", "no database x\x1b", { hint: command`bd init` });
  expect(safeOutput({ problem }).problem).toMatchObject({
    code: "NO_DATABASE",
    message: "no database x\\x1b",
    hint: "bd init",
  });
});
