import * as fc from "fast-check";
import { expect, test } from "vitest";
import { displayWidth } from "../../../../src/cli/present/text/display-width.ts";
import { wrapped } from "../../../../src/cli/present/text/word-wrap.ts";

test("paragraphs are broken between words; what was laid out stays as it is", () => {
  const text = [
    "A paragraph of words",
    "- an item of words",
    "2. an item of words",
    "    indented words stay",
    "```sh",
    "code of many many words",
    "```",
    "https://example.test/a/long/address",
    "",
    "漢字 漢字 漢字 漢字",
  ].join("\n");

  expect(wrapped(text, 12)).toEqual([
    "A paragraph",
    "of words",
    "- an item of words",
    "2. an item of words",
    "    indented words stay",
    "```sh",
    "code of many many words",
    "```",
    "https://example.test/a/long/address",
    "",
    "漢字 漢字",
    "漢字 漢字",
  ]);
});

test("no word is lost, and only a word that is too long is wider than the terminal", () => {
  const words = fc.array(fc.stringMatching(/^[a-z漢]{1,30}$/), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 10, max: 100 }), (given, width) => {
      const lines = wrapped(given.join(" "), width);
      expect(lines.join(" ")).toBe(given.join(" "));
      for (const line of lines) if (line.includes(" ")) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});
