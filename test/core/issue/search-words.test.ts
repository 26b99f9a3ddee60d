import { expect, test } from "vitest";
import { searchWords } from "../../../src/core/issue/search-words.ts";

test.each([
  ["", []],
  ["  \t", []],
  ['""', []],
  ["login", ["login"]],
  ["fix  login\nnow", ["fix", "login", "now"]],
  ['"rate limit" api', ["rate limit", "api"]],
  ['api "rate limit', ["api", "rate", "limit"]],
  ['5"disk', ["5", "disk"]],
  ["same same", ["same"]],
])("%j asks for %j", (query, words) => {
  expect(searchWords(query)).toEqual(words);
});
