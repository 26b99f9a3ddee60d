import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Cursor, cursorText, parseCursor } from "../../../src/core/changes/cursor.ts";

const hash = fc.stringMatching(/^[0-9a-v]{32}$/);
const read = fc.nat({ max: 999_999_999 });
const anyCursor: fc.Arbitrary<Cursor> = fc.oneof(
  fc.record({ commit: hash }),
  fc.record({ commit: hash, read }),
  fc.record({ commit: hash, from: hash, read }),
);

test("a cursor is read as it was written", () => {
  fc.assert(
    fc.property(anyCursor, (cursor) => {
      expect(
        parseCursor(`${cursorText(cursor)}
`),
      ).toEqual(cursor);
    }),
  );
});

test.each([
  "",
  "HEAD",
  "uipbrss8",
  `${"a".repeat(32)}:`,
  `${"a".repeat(32)}:-1`,
  `${"a".repeat(32)}..${"b".repeat(32)}`,
  "w".repeat(32),
])("%j is no cursor", (text) => {
  expect(() => parseCursor(text)).toThrowError(expect.objectContaining({ code: "CURSOR_INVALID", kind: "usage" }));
});
