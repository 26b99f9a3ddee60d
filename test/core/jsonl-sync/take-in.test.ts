import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredIssue } from "../../../src/core/jsonl/compare-issue.ts";
import { newLines } from "../../../src/core/jsonl-sync/calm-file.ts";
import { newsIn } from "../../../src/core/jsonl-sync/file-news.ts";
import { followedIds } from "../../../src/core/jsonl-sync/followed-ids.ts";
import { type IssueFile, printIssueFile, readIssueFile } from "../../../src/core/jsonl-sync/issue-file.ts";
import { issueMeaning, issueText } from "../../../src/core/jsonl-sync/plain-issue.ts";
import { baseOf } from "../../../src/core/jsonl-sync/seen-base.ts";
import { commentName, edgeName, type Ground, takeIn } from "../../../src/core/jsonl-sync/take-in.ts";
import { anyIssue } from "../jsonl/any-issue.ts";

const AT = "2026-05-01T00:00:00Z";

/** Versions of one issue: all made by one person in one second. */
const versions = fc.array(anyIssue("x-1", ["x-2"]), { minLength: 3, maxLength: 3 }).map((all) =>
  all.map(({ issue, parts }): StoredIssue => {
    const { ephemeral: _ephemeral, no_history: _noHistory, ...rest } = issue;
    return {
      issue: { ...rest, created_by: "ann", created_at: AT, updated_at: issue.updated_at },
      labels: parts.labels ?? [],
      dependencies: parts.dependencies ?? [],
      comments: parts.comments ?? [],
    };
  }),
);

function fileOf(...issues: readonly StoredIssue[]) {
  return readIssueFile(issues.map((issue) => `${issueText(issue)}\n`).join(""));
}

function groundOf(here: StoredIssue, more: Partial<Ground> = {}): Ground {
  const nothing = {
    isForward: true,
    seen: [],
    gone: new Map<string, never>(),
    restored: new Map<string, never>(),
    goneParts: new Set<string>(),
    had: new Map<string, never>(),
    before: undefined,
    takenOut: [],
  };
  return { ...nothing, here: new Map([["x-1", here]]), at: AT, bases: more.seen ?? [], ...more };
}

describe("what a version that was seen says", () => {
  test("is no news as a line, and changes nothing as a cell", () => {
    fc.assert(
      fc.property(versions, fc.boolean(), ([old, here, later], isForward) => {
        if (old === undefined || here === undefined || later === undefined) return;
        const seen = [fileOf(here), fileOf(old)];
        expect(newsIn(fileOf(old), seen)).toEqual({ living: [], tombstones: [], bad: [] });
        // A line that is put together from what was seen before.
        const mixed = {
          ...later,
          issue: { ...old.issue, title: here.issue.title, updated_at: later.issue.updated_at },
        };
        const line = { ...mixed, labels: old.labels, dependencies: here.dependencies, comments: old.comments };
        const news = newsIn(fileOf(line), seen);
        const { changed, deleted } = takeIn(news, groundOf(here, { seen, isForward }));
        expect(deleted).toEqual([]);
        for (const { after } of changed) {
          expect(issueMeaning({ ...after, issue: { ...after.issue, updated_at: "" } })).toBe(
            issueMeaning({ ...here, issue: { ...here.issue, updated_at: "" } }),
          );
        }
      }),
    );
  });

  test("is the base where it is the only one", () => {
    fc.assert(
      fc.property(versions, ([line, seen]) => {
        if (line === undefined || seen === undefined) return;
        const base = baseOf(line, { seen: [seen], had: [], isNewer: false });
        expect(base === undefined ? "" : issueMeaning(base)).toBe(issueMeaning(seen));
      }),
    );
  });
});

test("what the tracker had since the file showed it, and has changed again, is no news by whatever way it came", () => {
  fc.assert(
    fc.property(versions, fc.boolean(), ([old, line, now], wasInFile) => {
      if (old === undefined || line === undefined || now === undefined) return;
      const here = { ...now, issue: { ...now.issue, updated_at: line.issue.updated_at } };
      const seen = wasInFile ? [fileOf(old)] : [];
      const had = new Map([["x-1", [here, line, old]]]);
      expect(takeIn(newsIn(fileOf(line), []), groundOf(here, { seen, had })).changed).toEqual([]);
      // A newer line says it anew, but for what makes no line newer.
      const { created_at: made, ...fields } = line.issue;
      const newer = { ...line, issue: { ...fields, created_at: made, updated_at: "2100-01-01T00:00:00Z" } };
      const [{ after } = { after: here }] = takeIn(newsIn(fileOf(newer), []), groundOf(here, { seen, had })).changed;
      expect(after.labels.toSorted()).toEqual(here.labels.toSorted());
      expect(after.comments.map(({ id }) => id).toSorted()).toEqual(here.comments.map(({ id }) => id).toSorted());
    }),
  );
});

test("of an older line of unknown origin comments and dependencies count that nobody knew of or took away", () => {
  const idOf = (n: number) => `01a23053-0000-7000-8000-00000000000${n}`;
  const comment = (n: number) => ({ id: idOf(n), issue_id: "x-1", author: "ann", text: `${n}`, created_at: AT });
  const edge = (to: string) => ({
    issue_id: "x-1",
    depends_on_id: to,
    type: "blocks",
    created_at: AT,
    created_by: "ann",
    metadata: "{}",
  });
  const version = (title: string, year: number, parts: Partial<StoredIssue>): StoredIssue => ({
    issue: {
      id: "x-1",
      title,
      status: "open",
      priority: 2,
      issue_type: "task",
      created_by: "ann",
      created_at: AT,
      updated_at: `${year}-06-01T00:00:00Z`,
    },
    labels: [],
    dependencies: [],
    comments: [],
    ...parts,
  });
  const here = version("Now", 2027, { comments: [comment(1)] });
  const line = version("Before", 2026, {
    comments: [comment(2), comment(3)],
    dependencies: [edge("x-2"), edge("x-3")],
  });
  const goneParts = new Set([commentName(comment(3)), edgeName(edge("x-3"))]);
  const { changed, older } = takeIn(newsIn(fileOf(line), []), groundOf(here, { isForward: false, goneParts }));
  expect(older).toEqual(["x-1"]);
  expect(changed.map(({ after }) => after)).toEqual([
    { ...here, comments: [comment(1), comment(2)], dependencies: [edge("x-2")] },
  ]);
});

test("what the file alone has changed comes as it is, whatever the times say", () => {
  fc.assert(
    fc.property(versions, ([here, line]) => {
      if (here === undefined || line === undefined) return;
      const seen = [fileOf(here)];
      const { changed } = takeIn(newsIn(fileOf(line), seen), groundOf(here, { seen }));
      const after = changed[0]?.after ?? here;
      const isAsLine = { ...after, issue: { ...after.issue, updated_at: line.issue.updated_at } };
      expect(issueMeaning(isAsLine)).toBe(issueMeaning(line));
    }),
  );
});

test("a file of the tracker's own lines is read and printed as it is, and needs no new line", () => {
  fc.assert(
    fc.property(versions, ([issue]) => {
      if (issue === undefined) return;
      const file = fileOf(issue);
      expect(printIssueFile(file)).toBe(`${issueText(issue)}\n`);
      expect(newLines(file, { living: new Map([["x-1", issue]]), gone: new Map() }).size).toBe(0);
    }),
  );
});

describe("which line is about which issue", () => {
  const made = { created_by: "ann", created_at: AT };
  const text = (id: string, more: object = {}) => JSON.stringify({ id, title: id, updated_at: AT, ...made, ...more });
  const file = (...lines: readonly string[]) => readIssueFile(lines.join("\n"));
  const followed = (now: IssueFile, before: IssueFile, born: readonly string[], isForward = true) => {
    const { living } = newsIn(now, [before]);
    const here = born.map((id) => ({ id, ...made }));
    const { renames, kept } = followedIds(living, { file: now, seen: [before], isForward, before, born: here });
    return { renames: [...renames], kept: [...kept] };
  };
  const NOBODY = { renames: [], kept: [] };

  test("an issue that the file has under another id now is renamed", () => {
    expect(followed(file(text("x-9")), file(text("x-1")), ["x-1"])).toEqual({ renames: [["x-1", "x-9"]], kept: [] });
  });

  test("one that was renamed here keeps its id", () => {
    const changed = text("x-1", { title: "Changed" });
    expect(followed(file(changed), file(text("x-1")), ["x-9"])).toEqual({ renames: [], kept: [["x-1", "x-9"]] });
  });

  test("one that was made in the same second is another one, also where the first was deleted", () => {
    const before = file(text("x-1"));
    expect(followed(file(text("x-1"), text("x-2")), before, ["x-1"])).toEqual(NOBODY);
    const stone = text("x-1", { status: "tombstone", deleted_at: AT });
    expect(followed(file(stone, text("x-2")), before, ["x-1"])).toEqual(NOBODY);
    expect(followed(file(text("x-2")), before, ["x-1"], false)).toEqual(NOBODY);
    // The first one is on a branch that this file does not go on from.
    const { living } = newsIn(file(text("x-2")), [before]);
    const known = { file: file(text("x-2")), seen: [before], isForward: true, before: file("") };
    const { renames, kept } = followedIds(living, { ...known, born: [{ id: "x-1", ...made }] });
    expect([...renames, ...kept]).toEqual([]);
  });
});
