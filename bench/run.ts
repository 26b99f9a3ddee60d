// `npm run bench`: measures every command as a whole process and prints Markdown tables for docs/performance.md.
// Options: --sizes 100,1000,10000 · --runs 11 · --latency (adds 20 and 80 ms per round trip) · --closed 0.25
// · --only show,create (commands by name)
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Connection } from "mysql2/promise";
import { doltBinary } from "../test/support/dolt-binary.ts";
import { type BudgetedCommand, IMPORT_BUDGET } from "./budgets.ts";
import { type BenchCommand, COMMANDS, type Subject } from "./commands.ts";
import { type Laboratory, openLaboratory } from "./laboratory.ts";
import { median, type Program, timeOnce, usageOnce } from "./measure.ts";
import { type Measured, type SizeReport, tableOf } from "./report.ts";
import { planSeed, seedToJsonLines } from "./seed.ts";
import { runStatements, seededWorkspace } from "./seeded-workspace.ts";

const LATENCIES_MS = [20, 80];
/** Runs of their own for what a timed run would be disturbed by. */
const SIDE_RUNS = 3;

interface Settings {
  readonly sizes: readonly number[];
  readonly runs: number;
  readonly latencies: readonly number[];
  readonly closedShare: number;
  readonly commands: readonly BenchCommand[];
}

/** One thing to measure: a program for each run, and what has to happen before it. */
interface Candidate {
  readonly name: BudgetedCommand | "node" | "floor";
  program(run: number, port?: number): Program;
  reset(run: number): Promise<void>;
}

function settingsFrom(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string", default: "100,1000,10000" },
      runs: { type: "string", default: "11" },
      latency: { type: "boolean", default: false },
      closed: { type: "string", default: "0.25" },
      only: { type: "string" },
    },
  });
  const only = values.only?.split(",");
  return {
    sizes: values.sizes.split(",").map(Number),
    runs: Number(values.runs),
    latencies: values.latency ? LATENCIES_MS : [],
    closedShare: Number(values.closed),
    commands: COMMANDS.filter(({ name }) => only === undefined || only.includes(name)),
  };
}

/** Times all candidates in turns, so that a slow moment of the machine hits each alike. A failing one drops out. */
async function timeInTurns(candidates: readonly Candidate[], runs: number): Promise<Map<string, number[] | string>> {
  const results = new Map<string, number[] | string>(candidates.map(({ name }) => [name, []]));
  for (let run = 0; run <= runs; run++) {
    for (const candidate of candidates) {
      const times = results.get(candidate.name);
      if (!Array.isArray(times)) continue;
      try {
        await candidate.reset(run);
        const ms = await timeOnce(candidate.program(run));
        if (run > 0) times.push(ms); // the first round warms caches
      } catch (error) {
        results.set(candidate.name, firstLines(error));
      }
    }
  }
  return results;
}

const firstLines = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n").slice(0, 2).join(" — ").replaceAll("|", "\\|");

/** What needs runs of its own: CPU, memory, the wire, and latency. */
async function measureAside(
  laboratory: Laboratory,
  candidate: Candidate,
  settings: Settings,
): Promise<Omit<Measured, "ms">> {
  const { proxy } = laboratory;
  let run = settings.runs;
  const next = async (): Promise<number> => {
    run += 1;
    await candidate.reset(run);
    return run;
  };
  const usages = [];
  for (let turn = 0; turn < SIDE_RUNS; turn++) usages.push(await usageOnce(candidate.program(await next())));
  proxy.reset();
  await timeOnce(candidate.program(await next(), proxy.port));
  const wire = proxy.counts();
  const atLatency = new Map<number, number>();
  for (const latency of settings.latencies) {
    proxy.setLatency(latency);
    const times = [];
    for (let turn = 0; turn < SIDE_RUNS; turn++)
      times.push(await timeOnce(candidate.program(await next(), proxy.port)));
    atLatency.set(latency, median(times));
  }
  proxy.setLatency(0);
  return {
    cpuMs: median(usages.map((usage) => usage.cpuMs)),
    peakMb: median(usages.map((usage) => usage.peakMb)),
    ...wire,
    atLatency,
  };
}

const nothing = async (): Promise<void> => undefined;

function candidatesFor(
  laboratory: Laboratory,
  place: { readonly workspace: string; readonly connection: Connection; readonly prefix: string },
  commands: readonly BenchCommand[],
): Candidate[] {
  const { workspace, connection, prefix } = place;
  const subjectOf = (run: number): Subject => ({ spare: `${prefix}-spare`, other: `${prefix}-other`, run });
  return [
    { name: "node", program: () => laboratory.empty(), reset: nothing },
    { name: "floor", program: (_run, port) => laboratory.floor(port ?? laboratory.port), reset: nothing },
    ...commands.map((command) => ({
      name: command.name,
      program: (run: number, port?: number) => laboratory.bd(workspace, command.args(subjectOf(run)), port),
      reset: (run: number) => runStatements(connection, command, subjectOf(run)),
    })),
  ];
}

async function benchSize(laboratory: Laboratory, issues: number, settings: Settings): Promise<SizeReport> {
  const prefix = `b${issues}`;
  const { workspace, connection, seed } = await seededWorkspace(laboratory, {
    issues,
    prefix,
    closedShare: settings.closedShare,
  });
  const candidates = candidatesFor(laboratory, { workspace, connection, prefix }, settings.commands);
  const times = await timeInTurns(candidates, settings.runs);
  const measured = new Map<string, Measured | string>();
  for (const candidate of candidates) {
    const ms = times.get(candidate.name) ?? "not run";
    if (!Array.isArray(ms)) measured.set(candidate.name, ms);
    else measured.set(candidate.name, { ms: median(ms), ...(await measureAside(laboratory, candidate, settings)) });
  }
  await connection.end();
  const yardstick = (name: "node" | "floor"): Measured => {
    const result = measured.get(name);
    if (result === undefined || typeof result === "string")
      throw new Error(`the yardstick '${name}' failed: ${result}`);
    return result;
  };
  return {
    issues,
    dependencies: seed.dependencies.length,
    yardsticks: { node: yardstick("node"), floor: yardstick("floor") },
    commands: new Map(settings.commands.map(({ name }) => [name, measured.get(name) ?? "not run"])),
  };
}

/** `bd import` into a new database each time. */
async function benchImport(laboratory: Laboratory): Promise<string> {
  const times: number[] = [];
  let roundTrips = 0;
  for (let turn = 0; turn <= SIDE_RUNS; turn++) {
    const prefix = `imp${turn}`;
    const workspace = await laboratory.init(prefix);
    const seed = planSeed({ issues: IMPORT_BUDGET.issues, prefix, closedShare: 0.25 });
    await writeFile(join(workspace, "issues.jsonl"), seedToJsonLines(seed));
    laboratory.proxy.reset();
    const port = turn === 0 ? laboratory.proxy.port : undefined;
    const ms = await timeOnce(laboratory.bd(workspace, ["import", "issues.jsonl"], port));
    if (turn === 0) roundTrips = laboratory.proxy.counts().roundTrips;
    else times.push(ms);
  }
  const seconds = median(times) / 1000;
  const kept = seconds <= IMPORT_BUDGET.seconds && roundTrips <= IMPORT_BUDGET.roundTrips;
  const budget = `${IMPORT_BUDGET.seconds} s and ${IMPORT_BUDGET.roundTrips} round trips`;
  return `\`import\` of ${IMPORT_BUDGET.issues} issues: ${seconds.toFixed(2)} s, ${roundTrips} round trips (${kept ? "within" : "OVER"} ${budget})`;
}

const settings = settingsFrom(process.argv.slice(2));
process.env.BEADS_DOLT_BIN = doltBinary();
const laboratory = await openLaboratory();
try {
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores, median of ${settings.runs} interleaved runs.\n`,
  );
  for (const size of settings.sizes) {
    console.log(`${tableOf(await benchSize(laboratory, size, settings), settings.latencies)}\n`);
  }
  console.log(await benchImport(laboratory).catch((error: unknown) => `\`import\` fails: ${firstLines(error)}`));
} finally {
  await laboratory.close();
}
