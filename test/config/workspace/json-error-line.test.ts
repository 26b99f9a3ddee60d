import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jsonErrorLine } from "../../../src/config/workspace/json-error-line.ts";

test.each([
  ['{"a": 1}', undefined],
  ["", 1],
  ['{\n"a": 1\n"b": 2\n}', 3],
  ['{\n"a": 1,\n}', 3],
  ['{\n"a": "x\ny"\n}', 2],
  ["[1,\n2]\n]", 3],
  ['{"a": [1,\n{"b": 01}]}', 2],
  ['{\n"a": {\n"b": 1\n\n\n', 3],
])("finds the line where %j stops being JSON", (text, line) => {
  expect(jsonErrorLine(text)).toBe(line);
});

test("agrees with JSON.parse on what is JSON", () => {
  const mutilated = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", '"', "\n", "x", "0"))
    .map(([text, at, junk]) => {
      const position = at % (text.length + 1);
      return text.slice(0, position) + junk + text.slice(position + 1);
    });
  fc.assert(
    fc.property(mutilated, (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      expect(jsonErrorLine(text) === undefined).toBe(valid);
    }),
    { numRuns: 2000 },
  );
});
