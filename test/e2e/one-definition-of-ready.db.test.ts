import { expect, test } from "vitest";
import { evaluateReadiness, type ReadinessEdge, readinessFacts, selectReady } from "../../src/core/ready/readiness.ts";
import { type PlantedIssue, plantIssues } from "../support/planted-issues.ts";
import { isReadyCandidate } from "../support/ready-candidate.ts";
import { testWorkspace } from "../support/workspace.ts";

const NOW = "2026-06-01T00:00:00Z";
const STATUSES = ["open", "open", "open", "in_progress", "blocked", "deferred", "closed", "pinned"];
const TYPES = ["task", "bug", "epic", "gate"];
const EDGE_TYPES = ["blocks", "blocks", "conditional-blocks", "parent-child", "waits-for", "related"];

/** Mulberry32: the same graphs on every machine. */
function randomFrom(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
}

/** Families of children, too, some without a parent that is there. */
function idOf(prefix: string, index: number): string {
  return index < 25
    ? `${prefix}-${index}`
    : `${prefix}-${index % 3 === 0 ? "gone" : index % 10}.${index % 13}.${index}`;
}

function randomGraph(seed: number, prefix: string): { issues: PlantedIssue[]; edges: ReadinessEdge[] } {
  const random = randomFrom(seed);
  const pick = (words: readonly string[]) => words[random(words.length)] ?? "";
  const issues = Array.from(
    { length: 50 },
    (_, index): PlantedIssue => ({
      id: idOf(prefix, index),
      status: pick(STATUSES),
      issue_type: pick(TYPES),
      priority: random(5),
      // Few different seconds, so that ties are common.
      created_at: `2026-01-01 00:00:0${random(4)}`,
      ...(random(4) === 0 ? { defer_until: pick(["2099-01-01 00:00:00", "2020-01-01 00:00:00"]) } : {}),
    }),
  );
  const edges = new Map<string, ReadinessEdge>();
  for (let count = 0; count < 70; count++) {
    const issue_id = idOf(prefix, random(50));
    const depends_on_id = idOf(prefix, random(55));
    const type = pick(EDGE_TYPES);
    const gate = type === "waits-for" && random(2) === 0 ? "any-children" : undefined;
    edges.set(`${issue_id} ${depends_on_id}`, { issue_id, depends_on_id, type, gate });
  }
  return { issues, edges: [...edges.values()] };
}

test.each([1, 2, 3])("graph %i: ready, list --ready, stats and the rule itself agree", async (seed) => {
  const prefix = `g${seed}`;
  const workspace = await testWorkspace({ prefix });
  const { issues, edges } = randomGraph(seed, prefix);
  const words = edges.map(({ issue_id, type, depends_on_id, gate }) =>
    [issue_id, type, depends_on_id, ...(gate === undefined ? [] : [`gate=${gate}`])].join(" "),
  );
  await plantIssues(workspace, issues, words);

  const [ready, listed, stats] = await Promise.all([
    workspace.json(["ready", "--limit", "0"]),
    workspace.json(["list", "--ready", "--limit", "0"]),
    workspace.json(["stats"]),
  ]);

  const all = idsIn(await workspace.json(["list", "--limit", "0"]));
  expect(idsIn(await workspace.json(["list", "--limit", "7"]))).toEqual(all.slice(0, 7));
  expect(all.filter((id) => idsIn(ready).includes(id))).toEqual(idsIn(ready));

  const expected = idsByTheRule(issues, edges);
  expect(expected.length).toBeGreaterThan(0);
  expect(idsIn(ready)).toEqual(idsIn(listed));
  expect(idsIn(ready).toSorted()).toEqual(expected.toSorted());
  expect(stats).toMatchObject({ summary: { ready_issues: expected.length } });
});

function idsIn(payload: unknown): string[] {
  return Array.isArray(payload) ? payload.map((issue: { id: string }) => issue.id) : [];
}

function idsByTheRule(planted: readonly PlantedIssue[], edges: readonly ReadinessEdge[]): string[] {
  const issues = planted.map(({ id, status = "open", issue_type = "task", defer_until }) => ({
    id,
    status,
    issue_type,
    defer_until: defer_until && `${defer_until.replace(" ", "T")}Z`,
  }));
  const readiness = evaluateReadiness(readinessFacts(issues, edges, { now: NOW, customStatuses: [] }));
  return selectReady(
    readiness,
    issues.filter((issue) => isReadyCandidate(issue, NOW)).map(({ id }) => id),
  );
}
