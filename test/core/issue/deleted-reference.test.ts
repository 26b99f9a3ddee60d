import { expect, test } from "vitest";
import { withoutDeleted } from "../../../src/core/issue/deleted-reference.ts";

test.each([
  ["see bd-1", "see [deleted:bd-1]"],
  ["bd-1, (bd-1) and bd-1.", "[deleted:bd-1], ([deleted:bd-1]) and [deleted:bd-1]."],
  ["bd-12 xbd-1 bd-1-x bd-1_k bd-1.2", "bd-12 xbd-1 bd-1-x bd-1_k bd-1.2"],
  ["[deleted:bd-1]", "[deleted:bd-1]"],
  ["bd-1.3 under bd-1", "[deleted:bd-1.3] under [deleted:bd-1]"],
])("%j becomes %j", (text, marked) => {
  expect(withoutDeleted({ notes: text }, ["bd-1", "bd-1.3"])).toEqual(text === marked ? {} : { notes: marked });
});

test("an id is no pattern", () => {
  expect(withoutDeleted({ design: "a.b+c axb" }, ["a.b+c"])).toEqual({ design: "[deleted:a.b+c] axb" });
});
