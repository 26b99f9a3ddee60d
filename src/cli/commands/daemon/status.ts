import type { DaemonStatus, daemonStatus } from "../../../ops/daemon/status.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";

export const daemonStatusCommand: CommandDefinition = {
  examples: [
    ["bd daemon status", "whether a daemon runs for this workspace"],
    ["bd daemon status --verbose", "what it did: requests, events, what it watches"],
  ],
  handlers: [
    handler<typeof daemonStatus>({
      operation: "daemon.status",
      input: () => ({}),
      present: presentStatus,
    }),
  ],
};

function presentStatus(status: DaemonStatus, view: View): void {
  if (!status.running) return view.line(`No daemon runs for ${status.workspace}`);
  const rows: (readonly [string, string | undefined])[] = [
    ["Workspace", status.workspace],
    ["Mode", status.mode],
    ["Uptime", duration(status.uptime_seconds)],
    ["Last sync", status.last_sync ?? "never"],
    ["Federation", federationWords(status.federation)],
    ["Tracker", trackerWords(status.tracker)],
  ];
  view.line(`${view.style("green", "●")} Daemon running (PID ${status.pid}, bd ${status.version ?? "?"})`);
  table(rows, view);
  if (view.flags["verbose"] === true) presentDetails(status, view);
}

function presentDetails({ requests, events, watcher, memory_bytes, health, log_path }: DaemonStatus, view: View): void {
  if (events !== undefined) {
    section("Event statistics", view, [
      ["File changes", String(events.file_changes)],
      ["Mutations", String(events.mutations)],
      ["Exports", `${events.exports} (batched from ${events.exported_mutations} mutations)`],
      ["Imports", `${events.imports} (batched from ${events.imported_file_changes} file changes)`],
    ]);
  }
  if (watcher !== undefined) {
    section("Watcher status", view, [
      ["Watching", watcher.watching.join(", ") || "nothing"],
      ["How", watcher.polling ? "polling" : "events of the file system"],
      ["Events received", String(watcher.events)],
      [
        "Errors",
        watcher.last_error === undefined ? String(watcher.errors) : `${watcher.errors} (${watcher.last_error})`,
      ],
    ]);
  }
  if (requests !== undefined) {
    section("Requests", view, [
      ["Served", `${requests.served} (${requests.running} running)`],
      [
        "Times",
        requests.p50_ms === undefined
          ? undefined
          : `half within ${requests.p50_ms} ms, 95 % within ${requests.p95_ms} ms`,
      ],
      ...Object.entries(requests.direct).map(([why, times]) => ["Direct", `${times}: ${why}`] as const),
    ]);
  }
  section("Health", view, [
    ["Memory", memory_bytes === undefined ? undefined : `${Math.round(memory_bytes / 1024 ** 2)} MB`],
    ["Last check", health === undefined ? "not yet" : health.at],
    ["Database", health?.database],
    [
      "Disk free",
      health?.disk_free_bytes === undefined ? undefined : `${Math.round(health.disk_free_bytes / 1024 ** 2)} MB`,
    ],
    ["Log", log_path],
  ]);
}

function trackerWords(tracker: DaemonStatus["tracker"]): string | undefined {
  if (tracker === undefined) return undefined;
  const { at, last, last_error: error } = tracker;
  if (at === undefined) return "mirrored, nothing happened yet";
  return error === undefined ? `mirrored; at ${at} ${last ?? ""}` : `not mirrored since ${at}: ${error}`;
}

function federationWords(federation: DaemonStatus["federation"]): string | undefined {
  if (federation === undefined) return undefined;
  const { interval_seconds, last_round, last_error } = federation;
  const every = `every ${duration(interval_seconds)}`;
  if (last_round === undefined) return `${every}; the first round runs`;
  return `${every}; last ${last_round}: ${last_error === undefined ? "pulled and pushed" : `failed: ${oneLine(last_error)}`}`;
}

/** What is said in several lines ends each with what goes on in the next. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

function section(title: string, view: View, rows: readonly (readonly [string, string | undefined])[]): void {
  view.line();
  view.line(view.style("bold", title));
  table(rows, view);
}

function table(rows: readonly (readonly [string, string | undefined])[], view: View): void {
  const shown = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length)) + 1;
  for (const [name, value] of shown) view.line(`  ${`${name}:`.padEnd(width)} ${value}`);
}

function duration(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
