import { expect, test } from "vitest";
import { bestCommonAncestors, type CommitGraph } from "../../../src/core/merge/commit-graph.ts";
import type { Snapshot } from "../../../src/core/merge/snapshot.ts";
import { commonBase, type History } from "../../../src/federation/merge/common-base.ts";
import { KEYS } from "../../core/merge/histories/tables.ts";
import { issue, rowsIn, tables } from "../../core/merge/some-tables.ts";

function history(graph: CommitGraph, snapshots: Readonly<Record<string, Snapshot>>): History {
  return {
    keys: KEYS,
    mergeBases: async (some, others) => bestCommonAncestors(graph, some, others),
    snapshot: async (commit) => snapshots[commit] ?? new Map(),
  };
}

const LABELLED = tables({ issues: [issue("bd-1")], labels: [{ issue_id: "bd-1", label: "l" }] });
const PLAIN = tables({ issues: [issue("bd-1")] });

test("who has no common commit goes on from nothing", async () => {
  expect(await commonBase(history(new Map(), {}), [])).toEqual(new Map());
});

test("who has one common commit goes on from it", async () => {
  expect(await commonBase(history(new Map(), { a: PLAIN }), ["a"])).toBe(PLAIN);
});

test("who crossed goes on from what the rules make of all, so that what one took off stays off", async () => {
  const graph = new Map([
    ["root", []],
    ["a", ["root"]],
    ["b", ["root"]],
  ] as const);
  const snapshots = { root: LABELLED, a: PLAIN, b: LABELLED };

  for (const bases of [
    ["a", "b"],
    ["b", "a"],
  ]) {
    expect(rowsIn(await commonBase(history(graph, snapshots), bases))).toEqual({ issues: [issue("bd-1")] });
  }
});

test("who crossed twice goes on from what the rules make of the crossing before", async () => {
  const parents = { root: [], a: ["root"], b: ["root"], c: ["a", "b"], d: ["b", "a"] } as const;
  // One took the label off, both merged that at once, and one of them put it on again.
  const snapshots = { root: LABELLED, a: PLAIN, b: LABELLED, c: PLAIN, d: LABELLED };

  expect(rowsIn(await commonBase(history(new Map(Object.entries(parents)), snapshots), ["c", "d"]))).toEqual(
    rowsIn(LABELLED),
  );
});

test("of equal states comes that state, whatever was before", async () => {
  const graph = new Map([
    ["root", []],
    ["a", ["root"]],
    ["b", ["root"]],
  ] as const);

  expect(await commonBase(history(graph, { root: LABELLED, a: PLAIN, b: PLAIN }), ["a", "b"])).toBe(PLAIN);
});

test("the best common ancestors lead to both, and to no other such", () => {
  const parents = { root: [], a: ["root"], b: ["root"], c: ["a", "b"], d: ["b", "a"], e: ["d"] };
  const graph = new Map(Object.entries(parents));

  expect(bestCommonAncestors(graph, ["c"], ["d"])).toEqual(["a", "b"]);
  expect(bestCommonAncestors(graph, ["c"], ["a"])).toEqual(["a"]);
  expect(bestCommonAncestors(graph, ["e"], ["e"])).toEqual(["e"]);
  expect(bestCommonAncestors(graph, ["a", "b"], ["e"])).toEqual(["a", "b"]);
  expect(bestCommonAncestors(graph, ["a"], ["elsewhere"])).toEqual([]);
});
