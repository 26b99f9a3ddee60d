import { expect, test } from "vitest";
import { idForSecond } from "../../../src/core/merge/id-for-second.ts";

const ROW = { title: "Fix the door", description: "", created_by: "ann", created_at: "2026-01-01 00:00:00" };

test("a child gets the next number that is free on both sides", () => {
  expect(idForSecond("bd-a1b.2", ROW, new Set(["bd-a1b", "bd-a1b.2", "bd-a1b.7", "bd-a1b.7.9"]))).toBe("bd-a1b.8");
});

test("a top-level issue gets a new suffix under its prefix, the same wherever it is asked for", () => {
  const id = idForSecond("my-app-a1b", ROW, new Set(["my-app-a1b"]));

  expect(id).toMatch(/^my-app-[0-9a-z]{3}$/);
  expect(idForSecond("my-app-a1b", ROW, new Set(["my-app-a1b"]))).toBe(id);
});

test("an id that is taken is not chosen", () => {
  const first = idForSecond("bd-a1b", ROW, new Set(["bd-a1b"]));

  expect(idForSecond("bd-a1b", ROW, new Set(["bd-a1b", first]))).not.toBe(first);
});
