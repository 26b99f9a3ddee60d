import { expect, test } from "vitest";
import { idsToLookUp, matchLines, type StoredBirth } from "../../../src/core/jsonl/match-lines.ts";
import { type LineIssue, parseLine } from "../../../src/core/jsonl/parse-line.ts";

function line(fields: Readonly<Record<string, unknown>>): LineIssue {
  const parsed = parseLine(JSON.stringify({ title: "A title", ...fields }));
  if (parsed.kind !== "issue") throw new Error(`the line is ${parsed.kind}`);
  return parsed.issue;
}

function here(...births: StoredBirth[]): ReadonlyMap<string, StoredBirth> {
  return new Map(births.map((birth) => [birth.id, birth]));
}

const ANNS = { id: "x-1", created_by: "ann", created_at: "2026-03-01T10:00:00Z" };
const BOBS = { id: "x-1", created_by: "bob", created_at: "2026-03-01T11:00:00Z" };
const BOBS_MOVED = "x-1_gw99awsb";

function idsOf(lines: readonly LineIssue[], stored: ReadonlyMap<string, StoredBirth>): string[] {
  return matchLines(lines, stored).lines.map(({ fields }) => fields.id);
}

test("a line is about the issue that was made by the same person in the same second", () => {
  expect(idsOf([line(ANNS)], here(ANNS))).toEqual(["x-1"]);
  expect(idsOf([line(ANNS)], here())).toEqual(["x-1"]);
});

test("programs that cut or round fractions of a second, and other zones, make no other issue of it", () => {
  expect(idsOf([line({ ...ANNS, created_at: "2026-03-01T12:00:00.999+02:00" })], here(ANNS))).toEqual(["x-1"]);
  expect(idsOf([line(ANNS)], here({ ...ANNS, created_at: "2026-03-01T10:00:01Z" }))).toEqual(["x-1"]);
});

test("a line never lands in another issue that has its id: it gets the id that a merge would give it", () => {
  const { lines, moved } = matchLines([line(BOBS)], here(ANNS));

  expect(lines.map(({ fields }) => fields.id)).toEqual([BOBS_MOVED]);
  expect(moved).toEqual([{ id: "x-1", newId: BOBS_MOVED, title: "A title" }]);
});

test("an issue that moved is found again by a file that has it under its old id, and by one that has it under the new", () => {
  const moved = { ...BOBS, id: BOBS_MOVED };

  expect(idsOf([line(BOBS)], here(ANNS, moved))).toEqual([BOBS_MOVED]);
  expect(idsOf([line(BOBS)], here(moved))).toEqual([BOBS_MOVED]);
  expect(idsOf([line(moved)], here(BOBS))).toEqual(["x-1"]);
  expect(idsToLookUp(line(BOBS))).toEqual(["x-1", BOBS_MOVED]);
  expect(idsToLookUp(line(moved))).toEqual([BOBS_MOVED, "x-1"]);
});

test("a line that does not say who made the issue, or when, is about whoever has its id", () => {
  expect(idsOf([line({ id: "x-1" })], here(ANNS))).toEqual(["x-1"]);
  expect(idsOf([line({ id: "x-1", created_by: "bob" })], here(ANNS))).toEqual(["x-1"]);
  expect(idsOf([line(BOBS)], here({ ...ANNS, created_by: "" }))).toEqual(["x-1"]);
});

test("what a file says by an id follows its issue: dependencies both ways, comments", () => {
  const parent = line({ ...BOBS, comments: [{ author: "bob", text: "a word" }] });
  const child = line({
    ...BOBS,
    id: "x-2",
    dependencies: [{ issue_id: "x-2", depends_on_id: "x-1", type: "parent-child" }],
  });

  const { lines } = matchLines([child, parent], here(ANNS));

  expect(
    lines.map(({ fields: { id }, dependencies }) => [id, ...dependencies.map((edge) => edge.depends_on_id)]),
  ).toEqual([["x-2", BOBS_MOVED], [BOBS_MOVED]]);
  expect(lines[1]?.comments.map(({ issue_id }) => issue_id)).toEqual([BOBS_MOVED]);
});

test("of two issues of one file under one id the earlier keeps it, in whatever order they stand", () => {
  const two = [line(BOBS), line(ANNS)];

  expect(idsOf(two, here())).toEqual([BOBS_MOVED, "x-1"]);
  expect(idsOf(two.toReversed(), here())).toEqual(["x-1", BOBS_MOVED]);
});
