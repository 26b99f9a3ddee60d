import type { InstallUnitResult, installServerUnit } from "../../../ops/server/install-unit.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { addPlaceFlags, placeFromFlags } from "./place-flags.ts";

export const serverInstallUnitCommand: CommandDefinition = {
  configure: (command) => {
    addPlaceFlags(command);
    command
      .option("--now", "enable and start it, too")
      .option("--dry-run", "show the units and what would change, write nothing")
      .option("--force", "replace what was changed by hand; the old file stays beside it as .bak")
      .option("--remote-password-file <path>", "let the server push with the password in that file");
  },
  examples: [
    ["bd server install-unit --now", "a server that starts at login and comes back after a crash"],
    ["bd server install-unit --dry-run", "see the units first"],
    ["bd server install-unit", "after an upgrade of dolt: show what changes, and write it"],
    ["bd server install-unit --remote-password-file ~/.pw", "a server that may push"],
  ],
  handlers: [
    handler<typeof installServerUnit>({
      operation: "server.install-unit",
      input: ({ flags }) => ({
        ...placeFromFlags(flags),
        now: flags["now"] === true,
        dry_run: flags["dryRun"] === true,
        force: flags["force"] === true,
        remote_password_file: flags["remotePasswordFile"],
      }),
      present,
    }),
  ],
};

type Unit = InstallUnitResult["units"][number];

function present({ units, dryRun, started, host, port, next }: InstallUnitResult, view: View): void {
  for (const unit of units) {
    if (dryRun) presentPlan(unit, view);
    else presentWritten(unit, view);
  }
  if (started !== undefined) {
    const state = started.outcome === "started" ? "runs" : "runs already";
    view.line(`${view.style("green", "✓")} dolt-server.service ${state} (PID ${started.pid}, ${host}:${port})`);
  }
  if (next.length === 0) return;
  view.line();
  view.line("Next:");
  const width = Math.max(...next.map(([line]) => line.length));
  for (const [line, meaning] of next) view.line(`  ${line.padEnd(width)}  # ${meaning}`);
}

function presentPlan({ path, state, text, diff }: Unit, view: View): void {
  const plans: Readonly<Record<Unit["state"], string>> = {
    new: `Would write ${path}:`,
    current: `Would leave ${path} as it is`,
    outdated: `Would replace ${path}:`,
    edited: `Would refuse to replace ${path}, which was changed by hand; --force keeps the old one as .bak:`,
    foreign: `Would refuse to replace ${path}, which is not ours; --force keeps the old one as .bak:`,
  };
  view.line(plans[state]);
  if (state !== "current") showText(diff ?? text, view);
}

function presentWritten({ path, state, diff, backup }: Unit, view: View): void {
  if (state === "current") return view.line(`  Unchanged: ${path}`);
  const done = state === "new" ? "Wrote" : "Replaced";
  view.line(`${view.style("green", "✓")} ${done} ${path}${backup === undefined ? "" : ` (the old one is ${backup})`}`);
  if (diff !== undefined) showText(diff, view);
}

function showText(text: string, view: View): void {
  for (const line of text.trimEnd().split("\n")) view.line(line === "" ? "" : `  ${line}`);
  view.line();
}
