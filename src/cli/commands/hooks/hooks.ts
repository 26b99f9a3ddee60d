import { Option } from "commander";
import { type HooksReport, missingLines } from "../../../ops/hooks/describe-hooks.ts";
import type { installHooks } from "../../../ops/hooks/install.ts";
import type { runHook } from "../../../ops/hooks/run.ts";
import type { hooksStatus } from "../../../ops/hooks/status.ts";
import type { uninstallHooks } from "../../../ops/hooks/uninstall.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";

export const hooksInstallCommand: CommandDefinition = {
  unsupported: ["--beads", "--shared"],
  ignored: [
    ["--force", "nothing of yours is overwritten"],
    ["--chain", "what is there goes on running"],
  ],
  examples: [["bd hooks install", "git commit takes the issues along, and git pull brings them"]],
  handlers: [handler<typeof installHooks>({ operation: "hooks.install", input: () => ({}), present: presentHooks })],
};

export const hooksUninstallCommand: CommandDefinition = {
  examples: [["bd hooks uninstall", "every hook is as it was before"]],
  handlers: [
    handler<typeof uninstallHooks>({ operation: "hooks.uninstall", input: () => ({}), present: presentUninstalled }),
  ],
};

export const hooksStatusCommand: CommandDefinition = {
  examples: [["bd hooks status", "which hooks are installed, and whether git runs them"]],
  handlers: [handler<typeof hooksStatus>({ operation: "hooks.status", input: () => ({}), present: presentHooks })],
};

/** What git waits for, and no longer than this. */
const HOOK_MS = 1000;

export const hooksRunCommand: CommandDefinition = {
  configure: (command) =>
    void command
      .argument("<hook>", "the hook that git runs")
      .argument("[args...]", "what git gives it")
      .addOption(new Option("--in-background", "what the hook leaves behind it").hideHelp()),
  examples: [["bd hooks run post-merge", "in a hook of your own; it never fails, and never takes long"]],
  handlers: [
    handler<typeof runHook>({
      operation: "hooks.run",
      input: ({ args: [hook, ...args], flags }) => ({ hook, args, in_background: flags["inBackground"] === true }),
      longestMs: (flags) => (flags["inBackground"] === true ? undefined : HOOK_MS),
      present: () => {},
    }),
  ],
};

const STATES: Readonly<Record<HooksReport["hooks"][number]["state"], string>> = {
  absent: "not installed",
  installed: "installed",
  outdated: "of another version: bd hooks install",
  called: "calls bd already",
  other: "not installed; what is there stays",
  "no-shell-script": "left alone, because it is no shell script; call bd hooks run from it",
  link: "left alone, because it is a link; call bd hooks run from where it leads",
  "not-executable": "left alone, because it is not executable, and git passes it over",
};

function presentHooks(report: HooksReport, view: View): void {
  const { manager, syncs, syncBranch } = report;
  presentFiles(report, view);
  const lines = missingLines(report);
  if (manager !== undefined && lines.length > 0) {
    view.line();
    view.line(`Nothing is written there, because it belongs to ${manager.name}. Put this into its files yourself:`);
    view.line();
    for (const line of lines) view.line(`  ${line}`);
  }
  if (!syncs) view.note("hooks do nothing until the issues are in a file: bd config set sync.jsonl true");
  else if (syncBranch !== undefined)
    view.note("hooks do nothing while git's sync.branch is set: bd sync alone looks after that branch");
}

function presentUninstalled(report: HooksReport, view: View): void {
  presentFiles(report, view);
  const paths = new Set(report.hooks.filter(({ state }) => state === "called").map(({ path }) => path));
  if (paths.size === 0) return;
  view.line();
  view.line("These lines are somebody else's, and stay. Take `bd hooks run` out of them yourself:");
  view.line();
  for (const path of paths) view.line(`  ${path}`);
}

function presentFiles({ folder, hooks }: HooksReport, view: View): void {
  view.line(`Hooks of git in ${folder}`);
  for (const { name, state } of hooks) {
    const mark = state === "installed" || state === "called" ? view.style("green", "✓") : "○";
    view.line(`  ${mark} ${name.padEnd(13)}  ${STATES[state]}`);
  }
}
