import { toWireTime } from "../core/time/wire-time.ts";
import type { DaemonOptions } from "../ops/caller.ts";
import type { DaemonStatus } from "../ops/daemon/status.ts";
import type { Round } from "./federation-side.ts";
import type { Statistics } from "./statistics.ts";
import type { Mirrored } from "./tracker-side.ts";

interface DaemonFacts {
  readonly version: string;
  readonly pid: number;
  readonly options: DaemonOptions;
  readonly started: Date;
  readonly now: Date;
  readonly logPath: string;
  /** Requests that run now. */
  readonly running: number;
  /** In bytes. */
  readonly memory: number;
  readonly statistics: Statistics;
  readonly watching: { readonly paths: readonly string[]; readonly isPolling: boolean };
  readonly lastRound: Round | undefined;
  readonly mirrored: Mirrored | undefined;
}

/** What a daemon says of itself. */
export function describeDaemon(facts: DaemonFacts): DaemonStatus {
  const { options, statistics, watching } = facts;
  const { requests, direct, files, mutations, watcher, lastHealth } = statistics;
  return {
    running: true,
    workspace: options.beadsDir,
    pid: facts.pid,
    version: facts.version,
    mode: options.mode,
    started: toWireTime(facts.started),
    // A clock that was set back makes no time negative.
    uptime_seconds: Math.max(0, Math.floor((facts.now.getTime() - facts.started.getTime()) / 1000)),
    idle_exit_seconds: seconds(options.idleExitMs),
    last_sync: statistics.lastSync && toWireTime(statistics.lastSync),
    log_path: facts.logPath,
    requests: {
      served: requests,
      running: facts.running,
      direct: Object.fromEntries(direct),
      p50_ms: tenths(statistics.quantile(0.5)),
      p95_ms: tenths(statistics.quantile(0.95)),
    },
    events: {
      file_changes: files.changes,
      mutations: mutations.seen,
      exports: mutations.exports,
      exported_mutations: mutations.exported,
      imports: files.imports,
      imported_file_changes: files.importedChanges,
    },
    watcher: {
      watching: [...watching.paths],
      polling: watching.isPolling,
      events: watcher.events,
      errors: watcher.errors,
      last_error: watcher.lastError,
    },
    federation: federationOf(facts),
    tracker: trackerOf(facts),
    memory_bytes: facts.memory,
    health: lastHealth && {
      at: toWireTime(lastHealth.at),
      database: lastHealth.database,
      disk_free_bytes: lastHealth.diskFree,
    },
  };
}

function federationOf({ options, lastRound }: DaemonFacts): DaemonStatus["federation"] {
  const interval = seconds(options.roundMs);
  if (interval === undefined) return undefined;
  return {
    interval_seconds: interval,
    last_round: lastRound && toWireTime(lastRound.at),
    last_error: lastRound?.error?.message,
  };
}

function trackerOf({ options, mirrored }: DaemonFacts): DaemonStatus["tracker"] {
  if (!options.mirrors) return undefined;
  if (mirrored === undefined) return {};
  const at = toWireTime(mirrored.at);
  return mirrored.isTrouble ? { at, last_error: mirrored.line } : { at, last: mirrored.line };
}

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms / 1000));

const tenths = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.round(ms * 10) / 10;
