import { describe, expect, test } from "vitest";
import type { Row, Side } from "../../../src/core/merge/cell.ts";
import { alignSnapshots } from "../../../src/core/merge/merge-snapshots.ts";
import { contestedRows, mergeVersions, type SettleOptions } from "../../../src/core/merge/merge-versions.ts";
import { idAtLevel } from "../../../src/core/merge/moved-id.ts";
import { refusal } from "../refusal.ts";
import { KEYS } from "./histories/tables.ts";
import { created, issue, NINE, rowsIn, TEN, tables } from "./some-tables.ts";

type Tables = Readonly<Record<string, readonly Row[]>>;
type Versions = Readonly<Record<"base" | "ours" | "theirs", Tables>>;

function align({ base, ours, theirs }: Versions) {
  return alignSnapshots({ base: tables(base), ours: tables(ours), theirs: tables(theirs) }, KEYS);
}

function merge(versions: Versions, options?: SettleOptions) {
  return mergeVersions(align(versions), KEYS, options);
}

const LONG = "A text of two lines,\nof which each says something.";
const dated = (ours: string, theirs: string): SettleOptions => ({
  datesOf: () => ({
    ours: { dates: { title: ours }, reopened: undefined },
    theirs: { dates: { title: theirs }, reopened: undefined },
  }),
});

describe("a cell that both sides changed", () => {
  const titled = (title: string) => ({ issues: [issue("bd-1", { title })] });
  const versions = { base: titled("A"), ours: titled("B"), theirs: titled("C") };

  test("is what was written later, and the report says both", () => {
    const { rows, conflicts } = merge(versions, dated(TEN, NINE));

    expect(rowsIn(rows)).toEqual(titled("B"));
    expect(conflicts).toEqual([
      { table: "issues", item: "bd-1", field: "title", winner: "ours", why: "later", ours: "B", theirs: "C" },
    ]);
  });

  test("is the preferred side's", () => {
    const { rows, conflicts } = merge(versions, { ...dated(TEN, NINE), prefer: "theirs" });

    expect(rowsIn(rows)).toEqual(titled("C"));
    expect(conflicts).toMatchObject([{ winner: "theirs", why: "chosen" }]);
  });

  test("is named by the id that its issue gets", () => {
    const other = issue("bd-1", { created_by: "bob", created_at: NINE });
    const moved = idAtLevel({ wanted: "bd-1", createdBy: "ann", createdAt: TEN, ext: "" }, 1);
    const { conflicts } = merge({ ...versions, ours: { issues: [other, issue(moved, { title: "B" })] } });

    expect(conflicts).toMatchObject([{ item: moved, field: "title" }]);
  });

  test("asks for dates, and no other does", () => {
    const asked = (one: Versions) =>
      contestedRows(align(one)).map(({ table, issue: known }) => `${table} ${known?.id}`);

    expect(asked(versions)).toEqual(["issues bd-1"]);
    expect(asked({ ...versions, theirs: titled("A") })).toEqual([]);
    expect(asked({ ...versions, theirs: {} })).toEqual([]);
    expect(asked({ ...versions, theirs: titled("B") })).toEqual([]);
  });

  test("of a row of no issue is named by its key", () => {
    const value = (text: string) => ({ metadata: [{ key: "repo_id", value: text }] });

    expect(merge({ base: value("a"), ours: value("b"), theirs: value("c") }).conflicts).toEqual([
      { table: "metadata", item: "repo_id", field: "value", winner: "theirs", why: "larger", ours: "b", theirs: "c" },
    ]);
  });
});

describe("a long text that loses", () => {
  const titled = (title: string) => ({ issues: [issue("bd-1", { title })], events: [created("e", "bd-1")] });
  const versions = { base: titled("A"), ours: titled(LONG), theirs: titled("C") };

  test("stands in a comment by bd", () => {
    const { rows, kept } = merge(versions, dated(NINE, TEN));

    expect(kept).toBe(1);
    expect(rowsIn(rows)["comments"]).toMatchObject([
      {
        issue_id: "bd-1",
        author: "bd",
        text: `Lost in a merge: title of 2026-01-01T09:00:00Z\n\n${LONG}`,
        created_at: "2026-01-01 09:00:00",
      },
    ]);
  });

  test("stands there once, whoever merges and how often", () => {
    const { rows } = merge(versions, dated(NINE, TEN));
    const theirs = merge({ ...versions, ours: versions.theirs, theirs: versions.ours }, dated(TEN, NINE));
    const comments = rowsIn(rows)["comments"] ?? [];
    const again = merge({ ...versions, theirs: { ...versions.theirs, comments } }, dated(NINE, TEN));

    expect(rowsIn(theirs.rows)["comments"]).toEqual(comments);
    expect(rowsIn(again.rows)["comments"]).toEqual(comments);
  });
});

describe("the report", () => {
  test("says which issue has another id now, on whose side, and who has the old one", () => {
    const [first, second] = [issue("bd-1", { created_at: NINE, title: "First" }), issue("bd-1", { title: "Second" })];
    const moved = (ours: Row, theirs: Row) =>
      merge({ base: {}, ours: { issues: [ours] }, theirs: { issues: [theirs] } }).moved;
    const one = (side: Side) => ({
      id: "bd-1",
      newId: expect.stringMatching(/^bd-1_/),
      side,
      title: "Second",
      holder: "First",
    });

    expect(moved(second, first)).toEqual([one("ours")]);
    expect(moved(first, second)).toEqual([one("theirs")]);
  });

  test("says that both sides knew an issue by another id", () => {
    // Its moved id follows from when it was made, which the base has a second earlier.
    const birth = { wanted: "bd-1", createdBy: "ann", createdAt: TEN, ext: "e1" };
    const at = (id: string, time: string) => ({
      issues: [issue(id, { created_at: time })],
      events: [created("e1", id)],
    });
    const moved = at(idAtLevel(birth, 1), TEN);
    const earlier = "2026-01-01 09:59:59";

    expect(merge({ base: at("bd-1", earlier), ours: moved, theirs: moved }).moved).toEqual([
      {
        id: idAtLevel(birth, 1),
        newId: idAtLevel({ ...birth, createdAt: earlier }, 1),
        side: "both",
        title: "A",
        holder: undefined,
      },
    ]);
  });

  test("says nothing of an issue that has the id of a deleted one since", () => {
    const known = { issues: [issue("bd-1")], events: [created("e1", "bd-1")] };
    const earlier = { wanted_id: "bd-1", created_by: "bob", created_at: NINE, ext: "", moved: 0 };
    const [ours, theirs] = [[], [earlier]].map((dead) => ({ ...known, bd_deleted_issues: dead }));

    expect(merge({ base: {}, ours: ours ?? {}, theirs: theirs ?? {} }).moved).toEqual([]);
  });

  test("says what a deletion threw away that the other side had changed", () => {
    const base = { issues: [issue("bd-1"), issue("bd-2")] };
    const ours = { issues: [issue("bd-2")] };
    const theirs = { issues: [issue("bd-1", { title: "B" }), issue("bd-2")] };

    expect(merge({ base, ours, theirs }).beaten).toEqual([{ id: "bd-1", title: "B", side: "theirs" }]);
    expect(merge({ base, ours: theirs, theirs: ours }).beaten).toEqual([{ id: "bd-1", title: "B", side: "ours" }]);
    expect(merge({ base, ours, theirs: base }).beaten).toEqual([]);
  });

  test("counts a comment, a label and a link from another issue as a change", () => {
    const base = { issues: [issue("bd-1"), issue("bd-2")] };
    const ours = { issues: [issue("bd-2")] };
    const changes: readonly Tables[] = [
      { comments: [{ id: "c", issue_id: "bd-1", text: "t" }] },
      { labels: [{ issue_id: "bd-1", label: "l" }] },
      { dependencies: [{ issue_id: "bd-2", depends_on_id: "bd-1", type: "blocks" }] },
    ];

    for (const change of changes) {
      expect(merge({ base, ours, theirs: { ...base, ...change } }).beaten).toMatchObject([
        { id: "bd-1", side: "theirs" },
      ]);
    }
  });
});

describe("two databases", () => {
  const project = (value: string) => ({ metadata: [{ key: "_project_id", value }] });

  test("of two projects are not merged", () => {
    expect(refusal(() => merge({ base: {}, ours: project("p1"), theirs: project("p2") }))).toEqual({
      kind: "config",
      code: "OTHER_PROJECT",
      message: "the remote belongs to project p2, but this database to p1: nothing was merged",
    });
  });

  test("of one project are", () => {
    expect(rowsIn(merge({ base: {}, ours: project("p1"), theirs: project("p1") }).rows)).toEqual(project("p1"));
  });
});
