import { type Command, Option } from "commander";
import type { StartedDaemon, startDaemon } from "../../../ops/daemon/start.ts";
import type { restartDaemon } from "../../../ops/daemon/stop.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";

const modeFlag = (command: Command): Command =>
  command.addOption(
    new Option(
      "--mode <mode>",
      "be told of changed files, or look for them (default: the setting daemon.mode)",
    ).choices(["events", "poll"]),
  );

export const daemonStartCommand: CommandDefinition = {
  configure: (command) =>
    void modeFlag(command).option("--foreground", "be the daemon, until it is told to end: for systemd and the like"),
  examples: [
    ["bd daemon start", "commands in this workspace answer quicker from now on"],
    ["bd daemon start --mode poll", "where files change without a word, as on network drives"],
  ],
  handlers: [
    handler<typeof startDaemon>({
      operation: "daemon.start",
      input: ({ flags }) => ({ mode: flags["mode"], foreground: flags["foreground"] === true }),
      present,
    }),
  ],
};

export const daemonRestartCommand: CommandDefinition = {
  configure: (command) => void modeFlag(command),
  examples: [["bd daemon restart", "after its settings or its environment have changed"]],
  handlers: [
    handler<typeof restartDaemon>({
      operation: "daemon.restart",
      input: ({ flags }) => ({ mode: flags["mode"] }),
      present,
    }),
  ],
};

function present({ outcome, pid, workspace, logPath }: StartedDaemon, view: View): void {
  if (outcome === "ended") return;
  const state = outcome === "started" ? "started" : "runs already";
  view.line(`${view.style("green", "✓")} Daemon ${state} (PID ${pid})`);
  view.line(`  Workspace: ${workspace}`);
  view.line(`  Log:       ${logPath}`);
}
