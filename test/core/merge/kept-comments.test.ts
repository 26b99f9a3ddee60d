import { expect, test } from "vitest";
import { keptComments } from "../../../src/core/merge/kept-comments.ts";

const LOST = { issueId: "bd-1", field: "description", text: "One\nTwo", date: "2026-02-01 10:00:00.123" };

test("a lost text becomes a comment by bd that says what it was and when", () => {
  expect(keptComments(LOST)).toEqual([
    {
      id: "353664c0-056d-8de1-bed4-2f182691340b",
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
  const ids = [LOST, { ...LOST, issueId: "bd-2" }, { ...LOST, field: "notes" }, { ...LOST, text: "One\nThree" }].map(
    (lost) => keptComments(lost)[0]?.id,
  );

  expect(new Set(ids).size).toBe(4);
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
