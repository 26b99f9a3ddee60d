import { describe, expect, test } from "vitest";
import { parseLine } from "../../../src/core/jsonl/parse-line.ts";

const line = (fields: object) => parseLine(JSON.stringify({ id: "bd-1", title: "One", ...fields }));

function issueOf(fields: object) {
  const parsed = line(fields);
  if (parsed.kind !== "issue") throw new Error(`expected an issue, got ${JSON.stringify(parsed)}`);
  return parsed.issue;
}

describe("parseLine", () => {
  test("gives what a short line leaves out its usual value, and no times", () => {
    expect(issueOf({})).toEqual({
      fields: { id: "bd-1", title: "One", status: "open", priority: 2, issue_type: "task" },
      labels: [],
      dependencies: [],
      comments: [],
    });
  });

  test("cuts times to whole seconds, in UTC", () => {
    const { fields } = issueOf({ created_at: "2025-12-25T00:59:03.967211-08:00", due_at: "0001-01-01T00:00:00Z" });
    expect(fields.created_at).toBe("2025-12-25T08:59:03Z");
    expect(fields).not.toHaveProperty("due_at");
  });

  test("keeps types, statuses and dependency types that nobody configured", () => {
    const { fields, dependencies } = issueOf({
      status: "in_review",
      issue_type: "merge-request",
      dependencies: [{ depends_on_id: "gone-1", type: "hears-of" }],
    });
    expect(fields).toMatchObject({ status: "in_review", issue_type: "merge-request" });
    expect(dependencies).toEqual([{ issue_id: "bd-1", depends_on_id: "gone-1", type: "hears-of" }]);
  });

  test.each(["9007199254740991", "9007199254740993", "9223372036854775807", "-9223372036854775808"])(
    "keeps all digits of a timeout of %s nanoseconds",
    (digits) => {
      const parsed = parseLine(`{"id":"bd-1","title":"One","timeout":${digits}}`);
      expect(parsed).toMatchObject({ kind: "issue" });
      expect(parsed.kind === "issue" && String(parsed.issue.fields.timeout)).toBe(digits);
    },
  );

  test("keeps what nobody may type, and the tables hold", () => {
    const odd = { title: " ", priority: -1, issue_type: "", estimated_minutes: -5, metadata: [1], labels: ["", " "] };
    const { fields, labels } = issueOf(odd);
    expect({ ...fields, labels }).toMatchObject(odd);
  });

  test("passes over the first line of later programs", () => {
    expect(parseLine('{"_schema":"beads-jsonl/1","exported_at":"2026-11-30T00:00:00Z"}')).toEqual({ kind: "blank" });
  });

  test("takes the numbers of an older program's comments for no ids", () => {
    const { comments } = issueOf({
      comments: [
        { id: 7, author: "ann", text: "hi", created_at: "2026-01-01T00:00:00Z" },
        { id: "01a1f8e7-2e32-72f4-9281-70d401b635f9", author: "bob", text: "ho" },
      ],
    });
    expect(comments.map(({ id }) => id)).toEqual([undefined, "01a1f8e7-2e32-72f4-9281-70d401b635f9"]);
  });

  test("reads `wisp` as ephemeral", () => {
    expect(issueOf({ wisp: true }).fields.ephemeral).toBe(true);
  });

  test("names fields that no column holds, and not those that are worked out anew", () => {
    expect(line({ deleted_at: "x", dependency_count: 1, parent: "bd-0" })).toMatchObject({
      ignoredFields: ["deleted_at"],
    });
  });

  test.each(["a b", "My Project-x1", "gt/mayor", "bd-$(touch x)", "@scope-1", "漢字-1", "nohyphen"])(
    "takes the id %j, as other programs made it",
    (id) => {
      expect(issueOf({ id }).fields.id).toBe(id);
    },
  );

  test("tells tombstones, memories and blank lines apart", () => {
    expect(line({ status: "tombstone", title: undefined })).toEqual({ kind: "tombstone" });
    expect(parseLine('{"_type":"memory","key":"k","value":"v"}')).toEqual({ kind: "memory", key: "k", value: "v" });
    expect(parseLine("  ")).toEqual({ kind: "blank" });
  });

  test.each([
    ["{", "it is not JSON"],
    ["[1]", "it is not a JSON object"],
    ['{"title":"x"}', "no id"],
    ['{"id":" ","title":"x"}', 'the id " " is blank'],
    ['{"id":"-rf","title":"x"}', 'the id "-rf" begins with a hyphen, as options do'],
    ['{"id":"a\\nb","title":"x"}', 'the id "a\\nb" holds characters that can\'t be seen'],
    ['{"id":"bd-1"}', "no title"],
    ['{"id":"bd-1","title":7}', "title is not a text"],
    ['{"_type":"molecule","id":"bd-1"}', 'the _type "molecule" is unknown'],
  ])("refuses %s", (text, reason) => {
    expect(parseLine(text)).toEqual({ kind: "bad", reason });
  });

  test.each([
    [{ title: "x".repeat(501) }, "title must be 500 characters or less (got 501)"],
    [{ notes: "x".repeat(65_536) }, "notes is 65536 bytes, over the limit of 65535 bytes"],
    [{ assignee: "a\0b" }, "assignee holds a NUL character"],
    [{ priority: "1" }, "priority is not a whole number"],
    [{ timeout: 1e19 }, "timeout is more than a BIGINT holds"],
    [{ created_at: "yesterday" }, 'created_at is not a time ("yesterday")'],
    [{ due_at: "2026-02-30T00:00:00Z" }, 'due_at is not a time ("2026-02-30T00:00:00Z")'],
    [{ pinned: 1 }, "pinned is not true or false"],
    [{ waiters: "ann" }, "waiters is not a list of texts"],
    [{ labels: "a" }, "labels is not a list"],
    [{ dependencies: [{}] }, "a dependency without depends_on_id"],
    [{ dependencies: [{ issue_id: "bd-2", depends_on_id: "bd-3" }] }, "a dependency of another issue (bd-2)"],
    [{ dependencies: [{ depends_on_id: "bd-3", metadata: "{" }] }, "a dependency's metadata is not JSON"],
    [{ comments: ["hi"] }, "a comment is not a JSON object"],
  ])("refuses %j", (fields, reason) => {
    expect(line(fields)).toEqual({ kind: "bad", reason });
  });
});

test("a line that is nested too deeply is bad, and no fault of the program", () => {
  const deep = (levels: number) =>
    `{"id":"bd-1","title":"T","metadata":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`;

  expect(parseLine(deep(100_000))).toEqual({ kind: "bad", reason: "it is nested more than 500 levels deep" });
  expect(parseLine(deep(400))).toMatchObject({ kind: "issue" });
});
