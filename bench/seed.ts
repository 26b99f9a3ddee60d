// Issues that look like a project's, the same on every machine: the benchmark's data.
import type { Connection } from "mysql2/promise";

export interface SeedPlan {
  readonly issues: number;
  /** Prefix of the ids. */
  readonly prefix: string;
  /** Share of closed issues, 0 to 1. At 0.25 few open issues are ready, which is the worst case for `ready`. */
  readonly closedShare: number;
}

export interface SeededIssue {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly status: "open" | "in_progress" | "closed";
  readonly priority: number;
  readonly issue_type: string;
  readonly created_at: string;
  readonly closed_at: string | null;
  readonly defer_until: string | null;
}

export interface SeededDependency {
  readonly issue_id: string;
  readonly depends_on_id: string;
  readonly type: string;
  readonly metadata: string;
  readonly created_at: string;
}

export interface Seed {
  readonly issues: readonly SeededIssue[];
  readonly dependencies: readonly SeededDependency[];
}

const EPOCH_MS = Date.UTC(2026, 0, 1);
const ROWS_PER_INSERT = 1000;
const TYPES = ["task", "task", "task", "bug", "bug", "feature", "chore"];
const WORDS = [
  "parser",
  "retry",
  "export",
  "schema",
  "index",
  "merge",
  "session",
  "commit",
  "label",
  "search",
  "queue",
];

/** Mulberry32: small, and the same numbers everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const timeAt = (second: number): string => `${new Date(EPOCH_MS + second * 1000).toISOString().slice(0, 19)}Z`;

/**
 * Two `blocks` edges per issue to older ones; 15 % are children of an older issue, 2 % have a conditional-blocks edge,
 * 0.5 % a waits-for; 2 % epics, 2 % messages and gates, 1 % deferred; two issues share each second of creation.
 */
export function planSeed(plan: SeedPlan): Seed {
  const random = randomFrom(plan.issues);
  const pick = (count: number): number => Math.floor(random() * count);
  const idOf = (index: number): string => `${plan.prefix}-${index.toString(36).padStart(4, "0")}`;
  const issues: SeededIssue[] = [];
  const dependencies: SeededDependency[] = [];
  for (let index = 0; index < plan.issues; index++) {
    const created_at = timeAt(Math.floor(index / 2));
    const closed = random() < plan.closedShare;
    const kind = random();
    const fallback = TYPES[pick(TYPES.length)] ?? "task";
    const subject = `${WORDS[pick(WORDS.length)]} ${WORDS[pick(WORDS.length)]}`;
    issues.push({
      id: idOf(index),
      title: `Make the ${subject} work ${index}`,
      description: `What happens with the ${subject} today, and what should happen instead.\n`.repeat(1 + pick(6)),
      status: closed ? "closed" : random() < 0.1 ? "in_progress" : "open",
      priority: pick(5),
      issue_type: kind < 0.02 ? "epic" : kind < 0.03 ? "message" : kind < 0.04 ? "gate" : fallback,
      created_at,
      closed_at: closed ? created_at : null,
      defer_until: !closed && random() < 0.01 ? "2099-01-01T00:00:00Z" : null,
    });
    const targets = new Set<number>();
    const depend = (type: string, metadata = "{}"): void => {
      const target = pick(index);
      if (index === 0 || targets.has(target)) return;
      targets.add(target);
      dependencies.push({ issue_id: idOf(index), depends_on_id: idOf(target), type, metadata, created_at });
    };
    depend("blocks");
    depend("blocks");
    if (random() < 0.15) depend("parent-child");
    if (random() < 0.02) depend("conditional-blocks");
    if (random() < 0.005) depend("waits-for", random() < 0.5 ? '{"gate":"any-children"}' : '{"gate":"all-children"}');
  }
  return { issues, dependencies };
}

const sqlTime = (time: string | null): string | null => time?.replace("T", " ").replace("Z", "") ?? null;

/** Rows of one shape, some hundred to a statement; `table` is ours, never input. */
async function insertRows(connection: Connection, table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    const values = rows.slice(start, start + ROWS_PER_INSERT).map((row) => Object.values(row));
    await connection.query(`INSERT INTO ${table} (??) VALUES ?`, [columns, values]);
  }
}

/** Writes the seed into a database that `bd init` has made, as one Dolt commit. */
export async function writeSeed(connection: Connection, seed: Seed): Promise<void> {
  const issues = seed.issues.map((issue) => ({
    ...issue,
    design: "",
    acceptance_criteria: "",
    notes: "",
    created_by: "bench",
    owner: "bench",
    created_at: sqlTime(issue.created_at),
    updated_at: sqlTime(issue.created_at),
    closed_at: sqlTime(issue.closed_at),
    defer_until: sqlTime(issue.defer_until),
  }));
  const edges = seed.dependencies.map((edge) => ({
    ...edge,
    created_at: sqlTime(edge.created_at),
    created_by: "bench",
  }));
  await connection.query("BEGIN");
  await insertRows(connection, "issues", issues);
  await insertRows(connection, "dependencies", edges);
  await connection.query("CALL DOLT_COMMIT('-Am', 'bench: seed', '--skip-empty')");
  await connection.query("COMMIT");
}

/** The same data as the JSON lines that `bd import` reads. */
export function seedToJsonLines(seed: Seed): string {
  const edgesOf = Map.groupBy(seed.dependencies, (edge) => edge.issue_id);
  const lines = seed.issues.map(({ closed_at, defer_until, ...issue }) =>
    JSON.stringify({
      ...issue,
      updated_at: issue.created_at,
      created_by: "bench",
      ...(closed_at === null ? {} : { closed_at }),
      ...(defer_until === null ? {} : { defer_until }),
      dependencies: edgesOf.get(issue.id)?.map((edge) => Object.assign({ created_by: "bench" }, edge)) ?? [],
    }),
  );
  return `${lines.join("\n")}\n`;
}
