import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readyOrder } from "../../src/core/ready-order.ts";

const NOW = new Date("2026-06-10T00:00:00Z");
const ISSUES = [
  { id: "old-p0", priority: 0, created_at: "2026-01-01T00:00:00Z" },
  { id: "old-p2", priority: 2, created_at: "2026-02-01T00:00:00Z" },
  { id: "edge-p3", priority: 3, created_at: "2026-06-08T00:00:00Z" },
  { id: "new-p2-b", priority: 2, created_at: "2026-06-09T12:00:00Z" },
  { id: "new-p2-a", priority: 2, created_at: "2026-06-09T12:00:00Z" },
  { id: "new-p0", priority: 0, created_at: "2026-06-09T00:00:00Z" },
];

test.each([
  ["priority", ["new-p0", "old-p0", "new-p2-a", "new-p2-b", "old-p2", "edge-p3"]],
  ["oldest", ["old-p0", "old-p2", "edge-p3", "new-p0", "new-p2-a", "new-p2-b"]],
  ["hybrid", ["new-p0", "new-p2-a", "new-p2-b", "edge-p3", "old-p0", "old-p2"]],
] as const)("%s sorts as it says", (policy, ids) => {
  expect(ISSUES.toSorted(readyOrder(policy, NOW)).map((issue) => issue.id)).toEqual(ids);
});

test.each(["priority", "oldest", "hybrid"] as const)("%s orders any input in one way", (policy) => {
  fc.assert(
    fc.property(fc.shuffledSubarray(ISSUES, { minLength: ISSUES.length }), (shuffled) => {
      const order = readyOrder(policy, NOW);
      expect(shuffled.toSorted(order)).toEqual(ISSUES.toSorted(order));
    }),
  );
});
