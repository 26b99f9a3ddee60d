import type { UnitStatus } from "../../../server/systemd/unit-status.ts";
import type { View } from "../../command.ts";

/** The words of the unit's server, also where it fails before it writes a log of its own. */
export const JOURNAL_LINE = "journalctl --user -u dolt-server -n 20";

export function isActive(unit: UnitStatus | undefined): boolean {
  return unit?.manager?.state === "active";
}

export function unitJson({
  path,
  author,
  dolt,
  doltIsThere,
  host,
  port,
  dataDir,
  manager,
  linger,
  dropIns,
}: UnitStatus): object {
  return {
    path,
    written_by_us: author === "we",
    dolt,
    dolt_exists: doltIsThere,
    host,
    port,
    data_dir: dataDir,
    enabled: manager?.enabled,
    state: manager?.state,
    sub_state: manager?.subState,
    pid: manager?.pid,
    since: manager?.since,
    restarts: manager?.restarts,
    needs_reload: manager?.needsReload,
    linger,
    journal: JOURNAL_LINE,
    drop_ins: dropIns,
  };
}

const NEXT_LINES: Readonly<Record<string, string>> = {
  failed: JOURNAL_LINE,
  inactive: "systemctl --user start dolt-server",
};

export function presentUnit(unit: UnitStatus, view: View): void {
  const { path, author, dolt, doltIsThere, manager, linger, dropIns } = unit;
  view.line(`  Unit: ${path}${author === "we" ? "" : " (not written by bd server install-unit alone)"}`);
  if (manager === undefined) view.line("    no user manager of systemd answers here");
  else {
    const times = manager.restarts === 1 ? "once" : `${manager.restarts} times`;
    const restarts = manager.restarts === 0 ? "" : `, started again ${times} after a failure`;
    const since = manager.since === undefined ? "" : ` since ${manager.since}`;
    const state = manager.subState === "auto-restart" ? "failing, tried again every 5 s" : manager.state;
    const next = NEXT_LINES[manager.subState === "auto-restart" ? "failed" : manager.state];
    view.line(
      `    ${manager.enabled ? "enabled" : "not enabled"}, ${state}${since}${restarts}${next === undefined ? "" : `: ${next}`}`,
    );
    if (manager.needsReload) view.line("    changed on disk: systemctl --user daemon-reload");
  }
  for (const dropIn of dropIns) view.line(`    changed by ${dropIn}`);
  if (doltIsThere === false) view.line(`    its dolt is gone: ${dolt} (bd server install-unit names the one there is)`);
  if (linger === false && manager?.enabled === true) {
    view.line("    lingering is off, so it ends when you log out: loginctl enable-linger");
  }
}
