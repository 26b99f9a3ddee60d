import type { PushResult, pushRemote } from "../../../ops/dolt/push.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { commitsText, counted, shortHash } from "../../present/text/counted-text.ts";

export const doltPushCommand: CommandDefinition = {
  configure: (command) =>
    void command
      .option("--remote <name>", "push there instead of origin")
      .option("--dry-run", "say what would be pushed; nothing is")
      .option("--force", "throw away what only the remote has, after showing it")
      .option("-y, --yes", "do not ask before throwing something away"),
  examples: [
    ["bd dolt push", "give our commits to the project's remote"],
    ["bd dolt push --dry-run", "see what they are first"],
    ["bd dolt push --remote backup", "to another remote"],
  ],
  handlers: [
    handler<typeof pushRemote>({
      operation: "dolt.push",
      input: ({ flags }) => ({
        remote: flags["remote"],
        force: flags["force"] === true,
        dry_run: flags["dryRun"] === true,
        yes: flags["yes"] === true,
      }),
      present: presentPush,
    }),
  ],
};

function presentPush({ remote, local, remoteHash, commits, issues, lost, verified }: PushResult, view: View): void {
  const there = shortHash(remoteHash);
  const what = `${commitsText(commits)}, ${counted(issues, "issue")} changed`;
  if (verified && commits === 0 && lost === undefined) {
    view.line(`Everything is at '${remote}' already: local ${shortHash(local)} = remote ${there}`);
    return;
  }
  if (verified) {
    view.line(
      `${view.style("green", "✓")} Pushed to '${remote}': local ${shortHash(local)} → remote ${there}, ${what}`,
    );
    return;
  }
  view.line(`Would push to '${remote}': local ${shortHash(local)} → remote ${there}, ${what}`);
  if (lost !== undefined)
    view.line(
      `But ${commitsText(lost.commits)} of the remote ${lost.commits === 1 ? "is" : "are"} not here yet: pull first`,
    );
}
