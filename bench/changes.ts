// `node bench/changes.ts`: what it costs to read what changed between commits, for docs/adr/0017. Run `npm run build`
// before. Options: --issues 1000 · --commits 1000 · --rows 10 (that each commit changes)
import { parseArgs } from "node:util";
import type { Connection } from "mysql2/promise";
import { STATE_TABLES } from "../src/core/changes/state-tables.ts";
import { command } from "../src/errors.ts";
import { changesBetween } from "../src/store/changes/changes-between.ts";
import { rows, text } from "../src/store/query.ts";
import { openSession } from "../src/store/session.ts";
import type { Session } from "../src/store/session-types.ts";
import { identifier, list, sql } from "../src/store/sql.ts";
import { endpointAt, REAL_TIME } from "../test/support/store-database.ts";
import { openLaboratory } from "./laboratory.ts";
import { median } from "./measure.ts";
import { planSeed, type SeededIssue, writeSeed } from "./seed.ts";

const PREFIX = "chg";
const SINGLES = 50;
/** As many as are asked of a table of differences at once. */
const COMMITS_PER_STATEMENT = 500;

interface Plan {
  readonly issues: readonly SeededIssue[];
  readonly commits: number;
  readonly rowsPerCommit: number;
}

/** Of ten rows seven are issues, one a label, one a comment and one a dependency. */
function statementsOf({ issues, rowsPerCommit }: Plan, commit: number): string[] {
  return Array.from({ length: rowsPerCommit }, (_, row) => {
    const id = issues[(commit * rowsPerCommit + row) % issues.length]?.id ?? "";
    if (row % 10 === 7) return `INSERT INTO labels VALUES ('${id}', 'l${commit}')`;
    if (row % 10 === 8)
      return `INSERT INTO comments (issue_id, author, text) VALUES ('${id}', 'a', 'Comment ${commit}')`;
    if (row % 10 === 9)
      return `INSERT INTO dependencies (issue_id, depends_on_id, created_by) VALUES ('${id}', 'external:x:${commit}', 'a')`;
    return `UPDATE issues SET notes = 'Note ${commit}', priority = ${commit % 5} WHERE id = '${id}'`;
  });
}

async function makeCommits(connection: Connection, plan: Plan): Promise<void> {
  for (let commit = 0; commit < plan.commits; commit++) {
    await connection.query("BEGIN");
    for (const statement of statementsOf(plan, commit)) await connection.query(statement);
    await connection.query("CALL DOLT_COMMIT('-Am', 'bench')");
  }
}

/** The newest commits of a line without merges, the oldest first. */
async function lineOf(session: Session, length: number): Promise<string[]> {
  const log = rows(sql`SELECT commit_hash FROM DOLT_LOG('HEAD') LIMIT ${length}`, (row) => text(row, "commit_hash"));
  const [line] = await session.read((reader) => reader.all([log]));
  return line.toReversed();
}

function openAt(port: number): Session {
  return openSession({
    endpoint: endpointAt(port),
    database: `beads_${PREFIX}`,
    projectId: undefined,
    timing: REAL_TIME,
    clock: () => new Date(),
    retryMaxMs: 10_000,
    newId: () => "bench",
    signal: new AbortController().signal,
    note: () => {},
    startHint: () => command`bd server start`,
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Reads the comparison of each pair; gives the milliseconds of each, and how many events there were. */
async function compare(session: Session, pairs: readonly (readonly [string, string])[]) {
  const times: number[] = [];
  let events = 0;
  await session.read(async (reader) => {
    for (const [from, to] of pairs) {
      times.push(await timed(async () => (events += (await changesBetween(reader, { from, to })).events.length)));
    }
  });
  return { times, events };
}

/** For comparison: the rows of many commits at once, from Dolt's tables of differences. */
function readTables(session: Session, commits: readonly string[]): Promise<void> {
  return session.read(async (reader) => {
    for (let start = 0; start < commits.length; start += COMMITS_PER_STATEMENT) {
      const some = list(commits.slice(start, start + COMMITS_PER_STATEMENT));
      const statements = STATE_TABLES.map(
        (table) => sql`SELECT * FROM ${identifier(`dolt_diff_${table}`)} WHERE to_commit IN ${some}`,
      );
      await reader.all(statements.map((statement) => rows(statement, (row) => row)));
    }
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      issues: { type: "string", default: "1000" },
      commits: { type: "string", default: "1000" },
      rows: { type: "string", default: "10" },
    },
  });
  const [commits, rowsPerCommit] = [Number(values.commits), Number(values.rows)];
  const laboratory = await openLaboratory();
  try {
    await laboratory.init(PREFIX);
    const connection = await laboratory.connect(`beads_${PREFIX}`);
    const seed = planSeed({ prefix: PREFIX, issues: Number(values.issues), closedShare: 0.25 });
    await writeSeed(connection, seed);
    await makeCommits(connection, { issues: seed.issues, commits, rowsPerCommit });
    await connection.end();
    const session = openAt(laboratory.port);
    const line = await lineOf(session, commits + 1);
    const pairs = line.slice(1).map((to, index) => [line[index] ?? "", to] as const);
    const ends = [line[0] ?? "", line.at(-1) ?? ""] as const;

    await compare(session, pairs.slice(0, SINGLES)); // warms caches
    const single = await compare(session, pairs.slice(0, SINGLES));
    const all = await compare(session, pairs);
    const range = await compare(session, [ends]);
    const tables = await timed(() => readTables(session, line.slice(1)));
    session.close();

    const total = all.times.reduce((sum, ms) => sum + ms, 0);
    console.log(
      `| ${values.issues} issues, ${commits} commits of ${rowsPerCommit} rows | ms | events |\n|---|---:|---:|`,
    );
    console.log(`| one commit, median of ${SINGLES} | ${median(single.times).toFixed(1)} | ${rowsPerCommit} |`);
    console.log(`| all commits, one by one | ${total.toFixed(0)} | ${all.events} |`);
    console.log(`| all of them as one comparison | ${(range.times[0] ?? 0).toFixed(0)} | ${range.events} |`);
    console.log(`| their rows from Dolt's tables of differences | ${tables.toFixed(0)} | |`);
  } finally {
    await laboratory.close();
  }
}

await main();
