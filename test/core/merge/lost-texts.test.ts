import { expect, test } from "vitest";
import { keptComments } from "../../../src/core/merge/lost-texts.ts";

const BIRTH = { wanted: "bd-1", createdBy: "ann", createdAt: "2026-01-01 00:00:00", ext: "" };
const LOST = { issueId: "bd-1", birth: BIRTH, field: "description", text: "One\nTwo", date: "2026-02-01 10:00:00.123" };

test("a lost text becomes a comment by bd that says what it was and when", () => {
  expect(keptComments(LOST)).toEqual([
    {
      id: "cb9106c2-bc9d-8b44-9b88-bcf58815c8e2",
      issue_id: "bd-1",
      author: "bd",
      text: "Lost in a merge: description of 2026-02-01T10:00:00Z\n\nOne\nTwo",
      created_at: "2026-02-01T10:00:00Z",
    },
  ]);
});

test("the same lost text makes the same comment, whatever its date", () => {
  const [first] = keptComments(LOST);
  const [second] = keptComments({ ...LOST, date: "2026-03-01T00:00:00Z" });

  expect(second?.id).toBe(first?.id);
});

test("another issue, field or text makes another comment", () => {
  const others = [
    { birth: { ...BIRTH, wanted: "bd-2" } },
    { birth: { ...BIRTH, createdBy: "bob" } },
    { birth: { ...BIRTH, ext: "e1" } },
    { field: "notes" },
    { text: "One\nThree" },
  ];
  const ids = [{}, ...others].map((other) => keptComments({ ...LOST, ...other })[0]?.id);

  expect(new Set(ids).size).toBe(6);
});

test("the same issue makes the same comment whatever id it has by now, also after a rename where its creation is known", () => {
  const known = { ...LOST, birth: { ...BIRTH, ext: "e1" } };
  const [first] = keptComments(known);
  const [renamed] = keptComments({ ...known, issueId: "bd-9", birth: { ...known.birth, wanted: "bd-9" } });

  expect(renamed).toEqual({ ...first, issue_id: "bd-9" });
  expect(keptComments({ ...LOST, issueId: "bd-1_k3f9a2bx" })[0]?.id).toBe(keptComments(LOST)[0]?.id);
  const rounded = { ...BIRTH, createdAt: "2026-01-01 00:00:01" };
  expect(keptComments({ ...LOST, birth: rounded })).toEqual(keptComments(LOST));
});

test("a text that fills a column by itself is kept in two comments", () => {
  const text = `${"é".repeat(32_767)}!`;
  const comments = keptComments({ ...LOST, text });

  expect(comments.map((comment) => comment.text.split("\n", 1)[0])).toEqual([
    "Lost in a merge: description of 2026-02-01T10:00:00Z (1 of 2)",
    "Lost in a merge: description of 2026-02-01T10:00:00Z (2 of 2)",
  ]);
  expect(comments.map((comment) => comment.text.slice(comment.text.indexOf("\n\n") + 2)).join("")).toBe(text);
  expect(comments.every((comment) => Buffer.byteLength(comment.text) <= 65_535)).toBe(true);
  expect(new Set(comments.map(({ id }) => id)).size).toBe(2);
});

test("a key of metadata of any length fits in the first line", () => {
  const [comment] = keptComments({ ...LOST, field: `metadata.${"k".repeat(70_000)}` });

  expect(comment?.text.split("\n", 1)[0]).toMatch(/^Lost in a merge: metadata\.k{91}… of 2026-02-01T10:00:00Z$/);
});
