import { describe, expect, test } from "vitest";
import type { Row } from "../../../src/core/merge/cell.ts";
import { idAtLevel } from "../../../src/core/merge/moved-id.ts";
import { appearancesIn, sameIssues, VERSIONS } from "../../../src/core/merge/same-issue.ts";
import { created, ELEVEN, issue, NINE, TEN, tables } from "./some-tables.ts";

interface Known {
  readonly issues: readonly Row[];
  readonly events?: readonly Row[];
}

const NOTHING: Known = { issues: [] };

/** The ids under which base, ours and theirs have each issue. */
function ids({ base = NOTHING, ours = NOTHING, theirs = NOTHING }: Partial<Record<"base" | "ours" | "theirs", Known>>) {
  const versions = { base, ours, theirs };
  const appearances = VERSIONS.flatMap((version) =>
    appearancesIn(version, tables({ issues: versions[version].issues, events: versions[version].events ?? [] })),
  );
  const found = sameIssues(appearances).map((same) => VERSIONS.map((version) => same[version]?.id ?? "-").join(" "));
  return found.toSorted();
}

function one(id: string, row: Row = {}, event?: string, at = TEN): Known {
  return { issues: [issue(id, row)], events: event === undefined ? [] : [created(event, id, at)] };
}

describe("two rows are one issue", () => {
  test("when nobody but ann made an issue under the id in that second", () => {
    expect(ids({ ours: one("bd-1"), theirs: one("bd-1") })).toEqual(["- bd-1 bd-1"]);
  });

  test("when they share the event of the creation, whatever their ids and titles", () => {
    const moved = one("bd-9", { title: "B" }, "e1");

    expect(ids({ base: one("bd-1", {}, "e1"), ours: moved, theirs: one("bd-1", {}, "e1") })).toEqual([
      "bd-1 bd-9 bd-1",
    ]);
  });

  test("when they want the same id and one had to move", () => {
    const id = idAtLevel({ wanted: "bd-1", createdBy: "ann", createdAt: TEN, ext: "" }, 1);

    expect(ids({ ours: one(id), theirs: one("bd-1") })).toEqual([`- ${id} bd-1`]);
  });

  test("when one of them came by an import, whose event is later than the creation", () => {
    const imported = one("bd-1", {}, "e2", ELEVEN);

    expect(ids({ ours: one("bd-1", {}, "e1"), theirs: imported })).toEqual(["- bd-1 bd-1"]);
    expect(ids({ ours: one("bd-1", {}, "e3", ELEVEN), theirs: imported })).toEqual(["- bd-1 bd-1"]);
  });

  test("when one of them came by an import in the very second of the creation, which says so or is by another actor", () => {
    const at = (row: Row) => ({ issues: [issue("bd-1")], events: [{ ...created("e2", "bd-1", TEN), ...row }] });

    expect(ids({ ours: one("bd-1", {}, "e1"), theirs: at({ comment: "imported" }) })).toEqual(["- bd-1 bd-1"]);
    expect(ids({ ours: one("bd-1", {}, "e1"), theirs: at({ actor: "zoe" }) })).toEqual(["- bd-1 bd-1"]);
    expect(ids({ ours: one("bd-1", {}, "e1"), theirs: at({ actor: "ann" }) })).toEqual(["- - bd-1", "- bd-1 -"]);
  });

  test("when one program rounded the fraction of the second and the other cut it", () => {
    const rounded = one("bd-1", { created_at: "2026-01-01 10:00:01" });

    expect(ids({ ours: one("bd-1"), theirs: rounded })).toEqual(["- bd-1 bd-1"]);
    // Where one was made there, nobody read its time from a file.
    expect(ids({ ours: one("bd-1", {}, "e1"), theirs: rounded })).toEqual(["- - bd-1", "- bd-1 -"]);
  });

  test("when an import made up the time of one, and a title agrees", () => {
    const dateless = one("bd-1", { created_at: ELEVEN, updated_at: NINE });

    expect(ids({ ours: one("bd-1", { created_at: NINE }), theirs: dateless })).toEqual(["- bd-1 bd-1"]);
    expect(ids({ ours: one("bd-1", { created_at: NINE, title: "B" }), theirs: dateless })).toEqual([
      "- - bd-1",
      "- bd-1 -",
    ]);
  });

  test("when somebody corrected the creator, and the event of the creation is the same", () => {
    const corrected = one("bd-1", { created_by: "bob" }, "e1");

    expect(ids({ base: one("bd-1", {}, "e1"), ours: corrected, theirs: one("bd-1", {}, "e1") })).toEqual([
      "bd-1 bd-1 bd-1",
    ]);
  });

  test("when somebody corrected the creator of an issue whose creation nobody recorded", () => {
    const corrected = one("bd-1", { created_by: "bob" });

    expect(ids({ base: one("bd-1"), ours: corrected, theirs: one("bd-1") })).toEqual(["bd-1 bd-1 bd-1"]);
  });
});

describe("two rows are two issues", () => {
  test("when different people made them", () => {
    expect(ids({ ours: one("bd-1"), theirs: one("bd-1", { created_by: "bob" }) })).toEqual(["- - bd-1", "- bd-1 -"]);
  });

  test("when they were made at different times", () => {
    expect(ids({ ours: one("bd-1"), theirs: one("bd-1", { created_at: ELEVEN }) })).toEqual(["- - bd-1", "- bd-1 -"]);
  });

  test("when they want different ids", () => {
    expect(ids({ ours: one("bd-1"), theirs: one("bd-2") })).toEqual(["- - bd-2", "- bd-1 -"]);
  });

  test("when one person made both on two machines in one second, whatever their titles", () => {
    expect(ids({ ours: one("bd-1", {}, "e1"), theirs: one("bd-1", {}, "e2") })).toEqual(["- - bd-1", "- bd-1 -"]);
  });

  test("when one was deleted and the other made anew under its id in the same second", () => {
    const anew = one("bd-1", {}, "e2");

    expect(ids({ base: one("bd-1", {}, "e1"), ours: anew, theirs: one("bd-1", {}, "e1") })).toEqual([
      "- bd-1 -",
      "bd-1 - bd-1",
    ]);
  });

  test("when one version has both", () => {
    const [first, second] = [one("bd-1", {}, "e1"), one("bd-2", {}, "e1")];
    const both = { issues: [...first.issues, ...second.issues], events: [...(first.events ?? [])] };

    expect(ids({ ours: both, theirs: first })).toEqual(["- bd-1 bd-1", "- bd-2 -"]);
  });
});

test("of two that may be the same one, that of the very second is, also under another id", () => {
  const id = idAtLevel({ wanted: "bd-1", createdBy: "ann", createdAt: TEN, ext: "" }, 1);
  const both = {
    issues: [issue("bd-1", { created_at: "2026-01-01 09:59:59" }), issue(id)],
    events: [created("e1", "bd-1", "2026-01-01 09:59:59"), created("e2", id)],
  };

  expect(ids({ ours: one("bd-1", {}, "e3", ELEVEN), theirs: both })).toEqual(["- - bd-1", `- bd-1 ${id}`]);
});

test("an event that is none of a creation tells nothing", () => {
  const closed = { id: "e1", issue_id: "bd-1", event_type: "closed", created_at: TEN };
  const other = { ...closed, id: "e2" };

  expect(
    ids({ ours: { issues: [issue("bd-1")], events: [closed] }, theirs: { issues: [issue("bd-1")], events: [other] } }),
  ).toEqual(["- bd-1 bd-1"]);
});

test("a time that is none is the same as itself alone", () => {
  expect(ids({ ours: one("bd-1", { created_at: "?" }), theirs: one("bd-1", { created_at: "?" }) })).toEqual([
    "- bd-1 bd-1",
  ]);
});
