import { expect, test } from "vitest";
import { cutToWidth, displayWidth } from "../../../../src/cli/present/text/display-width.ts";

test.each([
  ["", 0],
  ["plain text", 10],
  ["Übergröße, Ελλάδα, Москва", 25],
  ["○ ◐ ● ✓ ❄ ◇ └── …", 17],
  ["📌", 2],
  ["漢字", 4],
  ["ｆｕｌｌ", 8],
  ["e\u0301", 1],
  ["한글", 4],
  ["\u1112\u1161\u11ab", 2],
  ["👩‍🚀", 2],
  ["👍🏽", 2],
  ["🇳🇵", 2],
  ["❤️", 2],
  ["1️⃣", 2],
  ["©", 1],
])("%j takes %i columns", (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test.each([
  ["short", 5, "short"],
  ["longer", 5, "long…"],
  ["two words", 5, "two…"],
  ["漢字漢字", 6, "漢字…"],
  ["漢字漢字", 5, "漢字…"],
  ["漢字漢字", 4, "漢…"],
  ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
  ["👩‍🚀👩‍🚀", 3, "👩‍🚀…"],
  ["any", 1, "…"],
  ["any", 0, ""],
])("%j cut to %i columns is %j", (text, width, expected) => {
  expect(cutToWidth(text, width)).toBe(expected);
});
