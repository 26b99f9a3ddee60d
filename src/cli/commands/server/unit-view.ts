import { JOURNAL_LINE } from "../../../server/systemd/unit-files.ts";
import type { UnitStatus } from "../../../server/systemd/unit-status.ts";
import type { View } from "../../command.ts";

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
