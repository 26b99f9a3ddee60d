import { expect, test } from "vitest";
import {
  byKey,
  type CodeObject,
  changedCode,
  codeKey,
  incomingCode,
} from "../../../src/core/foreign-code/code-change.ts";
import { concernsTracker } from "../../../src/core/foreign-code/tracker-tables.ts";

function trigger(name: string, definition = "x"): CodeObject {
  return { kind: "trigger", name, definition };
}

test("only what the other side has made or changed since both parted comes in", () => {
  const base = byKey([trigger("old"), trigger("removed_here"), trigger("mended", "1")]);
  const ours = byKey([trigger("old"), trigger("ours"), trigger("mended", "2")]);
  const theirs = byKey([trigger("old"), trigger("removed_here"), trigger("mended", "1"), trigger("evil")]);

  const come = incomingCode(changedCode(ours, theirs), changedCode(base, theirs));

  expect(come.map(codeKey)).toEqual(["trigger:evil"]);
});

test("what both changed differently comes in", () => {
  const [base, ours, theirs] = ["0", "1", "2"].map((definition) => byKey([trigger("t", definition)]));
  const come = incomingCode(
    changedCode(ours ?? new Map(), theirs ?? new Map()),
    changedCode(base ?? new Map(), theirs ?? new Map()),
  );
  expect(come).toEqual([{ ...trigger("t", "2"), change: "changed" }]);
});

test.each([
  ["wisps", true],
  ["wisp_%", true],
  ["WISP*", true],
  ["%", true],
  ["issue?", true],
  ["bd_%", true],
  ["bd_feed", true],
  ["%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%x", true],
  ["ann_%", false],
  ["issue.", false],
  ["(issues", false],
])("the pattern %s concerns the tracker: %s", (pattern, does) => {
  expect(concernsTracker(pattern)).toBe(does);
});
