import * as fc from "fast-check";
import { expect, test } from "vitest";
import { applyChanges } from "../../../src/core/changes/apply-changes.ts";
import {
  type ChangeEvent,
  type CommitFacts,
  changeEventSchema,
  eventsOf,
} from "../../../src/core/changes/change-event.ts";
import { changesOf } from "../../../src/core/changes/changes-of.ts";
import { stateOf } from "../../../src/core/changes/tracker-state.ts";
import { anyDifference, anyTablePair, rowsBetween } from "./any-tables.ts";

const COMMIT: CommitFacts = {
  hash: "0123456789abcdefghijklmnopqrstuv",
  parents: ["vutsrqponmlkjihgfedcba9876543210"],
  at: "2026-01-01T00:00:00Z",
  actor: "ann",
};

test("the changes between two states, applied to the one, give the other", () => {
  fc.assert(
    fc.property(anyDifference, ({ before, after, difference }) => {
      expect(applyChanges(stateOf(before), changesOf(difference))).toEqual(stateOf(after));
    }),
    { numRuns: 100 },
  );
});

test("the changes of a state to itself are none", () => {
  fc.assert(
    fc.property(anyTablePair, ({ before }) => {
      const rows = new Map(
        [...rowsBetween(new Map(), before)].map(([table, changes]) => [
          table,
          new Map([...changes].map(([key, { after }]) => [key, { before: after, after }])),
        ]),
      );

      expect(changesOf({ rows, moved: new Map(), replaced: new Set(), titles: new Map() })).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test("events say the same after a journey as JSON, and fit their schema", () => {
  fc.assert(
    fc.property(anyDifference, ({ before, after, difference }) => {
      const events = eventsOf(changesOf(difference), { commit: COMMIT, from: COMMIT.parents[0] ?? "", via: "pull" });
      const read: ChangeEvent[] = JSON.parse(JSON.stringify(events));

      expect(read).toEqual(events);
      for (const event of read) expect(changeEventSchema.parse(event)).toEqual(event);
      expect(applyChanges(stateOf(before), read)).toEqual(stateOf(after));
    }),
    { numRuns: 50 },
  );
});

test("the order of the events does not depend on the order of the rows", () => {
  fc.assert(
    fc.property(anyDifference, ({ difference }) => {
      const turned = new Map(
        [...difference.rows].toReversed().map(([table, changes]) => [table, new Map([...changes].toReversed())]),
      );

      const [one, other] = [changesOf(difference), changesOf({ ...difference, rows: turned })];

      expect(JSON.stringify(other)).toBe(JSON.stringify(one));
    }),
    { numRuns: 50 },
  );
});
