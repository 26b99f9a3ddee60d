import { describe, expect, test } from "vitest";
import type { Row } from "../../../src/core/merge/cell.ts";
import { alignSnapshots, mergedRows, settleByRules } from "../../../src/core/merge/merge-snapshots.ts";
import type { Snapshot } from "../../../src/core/merge/snapshot.ts";
import { KEYS } from "./histories/tables.ts";
import { created, ELEVEN, issue, NINE, rowsIn, TEN, tables } from "./some-tables.ts";

type Tables = Readonly<Record<string, readonly Row[]>>;

/** The tables that a merge comes to, from both ends; fails where the two differ. */
function merge({ base = {}, ours = {}, theirs = {} }: Partial<Record<"base" | "ours" | "theirs", Tables>>) {
  const [before, here, there] = [tables(base), tables(ours), tables(theirs)];
  const merged = (mine: Snapshot, other: Snapshot) =>
    rowsIn(mergedRows(alignSnapshots({ base: before, ours: mine, theirs: other }, KEYS), KEYS, settleByRules));
  const result = merged(here, there);
  expect(merged(there, here)).toEqual(result);
  return result;
}

const label = (id: string, text: string) => ({ issue_id: id, label: text });
const link = (id: string, on: string) => ({ issue_id: id, depends_on_id: on, type: "blocks", thread_id: "" });
const comment = (id: string, issueId: string, row: Row = {}) => ({
  id,
  issue_id: issueId,
  author: "ann",
  text: "t",
  created_at: TEN,
  ...row,
});
const FIRST = issue("bd-1", { created_at: NINE });
const SECOND = issue("bd-1", { created_by: "bob" });
const MOVED = "bd-1_f4gagcvj";

describe("an issue", () => {
  test("that one side made is there", () => {
    expect(merge({ ours: { issues: [FIRST] } })).toEqual({ issues: [FIRST] });
  });

  test("that one side deleted is gone, whatever the other did to it", () => {
    const changed = {
      issues: [{ ...FIRST, title: "B" }],
      labels: [label("bd-1", "l")],
      comments: [comment("c", "bd-1")],
    };

    expect(merge({ base: { issues: [FIRST] }, ours: changed })).toEqual({});
  });

  test("that was deleted and made anew lives beside nobody, and has nothing of the old one", () => {
    const anew = issue("bd-1", { created_at: ELEVEN });

    expect(
      merge({
        base: { issues: [FIRST] },
        ours: { issues: [anew] },
        theirs: { issues: [FIRST], labels: [label("bd-1", "to the old one")] },
      }),
    ).toEqual({ issues: [anew] });
  });

  test("that was deleted leaves no dependency to the one that was made under its id", () => {
    const other = issue("bd-2");
    const anew = issue("bd-1", { created_at: ELEVEN });
    const left = link("bd-2", "bd-1");
    const meant = { ...link("bd-2", "bd-1"), created_at: ELEVEN };
    const base = { issues: [FIRST, other], dependencies: [{ ...left, created_at: TEN }] };
    const theirs = { ...base, comments: [comment("c", "bd-1")] };
    const remade = { issues: [anew, other], dependencies: base.dependencies };

    expect(merge({ base, ours: remade, theirs })).toEqual({ issues: [anew, other] });
    expect(merge({ base, ours: { ...remade, dependencies: [meant] }, theirs })).toEqual({
      issues: [anew, other],
      dependencies: [meant],
    });
  });

  test("whose id was taken takes along all that names it", () => {
    const base = { issues: [issue("bd-2")] };
    const ours = { issues: [issue("bd-2"), FIRST] };
    const theirs = {
      issues: [issue("bd-2", { hook_bead: "bd-1" }), SECOND],
      labels: [label("bd-1", "l")],
      dependencies: [link("bd-1", "bd-2"), { ...link("bd-2", "bd-1"), thread_id: "bd-1" }],
      comments: [comment("c", "bd-1")],
      events: [created("e", "bd-1")],
      child_counters: [{ parent_id: "bd-1", last_child: 3 }],
    };

    expect(merge({ base, ours, theirs })).toEqual({
      issues: [FIRST, { ...SECOND, id: MOVED }, issue("bd-2", { hook_bead: MOVED })],
      labels: [label(MOVED, "l")],
      dependencies: [link(MOVED, "bd-2"), { ...link("bd-2", MOVED), thread_id: MOVED }],
      comments: [comment("c", MOVED)],
      events: [created("e", MOVED)],
      child_counters: [{ parent_id: MOVED, last_child: 3 }],
    });
  });

  test("that another side moved is changed under the id that it has there", () => {
    const both = { issues: [FIRST, { ...SECOND, id: MOVED }] };

    expect(merge({ base: { issues: [SECOND] }, ours: both, theirs: { issues: [{ ...SECOND, title: "B" }] } })).toEqual({
      issues: [FIRST, { ...SECOND, id: MOVED, title: "B" }],
    });
  });

  test("that had to move stays there, also where nobody has its id any more", () => {
    const moved = { issues: [{ ...SECOND, id: MOVED }] };

    expect(merge({ base: { issues: [SECOND] }, ours: moved, theirs: { issues: [SECOND] } })).toEqual(moved);
  });

  test("that both renamed has the smaller of the new ids", () => {
    const [base, ours, theirs] = ["bd-1", "bd-8", "bd-7"].map((id) => ({
      issues: [issue(id)],
      events: [created("e", id)],
    }));

    expect(merge({ base: base ?? {}, ours: ours ?? {}, theirs: theirs ?? {} })).toEqual(theirs);
  });

  test("keeps its id when its parent moves", () => {
    const theirs = { issues: [SECOND, issue("bd-1.1")], dependencies: [link("bd-1.1", "bd-1")] };

    expect(merge({ ours: { issues: [FIRST] }, theirs })).toEqual({
      issues: [FIRST, issue("bd-1.1"), { ...SECOND, id: MOVED }],
      dependencies: [link("bd-1.1", MOVED)],
    });
  });
});

describe("rows that belong to an issue", () => {
  const base = { issues: [FIRST], labels: [label("bd-1", "old"), label("bd-1", "older")] };

  test("unite, and a removal stands", () => {
    const ours = { issues: [FIRST], labels: [label("bd-1", "older"), label("bd-1", "a")] };
    const theirs = { issues: [FIRST], labels: [...base.labels, label("bd-1", "b")] };

    expect(merge({ base, ours, theirs }).labels).toEqual([
      label("bd-1", "a"),
      label("bd-1", "b"),
      label("bd-1", "older"),
    ]);
  });

  test("go with the issue at their other end", () => {
    const two = [FIRST, issue("bd-2")];

    expect(
      merge({
        base: { issues: two },
        ours: { issues: [FIRST] },
        theirs: { issues: two, dependencies: [link("bd-1", "bd-2")] },
      }),
    ).toEqual({ issues: [FIRST] });
  });

  test("stay gone where one side removed and the other changed them", () => {
    const two = [FIRST, issue("bd-2")];
    const changed = { ...link("bd-1", "bd-2"), type: "related" };

    expect(
      merge({
        base: { issues: two, dependencies: [link("bd-1", "bd-2")] },
        ours: { issues: two },
        theirs: { issues: two, dependencies: [changed] },
      }),
    ).toEqual({ issues: two });
  });

  test("may name what is no issue", () => {
    const one = { issues: [FIRST], dependencies: [link("bd-1", "external:x")] };

    expect(merge({ ours: one, theirs: { issues: [FIRST] } })).toEqual(one);
  });

  test("come to one where a side knew of the other end only by its id", () => {
    const known = { issues: [issue("bd-2"), FIRST], dependencies: [link("bd-2", "bd-1")] };
    const unknown = { issues: [issue("bd-2")], dependencies: [{ ...link("bd-2", "bd-1"), type: "related" }] };

    expect(merge({ ours: known, theirs: unknown }).dependencies).toEqual([
      { ...link("bd-2", "bd-1"), type: "related" },
    ]);
  });
});

describe("a file that both sides took in", () => {
  const old = comment("c1", "bd-1", { created_at: NINE });
  const side = (event: string, ...comments: readonly Row[]) => ({
    issues: [FIRST],
    events: [created(event, "bd-1", ELEVEN)],
    comments,
  });

  test("gives its issue and its comments once", () => {
    const merged = merge({ ours: side("e1", { ...old, id: "c2" }), theirs: side("e2", old) });

    expect(merged.issues).toEqual([FIRST]);
    expect(merged.comments).toEqual([old]);
  });

  test("gives its comments once, also where a program rounded their times", () => {
    const rounded = { ...old, id: "c2", created_at: "2026-01-01 09:00:01" };

    expect(merge({ ours: side("e1", rounded), theirs: side("e2", old) }).comments).toEqual([old]);
  });

  test("gives two comments twice said twice", () => {
    const [two, copies] = [
      [old, { ...old, id: "c2" }],
      [
        { ...old, id: "c3" },
        { ...old, id: "c4" },
      ],
    ];

    expect(merge({ ours: side("e1", ...copies), theirs: side("e2", ...two) }).comments).toEqual(two);
  });

  test("has the comments of those who wrote them here, once", () => {
    const written = { issues: [FIRST], events: [created("e", "bd-1", NINE)], comments: [{ ...old, created_at: TEN }] };

    expect(merge({ ours: side("e1", { ...old, id: "c2", created_at: TEN }), theirs: written }).comments).toEqual([
      { ...old, created_at: TEN },
    ]);
  });

  test("gives its comments once, also where the issue has come from elsewhere meanwhile", () => {
    const late = { ...old, created_at: TEN };
    const here = {
      issues: [FIRST],
      events: [created("e", "bd-1", NINE), created("e1", "bd-1", ELEVEN)],
      comments: [{ ...late, id: "c2" }],
    };
    const there = { issues: [FIRST], events: [created("e", "bd-1", NINE)], comments: [late] };

    expect(
      merge({ base: { issues: [FIRST], events: [created("e", "bd-1", NINE)] }, ours: here, theirs: there }).comments,
    ).toEqual([late]);
  });

  test("is no reason to drop what two people wrote alike", () => {
    const late = comment("c3", "bd-1", { created_at: "2026-01-01 12:00:00" });

    expect(merge({ ours: side("e1", { ...late, id: "c4" }), theirs: side("e2", late) }).comments).toHaveLength(2);
  });
});

describe("the table of deleted issues", () => {
  const dead = (wanted: string, at = NINE) => ({
    wanted_id: wanted,
    created_by: "ann",
    created_at: at,
    ext: "",
    moved: 0,
  });

  test("unites, and loses nothing", () => {
    const base = { bd_deleted_issues: [dead("bd-1")] };

    expect(
      merge({ base, ours: { bd_deleted_issues: [dead("bd-1"), dead("bd-2")] }, theirs: { bd_deleted_issues: [] } }),
    ).toEqual({
      bd_deleted_issues: [dead("bd-1"), dead("bd-2")],
    });
  });

  test("gets what a merge finds deleted", () => {
    expect(
      merge({
        base: { issues: [FIRST] },
        ours: { bd_deleted_issues: [] },
        theirs: { issues: [FIRST], bd_deleted_issues: [] },
      }),
    ).toEqual({ bd_deleted_issues: [dead("bd-1")] });
  });

  test("keeps an id from who did not know that it had been given before", () => {
    const ours = { issues: [], bd_deleted_issues: [dead("bd-1")] };

    expect(merge({ ours, theirs: { issues: [SECOND], bd_deleted_issues: [] } }).issues).toEqual([
      { ...SECOND, id: MOVED },
    ]);
  });

  test("leaves an id to who was given it after the deletion", () => {
    const ours = { issues: [SECOND], bd_deleted_issues: [dead("bd-1")] };

    expect(merge({ ours, theirs: { issues: [], bd_deleted_issues: [] } }).issues).toEqual([SECOND]);
  });

  test("is silent about one that lives again", () => {
    const ours = { issues: [FIRST], bd_deleted_issues: [dead("bd-1")] };

    expect(merge({ ours, theirs: { issues: [], bd_deleted_issues: [] } })).toEqual(ours);
  });

  test("knows one whose creation is recorded elsewhere for the same", () => {
    const known = { ...dead("bd-1"), ext: "e1" };
    const merged = merge({ ours: { bd_deleted_issues: [known] }, theirs: { bd_deleted_issues: [dead("bd-1")] } });

    expect(merged.bd_deleted_issues).toEqual([dead("bd-1"), known]);
  });
});

test("the same change of an issue's name in a cell is the same whoever merges", () => {
  const named = (hook: string) => ({ issues: [issue("bd-1", { hook_bead: hook }), issue("bd-2"), issue("bd-3")] });

  expect(merge({ base: named(""), ours: named("bd-2"), theirs: named("bd-3") }).issues?.[0]).toMatchObject({
    hook_bead: "bd-3",
  });
});

test("tables without a key are left to the database", () => {
  const keyless = new Map([["notes", new Map([["k", { text: "a" }]])]]);

  expect(alignSnapshots({ base: new Map(), ours: keyless, theirs: keyless }, KEYS).rows).toEqual([]);
});
