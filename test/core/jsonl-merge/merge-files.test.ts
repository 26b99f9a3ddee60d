import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeFiles } from "../../../src/core/jsonl-merge/merge-files.ts";
import type { Files3 } from "../../../src/core/jsonl-merge/sort-out-lines.ts";

const A = {
  id: "t-1",
  title: "One",
  status: "open",
  priority: 2,
  issue_type: "task",
  created_at: "2026-01-01T00:00:00Z",
  created_by: "ada",
  updated_at: "2026-01-01T00:00:00Z",
};
const B = { ...A, id: "t-2", title: "Two", created_at: "2026-01-02T00:00:00Z" };
const edgeTo = (id: string) => ({ depends_on_id: id, type: "blocks", created_at: "2026-01-01T00:00:00Z" });
const DAY_2 = "2026-01-02T00:00:00Z";
const DAY_3 = "2026-01-03T00:00:00Z";

describe("merging three versions of a file of issues", () => {
  it("takes fields of both sides", () => {
    const [line] = merged([A], [{ ...A, title: "New", updated_at: DAY_2 }], [{ ...A, priority: 0, updated_at: DAY_3 }]);
    expect(line).toEqual({ ...A, title: "New", priority: 0, updated_at: DAY_3 });
  });

  it("takes the field of the later line where both changed it", () => {
    const [line] = merged([A], [{ ...A, title: "Z", updated_at: DAY_2 }], [{ ...A, title: "A", updated_at: DAY_3 }]);
    expect(line).toMatchObject({ title: "A" });
  });

  it("lets closed beat an edit that left it open", () => {
    const closed = { ...A, status: "closed", closed_at: DAY_2, close_reason: "done", updated_at: DAY_2 };
    const [line] = merged([A], [closed], [{ ...A, status: "in_progress", updated_at: DAY_3 }]);
    expect(line).toMatchObject({ status: "closed", closed_at: DAY_2, close_reason: "done" });
  });

  it("unites labels, dependencies and comments", () => {
    const edge = { issue_id: "t-1", depends_on_id: "t-2", type: "blocks", created_at: DAY_2 };
    const comment = { id: "c", issue_id: "t-1", author: "ada", text: "hi", created_at: DAY_2 };
    const [line] = merged(
      [{ ...A, labels: ["old", "stays"] }, B],
      [{ ...A, labels: ["ours", "stays"], dependencies: [edge] }, B],
      [{ ...A, labels: ["old", "stays", "theirs"], comments: [comment] }, B],
    );
    expect(line).toEqual({ ...A, labels: ["ours", "stays", "theirs"], dependencies: [edge], comments: [comment] });
  });

  it("keeps a long text that lost as a comment by bd", () => {
    const long = "A design of which more than one line was written by somebody who meant every single word.";
    const [line] = merged([A], [{ ...A, design: long, updated_at: DAY_2 }], [{ ...A, design: "B", updated_at: DAY_3 }]);
    expect(line).toMatchObject({ design: "B", comments: [{ author: "bd", text: expect.stringContaining(long) }] });
  });

  it("merges fields that it does not know as they are written, with all their digits", () => {
    const withTail = (line: object, tail: string) => `${JSON.stringify(line).slice(0, -1)},${tail}}\n`;
    const file = mergeFiles(
      {
        base: withTail(A, `"x":1,"y":1`),
        ours: withTail({ ...A, priority: 1 }, `"x":12345678901234567890,"y":1`),
        theirs: withTail(A, `"x":1,"y":{"b":1, "a":2}`),
      },
      7,
    );
    expect(file.text).toBe(withTail({ ...A, priority: 1 }, `"x":12345678901234567890,"y":{"b":1, "a":2}`));
  });

  it("lets a missing line beat a change only where it is told so, from either side", () => {
    const [base, without, changed] = [text([A, B]), text([B]), text([{ ...A, title: "New", updated_at: DAY_2 }, B])];
    const win = { implicitDeletes: true };
    for (const [ours, theirs] of [
      [without, changed],
      [changed, without],
    ] as const) {
      expect(mergeFiles({ base, ours, theirs }, 7).text).toBe(changed);
      expect(mergeFiles({ base, ours, theirs }, 7, win).text).toBe(without);
    }
    // What is new on one side was never there on the other.
    expect(
      mergeFiles({ base: text([B]), ours: text([A, B]), theirs: text([{ ...B, priority: 0 }]) }, 7, win).text,
    ).toBe(text([A, { ...B, priority: 0 }]));
  });

  it("merges what others wrote into a dependency or a comment as it is, with all digits", () => {
    const parts = (edge: string, comment: string) =>
      `"dependencies":[{"issue_id":"t-1","depends_on_id":"t-2","type":"blocks"${edge}}],"comments":[{"id":"c","issue_id":"t-1","author":"ada","text":"hi","created_at":"${DAY_2}"${comment}}]`;
    const line = (more: string) => `${JSON.stringify(A).slice(0, -1)},${more}}\n`;
    const file = mergeFiles(
      {
        base: line(parts(`,"x":{"n":1}`, "")),
        ours: line(parts(`,"x":{"n":12345678901234567890}`, "")),
        theirs: line(parts(`,"x":{"n":1}`, `,"seen":[2]`)),
      },
      7,
    );
    expect(file.text).toContain(`"x":{"n":12345678901234567890}`);
    expect(file.text).toContain(`"seen":[2]`);
  });

  it("leaves the bytes of a line that one side alone touched", () => {
    const odd = `{ "title":"One!", "id":"t-1" ,"priority":1}`;
    expect(mergeFiles({ base: text([A]), ours: `${odd}\n`, theirs: text([A, B]) }, 7).text).toBe(
      `${odd}\n${text([B])}`,
    );
  });

  it("sorts by id, with a header before and other lines behind", () => {
    const header = `{"_schema":"x"}`;
    const memory = `{"_type":"memory","key":"k","value":"v"}`;
    const file = mergeFiles({ base: "", ours: `${memory}\n${text([B])}`, theirs: `${header}\n${text([A])}` }, 7);
    expect(file.text).toBe(`${header}\n${text([A, B])}${memory}\n`);
  });

  it("takes the side that changed a remembered text", () => {
    const memory = (value: string) => `{"_type":"memory","key":"k","value":"${value}"}\n`;
    const files = { base: memory("z"), ours: memory("a"), theirs: memory("z") + text([A]) };
    expect(mergeFiles(files, 7).text).toBe(text([A]) + memory("a"));
  });

  it("makes one line of a line that another program doubled", () => {
    const later = { ...A, title: "Later", updated_at: DAY_2 };
    expect(merged([], [A, later], [B])).toEqual([later, B]);
  });
});

describe("deletions in a file", () => {
  const stone = { ...A, status: "tombstone", deleted_at: DAY_2, deleted_by: "eve", original_type: "task" };

  it("lets a tombstone beat a change", () => {
    expect(merged([A], [stone], [{ ...A, title: "New", updated_at: DAY_3 }])).toEqual([stone]);
  });

  it("lets no tombstone delete that had expired by the newest time of the files", () => {
    const changed = { ...A, title: "New", updated_at: "2026-02-03T00:00:00Z" };
    expect(merged([A], [stone], [changed])).toEqual([changed]);
  });

  it("lets a restored issue stand that was a tombstone for both", () => {
    expect(merged([stone], [stone, B], [A])).toEqual([A, B]);
  });

  it("takes the later of two tombstones", () => {
    const later = { ...stone, deleted_at: DAY_3 };
    expect(merged([A], [later], [stone])).toEqual([later]);
  });

  it("drops edges to an issue that is deleted", () => {
    const edge = { issue_id: "t-2", depends_on_id: "t-1", type: "blocks", created_at: DAY_2 };
    expect(merged([A, B], [stone, B], [A, { ...B, dependencies: [edge] }])).toEqual([stone, B]);
  });

  it("keeps a change of a line that the other side merely lacks", () => {
    const changed = { ...A, title: "New", updated_at: DAY_2 };
    expect(merged([A, B], [B], [changed, B])).toEqual([changed, B]);
  });

  it("takes an unchanged line out that the other side lacks", () => {
    expect(merged([A, B], [B], [A, { ...B, priority: 0 }])).toEqual([{ ...B, priority: 0 }]);
  });
});

describe("which line is which issue", () => {
  it("gives one of two issues of one id the id that follows from what it is", () => {
    const other = { ...A, title: "Other", created_by: "bob", created_at: DAY_2, updated_at: DAY_2 };
    const edge = { issue_id: "t-2", depends_on_id: "t-1", type: "blocks", created_at: DAY_2 };
    const lines = merged([], [A], [other, { ...B, dependencies: [edge] }]);
    expect(lines.map(({ title }) => title)).toEqual(["One", "Two", "Other"].toSorted((a, b) => order(lines, a, b)));
    const moved = lines.find(({ title }) => title === "Other");
    expect(moved?.["id"]).toMatch(/^t-1_[a-z0-9]{8}$/);
    expect(lines.find(({ title }) => title === "Two")).toMatchObject({
      dependencies: [{ depends_on_id: moved?.["id"] }],
    });
  });

  it("follows issues to another prefix with the edits of the other side", () => {
    const twin = { ...B, created_at: A.created_at };
    const renamed = [
      { ...A, id: "new-1", updated_at: DAY_2 },
      { ...twin, id: "new-2", updated_at: DAY_2 },
    ];
    const lines = merged([A, twin], renamed, [
      { ...A, priority: 0 },
      { ...twin, title: "Edited" },
    ]);
    expect(lines).toEqual([
      { ...renamed[0], priority: 0 },
      { ...renamed[1], title: "Edited" },
    ]);
  });
});

describe("lines that can't be read", () => {
  it("stand whole between conflict markers of the size that was asked for", () => {
    const file = mergeFiles({ base: text([A]), ours: `${text([A])}{"id":\n`, theirs: text([A, B]) }, 9);
    expect(file).toEqual({
      text: `${text([A, B])}<<<<<<<<< ours\n{"id":\n=========\n>>>>>>>>> theirs\n`,
      unreadable: 1,
    });
  });

  it("mean in the base that there is no base", () => {
    const file = mergeFiles(
      { base: `<<<<<<<<< ours\n${text([A])}=========\n`, ours: text([A]), theirs: text([A, B]) },
      7,
    );
    expect(file).toEqual({ text: text([A, B]), unreadable: 0 });
  });
});

describe("any three versions", () => {
  const issue = fc.record({
    title: fc.constantFrom("a", "b", "c"),
    status: fc.constantFrom("open", "closed", "tombstone"),
    priority: fc.nat(4),
    labels: fc.subarray(["x", "y", "z"]),
    updated_at: fc.constantFrom(DAY_2, DAY_3, "2026-03-01T00:00:00Z"),
    deleted_at: fc.constantFrom(DAY_2, DAY_3),
    created_by: fc.constantFrom("ada", "bob"),
    extra: fc.option(fc.nat(2), { nil: undefined }),
  });
  const file = fc
    .dictionary(fc.constantFrom("t-1", "t-2", "t-3", "u-1", "u-2"), issue, { maxKeys: 5 })
    .map((issues) => text(Object.entries(issues).map(([id, fields]) => ({ id, created_at: A.created_at, ...fields }))));
  /** Nothing is deleted or renamed: the usual case. */
  const edit = fc.record(
    {
      title: fc.constantFrom("a", "b", "c"),
      status: fc.constantFrom("open", "closed", "in_progress"),
      labels: fc.subarray(["x", "y", "z"]),
      dependencies: fc.subarray([edgeTo("t-2"), edgeTo("u-1")]),
      description: fc.constantFrom("", "A description of which more than one line was written, and then some more."),
      updated_at: fc.constantFrom(DAY_2, DAY_3, "2026-03-01T00:00:00Z"),
      extra: fc.nat(2),
    },
    { requiredKeys: [] },
  );
  const IDS = ["t-1", "t-2", "t-3", "u-1", "u-2"];
  const edits = fc.dictionary(fc.constantFrom(...IDS), edit, { maxKeys: 3 });
  const editedFiles: fc.Arbitrary<Files3> = fc
    .tuple(edits, edits, fc.subarray(["v-1"]), fc.subarray(["w-1"]))
    .map(([ours, theirs, made, alsoMade]) => {
      const version = (changes: Readonly<Record<string, object>>, ids: readonly string[]) =>
        text([...IDS, ...ids].map((id, n) => ({ ...A, id, created_at: `2026-01-01T00:00:0${n}Z`, ...changes[id] })));
      return { base: version({}, []), ours: version(ours, made), theirs: version(theirs, alsoMade) };
    });
  const files: fc.Arbitrary<Files3> = fc.record({ base: file, ours: file, theirs: file });

  it("come to the same from both sides", () => {
    fc.assert(
      fc.property(files, ({ base, ours, theirs }) => {
        expect(mergeFiles({ base, ours, theirs }, 7)).toEqual(mergeFiles({ base, ours: theirs, theirs: ours }, 7));
      }),
      { numRuns: 400 },
    );
  });

  it("come to the same in whatever order their lines stand", () => {
    const shuffled = ({ base, ours, theirs }: Files3) =>
      fc.record({ base: linesShuffled(base), ours: linesShuffled(ours), theirs: linesShuffled(theirs) });
    const both = files.chain((sorted) => fc.tuple(fc.constant(sorted), shuffled(sorted)));
    fc.assert(
      fc.property(both, ([sorted, other]) => {
        const [one, two] = [sorted, other].map((three) => sortedLines(mergeFiles(three, 7).text));
        expect(one).toEqual(two);
      }),
      { numRuns: 400 },
    );
  });

  it("come to the same whether a line may be taken whole or all must be weighed", () => {
    // Somebody gave an issue of nobody else's another id: so no line is taken whole.
    const [before, after] = ["zz-1", "zz-9"].map((id) => text([{ ...A, id, created_at: DAY_2 }]));
    fc.assert(
      fc.property(fc.oneof(files, editedFiles), ({ base, ours, theirs }) => {
        const quick = mergeFiles({ base, ours, theirs }, 7).text;
        const whole = mergeFiles({ base: base + before, ours: ours + after, theirs: theirs + before }, 7).text;
        expect(sortedLines(whole)).toEqual(sortedLines(quick + after));
      }),
      { numRuns: 1000 },
    );
  });

  it("have no id twice, and come to rest", () => {
    fc.assert(
      fc.property(files, ({ base, ours, theirs }) => {
        const result = mergeFiles({ base, ours, theirs }, 7).text;
        const ids = parsed(result).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(mergeFiles({ base: result, ours: result, theirs }, 7).text).toBe(theirs);
        expect(mergeFiles({ base, ours: result, theirs: result }, 7).text).toBe(result);
      }),
      { numRuns: 400 },
    );
  });
});

function linesShuffled(file: string): fc.Arbitrary<string> {
  const lines = file.split("\n").filter((line) => line !== "");
  return fc
    .shuffledSubarray(lines, { minLength: lines.length })
    .map((shuffled) => shuffled.map((line) => `${line}\n`).join(""));
}

/** Where two versions are the same, the third is taken as it stands. */
const sortedLines = (file: string) => file.split("\n").toSorted();

function order(lines: readonly Record<string, unknown>[], a: string, b: string): number {
  const at = (title: string) => lines.findIndex((line) => line["title"] === title);
  return at(a) - at(b);
}

function merged(
  base: readonly object[],
  ours: readonly object[],
  theirs: readonly object[],
): Record<string, unknown>[] {
  return parsed(mergeFiles({ base: text(base), ours: text(ours), theirs: text(theirs) }, 7).text);
}

function parsed(file: string): Record<string, unknown>[] {
  return file
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function text(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
