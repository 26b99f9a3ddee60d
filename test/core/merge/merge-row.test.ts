import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Row, sameCell } from "../../../src/core/merge/cell.ts";
import { mergeRow } from "../../../src/core/merge/merge-row.ts";
import { MERGE_RULES, ruleOf } from "../../../src/core/merge/merge-rules.ts";
import { isEdited } from "../../../src/core/merge/row-contest.ts";
import { anyContest, type FullContest, MERGED_TABLES, mergedDates, swapped } from "./any-row.ts";

/** What names the rows: `status.custom` is a list, so that the union of settings is tried too. */
const KEYS: Readonly<Record<string, Row>> = { config: { key: "status.custom" }, metadata: { key: "repo_id" } };

function keysOf(table: string): Row {
  const keys = MERGE_RULES[table]?.key ?? [];
  return { ...Object.fromEntries(keys.map((column) => [column, "k"])), ...KEYS[table] };
}

function holds(table: string, claim: (contest: FullContest) => void): void {
  fc.assert(fc.property(anyContest(table, keysOf(table)), claim), { numRuns: table === "issues" ? 150 : 30 });
}

describe.each(Object.keys(MERGED_TABLES))("a row of %s", (table) => {
  test("comes out the same whoever merges", () => {
    holds(table, (contest) => {
      const [here, there] = [mergeRow(table, contest), mergeRow(table, swapped(contest))];

      expect(there.row).toEqual(here.row);
      expect(new Set(there.lost.map(({ field, text }) => `${field} ${text}`))).toEqual(
        new Set(here.lost.map(({ field, text }) => `${field} ${text}`)),
      );
    });
  });

  test("that nobody changed stays", () => {
    holds(table, ({ base, dates }) => {
      expect(mergeRow(table, { base, ours: base, theirs: base, dates })).toEqual({ row: base, settled: [], lost: [] });
    });
  });

  test("that one side changed is that side's", () => {
    holds(table, ({ base, theirs, dates, reopened }) => {
      const one = mergeRow(table, { base, ours: base, theirs, dates, reopened });
      const other = mergeRow(table, { base, ours: theirs, theirs: base, dates, reopened });

      expect(one).toEqual({ row: theirs, settled: [], lost: [] });
      expect(other).toEqual({ row: theirs, settled: [], lost: [] });
    });
  });

  test("that both changed alike is theirs and ours", () => {
    holds(table, ({ base, theirs, dates }) => {
      expect(mergeRow(table, { base, ours: theirs, theirs, dates })).toEqual({ row: theirs, settled: [], lost: [] });
    });
  });

  test("holds only values that one of the three has, but for what unites", () => {
    holds(table, (contest) => {
      const { row } = mergeRow(table, contest);

      const invented = Object.keys(row).filter((column) => {
        const rule = ruleOf(table, column);
        const known = [contest.base, contest.ours, contest.theirs].some((one) => sameCell(one[column], row[column]));
        return !known && rule !== "keys" && rule !== "setting";
      });
      expect(invented).toEqual([]);
    });
  });

  test("does not change when merged again with either side", () => {
    holds(table, (contest) => {
      const { base, ours, theirs, dates, reopened } = contest;
      const { row } = mergeRow(table, contest);
      const again = mergedDates(contest);
      const latest = [reopened?.ours, reopened?.theirs]
        .filter((at) => at !== undefined)
        .toSorted()
        .at(-1);

      const withOurs = { base, ours: row, theirs: ours, dates: { ours: again, theirs: dates.ours } };
      const withTheirs = { base, ours: row, theirs, dates: { ours: again, theirs: dates.theirs } };
      expect(mergeRow(table, { ...withOurs, reopened: { ours: latest, theirs: reopened?.ours } }).row).toEqual(row);
      expect(mergeRow(table, { ...withTheirs, reopened: { ours: latest, theirs: reopened?.theirs } }).row).toEqual(row);
    });
  });

  test("without a base comes out the same whoever merges", () => {
    holds(table, (contest) => {
      const here = mergeRow(table, { ...contest, base: undefined });
      const there = mergeRow(table, { ...swapped(contest), base: undefined });

      expect(there.row).toEqual(here.row);
    });
  });

  test("is that of the preferred side in every cell that both changed", () => {
    holds(table, (contest) => {
      const { row } = mergeRow(table, { ...contest, prefer: "theirs" });

      const others = Object.keys(row).filter((column) => {
        const contested = isEdited(contest, "ours", column) && isEdited(contest, "theirs", column);
        const rule = ruleOf(table, column);
        const byCell = rule === "later" || rule === "text" || rule === "identity";
        return contested && byCell && !sameCell(row[column], contest.theirs[column]);
      });
      expect(others).toEqual([]);
    });
  });
});

const PERSONAL = ["title", "description", "design", "acceptance_criteria", "notes", "close_reason"];

test("no long text that a person wrote since the base is lost", () => {
  holds("issues", (contest) => {
    const { row, lost } = mergeRow("issues", contest);

    for (const side of ["ours", "theirs"] as const) {
      for (const field of PERSONAL.filter((column) => isEdited(contest, side, column))) {
        const text = String(contest[side][field]);
        if (text.length <= 80 && !text.includes("\n")) continue;
        const kept = String(row[field]).includes(text) || lost.some((one) => one.field === field && one.text === text);
        expect(kept).toBe(true);
      }
    }
  });
});

test.each([
  ["issues", "metadata", { id: "k" }, ['{"a":1}', '{"a":2}', '{"a":"three"}'], "metadata.a", ["2", '"three"']],
  [
    "config",
    "value",
    { key: "status.custom" },
    ["review:wip", "review:active,seen", "review:done"],
    "value.review",
    ["review:active", "review:done"],
  ],
] as const)(
  "a part of a cell of %s that both changed says what each side had",
  (table, column, key, values, field, parts) => {
    const [base, ours, theirs] = values.map((value) => ({ ...key, [column]: value }));
    const dates = { ours: { [column]: "2026-01-01" }, theirs: { [column]: "2026-01-02" } };

    const { settled } = mergeRow(table, { base: base ?? {}, ours: ours ?? {}, theirs: theirs ?? {}, dates });

    expect(settled).toEqual([
      { field: column, winner: "both", why: "united" },
      { field, winner: "theirs", why: "later", parts: { ours: parts[0], theirs: parts[1] } },
    ]);
  },
);

test("updated_at is never older than what either side wrote", () => {
  holds("issues", (contest) => {
    const { row } = mergeRow("issues", contest);

    const written = (["ours", "theirs"] as const).filter((side) => isEdited(contest, side, "updated_at"));
    const latest = written
      .map((side) => String(contest[side]["updated_at"]))
      .toSorted()
      .at(-1);
    expect(row["updated_at"]).toBe(latest ?? contest.base["updated_at"]);
  });
});

test("status and closed_at always come from one side", () => {
  holds("issues", (contest) => {
    const { row } = mergeRow("issues", contest);

    const sides = [contest.ours, contest.theirs].filter(
      (one) => one["status"] === row["status"] && one["closed_at"] === row["closed_at"],
    );
    expect(sides.length).toBeGreaterThan(0);
  });
});
