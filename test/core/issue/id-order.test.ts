import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareIds, familyOf } from "../../../src/core/issue/id-order.ts";

test("ids stand as people count", () => {
  const ids = ["bd-10", "bd-a.10", "bd-a", "bd-9", "bd-a.2.1", "bd-a.2", "bd-a.09", "bd-b"];
  expect(ids.toSorted(compareIds)).toEqual([
    "bd-9",
    "bd-10",
    "bd-a",
    "bd-a.2",
    "bd-a.2.1",
    "bd-a.09",
    "bd-a.10",
    "bd-b",
  ]);
});

test.each([
  ["bd-a1b", "bd-a1b"],
  ["bd-a1b.2.1", "bd-a1b"],
  ["my.app-a1b.2", "my.app-a1b"],
  ["my.app-a1b", "my.app-a1b"],
])("%s is of the family of %s", (id, family) => {
  expect(familyOf(id)).toBe(family);
});

test("any ids have one order", () => {
  const ids = fc.array(fc.stringMatching(/^[a-c]{1,2}-[0-2a]{1,3}(\.[0-9]{1,2}){0,2}$/), { maxLength: 8 });
  fc.assert(
    fc.property(ids, (given) => {
      const sorted = given.toSorted(compareIds);
      expect(given.toReversed().toSorted(compareIds).map(familyOf)).toEqual(sorted.map(familyOf));
      for (const [index, id] of sorted.slice(1).entries())
        expect(compareIds(sorted[index] ?? "", id)).toBeLessThanOrEqual(0);
    }),
  );
});
