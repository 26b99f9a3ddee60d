import { BUDGETS, type BudgetedCommand, PAGING_DEPENDENCIES, PAGING_ROUND_TRIPS, type Yardstick } from "./budgets.ts";
import type { Usage } from "./measure.ts";

/** Medians over the runs of one program at one size. */
export interface Measured extends Usage {
  readonly ms: number;
  readonly connections: number;
  readonly roundTrips: number;
  /** Added latency in ms to whole-process ms. */
  readonly atLatency: ReadonlyMap<number, number>;
}

export interface SizeReport {
  readonly issues: number;
  readonly dependencies: number;
  readonly yardsticks: Readonly<Record<Yardstick, Measured>>;
  /** A command that failed has its message instead. */
  readonly commands: ReadonlyMap<BudgetedCommand, Measured | string>;
}

const READINESS: ReadonlySet<BudgetedCommand> = new Set(["ready", "ready --json", "blocked"]);

/** What the command misses of its budget, each in a few words; empty when it keeps all of it. */
function missesOf(name: BudgetedCommand, measured: Measured, report: SizeReport): string[] {
  const budget: (typeof BUDGETS)[BudgetedCommand] = BUDGETS[name];
  const misses: string[] = [];
  const pages = READINESS.has(name) && report.dependencies > PAGING_DEPENDENCIES;
  const roundTrips = budget.roundTrips + (pages ? PAGING_ROUND_TRIPS : 0);
  if (measured.roundTrips > roundTrips) misses.push(`trips ${measured.roundTrips} > ${roundTrips}`);
  for (const ratio of budget.ratios) {
    if ("size" in ratio && ratio.size !== report.issues) continue;
    const reached = measured.ms / report.yardsticks[ratio.yardstick].ms;
    if (reached > ratio.atMost) misses.push(`${reached.toFixed(2)} × ${ratio.yardstick} > ${ratio.atMost}`);
  }
  const slow = measured.atLatency.get(80);
  if ("secondsAt80ms" in budget && slow !== undefined && report.issues === 1000 && slow > budget.secondsAt80ms * 1000) {
    misses.push(`${(slow / 1000).toFixed(2)} s at 80 ms > ${budget.secondsAt80ms} s`);
  }
  return misses;
}

function row(
  name: string,
  measured: Measured,
  report: SizeReport,
  latencies: readonly number[],
  misses: string,
): string {
  const { node, floor } = report.yardsticks;
  const cells = [
    name,
    measured.ms.toFixed(0),
    (measured.ms / node.ms).toFixed(2),
    (measured.ms / floor.ms).toFixed(2),
    measured.cpuMs.toFixed(0),
    measured.peakMb.toFixed(0),
    String(measured.connections),
    String(measured.roundTrips),
    ...latencies.map((latency) => measured.atLatency.get(latency)?.toFixed(0) ?? ""),
    misses,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** One Markdown table for one size. */
export function tableOf(report: SizeReport, latencies: readonly number[]): string {
  const heads = ["command", "ms", "× node", "× floor", "CPU ms", "peak MB", "TCP", "trips"];
  const columns = [...heads, ...latencies.map((latency) => `ms at +${latency} ms`), "over budget"];
  const lines = [
    `### ${report.issues.toLocaleString("en")} issues, ${report.dependencies.toLocaleString("en")} dependencies`,
    "",
    `| ${columns.join(" | ")} |`,
    `|${columns.map((_, index) => (index === 0 ? "---|" : "---:|")).join("")}`,
    row("`node -e 0`", report.yardsticks.node, report, latencies, ""),
    row("floor: connect, `SELECT 1`", report.yardsticks.floor, report, latencies, ""),
  ];
  for (const [name, measured] of report.commands) {
    if (typeof measured === "string") {
      const empty = columns.slice(2).map(() => " |");
      lines.push(`| \`${name}\` | fails: ${measured} |${empty.join("")}`);
    } else {
      lines.push(row(`\`${name}\``, measured, report, latencies, missesOf(name, measured, report).join("; ")));
    }
  }
  return lines.join("\n");
}
