import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readyOrder } from "../../../src/core/ready/ready-order.ts";

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

test("siblings stand together where their family began, by number, and before what they belong to", () => {
  const child = (number: number, created_at: string) => ({
    id: `bd-a.${number}`,
    priority: 2,
    created_at,
    born: "2026-06-01T00:00:00Z",
  });
  const issues = [
    child(10, "2026-06-03T00:00:00Z"),
    child(2, "2026-06-02T00:00:00Z"),
    { id: "bd-b", priority: 2, created_at: "2026-06-02T12:00:00Z" },
    { ...child(3, "2026-06-02T00:00:00Z"), priority: 1 },
    { id: "bd-a", priority: 2, created_at: "2026-06-01T00:00:00Z", born: "2026-06-01T00:00:00Z" },
    child(1, "2026-06-02T00:00:00Z"),
  ];
  const sorted = issues.toSorted(readyOrder("priority", NOW));
  expect(sorted.map(({ id }) => id)).toEqual(["bd-a.3", "bd-b", "bd-a.1", "bd-a.2", "bd-a.10", "bd-a"]);
});
