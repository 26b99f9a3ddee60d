import { expect, test } from "vitest";
import { changeTime } from "../../../src/core/time/change-time.ts";

const NOW = new Date("2026-03-01T10:00:00.900Z");

test("a change happens now, in whole seconds", () => {
  expect(changeTime(NOW)).toBe("2026-03-01T10:00:00Z");
  expect(changeTime(NOW, "2026-03-01T09:59:59Z", undefined)).toBe("2026-03-01T10:00:00Z");
});

test("a change never happens before what it changes", () => {
  expect(changeTime(NOW, "2026-03-01T11:00:00Z", "2026-03-01T10:30:00Z")).toBe("2026-03-01T11:00:00Z");
});
