import { expect, test } from "vitest";
import { collectGarbage } from "../../src/daemon/collect-garbage.ts";

test("memory that nobody uses any more is given back", () => {
  let kept: string[] = Array.from({ length: 300_000 }, (_, n) => `${n}`.repeat(20));
  const full = process.memoryUsage.rss();
  expect(kept.length).toBe(300_000);
  kept = [];
  collectGarbage();
  expect(process.memoryUsage.rss()).toBeLessThan(full - 20_000_000);
});
