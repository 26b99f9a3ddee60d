import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idAtLevel, readLevel, wantedIdIn } from "../../../src/core/merge/moved-id.ts";

const BIRTH = { wanted: "bd-1", createdBy: "ann", createdAt: "2026-01-01 10:00:00", ext: "" };

describe("the id of an issue that had to move", () => {
  // Programs everywhere have to come to these: they never change.
  test.each([
    [BIRTH, 0, "bd-1"],
    [BIRTH, 1, "bd-1_q0acd2jd"],
    [BIRTH, 2, "bd-1_bdulcu3d"],
    [{ ...BIRTH, ext: "e1" }, 1, "bd-1_q0acd2jd"],
    [{ ...BIRTH, ext: "e1" }, 2, "bd-1_bip2ajex"],
    [{ ...BIRTH, wanted: "bd-a3f2dd.12" }, 1, "bd-a3f2dd.12_c7xwtq7k"],
    [{ ...BIRTH, createdBy: "Zoë" }, 1, "bd-1_qf5n3d8r"],
    [{ ...BIRTH, createdAt: "2026-01-01 10:00:01" }, 1, "bd-1_hzy3to81"],
  ])("of %j at level %i is %s", (birth, level, id) => {
    expect(idAtLevel(birth, level)).toBe(id);
  });

  test("tells which id it wanted and how far it moved", () => {
    const birth = { ...BIRTH, ext: "e1" };

    for (const level of [0, 1, 2, 3, 8]) {
      expect(readLevel({ ...birth, id: idAtLevel(birth, level) })).toEqual({ wanted: "bd-1", level });
    }
  });

  test("tells it of one that wanted the moved id of another", () => {
    const birth = { ...BIRTH, wanted: idAtLevel(BIRTH, 1), createdBy: "bob" };

    expect(readLevel({ ...birth, id: idAtLevel(birth, 1) })).toEqual({ wanted: birth.wanted, level: 1 });
  });

  test("is an id like any other where creator or second are not its own", () => {
    const id = idAtLevel(BIRTH, 1);

    expect(readLevel({ ...BIRTH, createdBy: "bob", id })).toEqual({ wanted: id, level: 0 });
    expect(readLevel({ ...BIRTH, createdAt: "2026-01-01 10:00:01", id })).toEqual({ wanted: id, level: 0 });
    expect(readLevel({ ...BIRTH, id: "bd-1_abcdefgh" })).toEqual({ wanted: "bd-1_abcdefgh", level: 0 });
  });

  test("ends in a letter and seven letters or digits, so that it is never the next number", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.string(),
        fc.integer({ min: 1, max: 9 }),
        (wanted, createdBy, level) => {
          const id = idAtLevel({ ...BIRTH, wanted, createdBy }, level);

          expect(id.slice(0, wanted.length)).toBe(wanted);
          expect(id.slice(wanted.length)).toMatch(/^_[a-z][a-z0-9]{7}$/);
          expect(wantedIdIn(id)).toBe(wanted);
        },
      ),
    );
  });

  test("fits in the column, also where the wanted one fills it", () => {
    const wanted = "x".repeat(255);

    expect(idAtLevel({ ...BIRTH, wanted }, 1)).toHaveLength(255);
    expect(idAtLevel({ ...BIRTH, wanted }, 1)).not.toBe(idAtLevel({ ...BIRTH, wanted: "x".repeat(254) }, 1));
  });
});
