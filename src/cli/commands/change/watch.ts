import type { FeedEvent } from "../../../core/changes/feed-event.ts";
import { BdError, command } from "../../../errors.ts";
import { type Asked, askedFor } from "../../../ops/change/asked-for.ts";
import type { watchChanges } from "../../../ops/change/watch.ts";
import { type CommandDefinition, handler, type Invocation } from "../../command.ts";
import { milliseconds } from "../../input/flag-parsers.ts";
import { eventLine } from "../../present/event-line.ts";
import { eventFilter, eventFlags, sinceCursor } from "./event-flags.ts";

export const watchCommand: CommandDefinition = {
  configure(line) {
    line
      .option(
        "--since <cursor>",
        "from there on (default: where the last command left BD_CURSOR_FILE, else from now on)",
      )
      .option("--from-start", "everything that ever happened, then what happens")
      .option("--once", "end with the first event")
      .option(
        "--until <what>",
        "end when all issues of --issue have that status, or are `ready`; without --issue, any is ready",
      )
      .option("--timeout <time>", "end with exit code 124 after that time (30s, 5m)", milliseconds)
      .option("--exec <command>", "run that for each event, which comes as JSON on standard input");
    eventFlags(line);
  },
  examples: [
    ["bd watch", "what happens, a line each"],
    ["bd watch --issue bd-a1b2 --until closed --timeout 10m", "wait until an issue is closed"],
    ["bd watch --until ready", "wait until there is something to do"],
    ["bd watch --type created,closed --json", "for a program: a line of JSON for each event"],
    ["bd watch --type closed --exec 'jq -r .issue_id >> closed.txt'", "do something about each"],
  ],
  handlers: [
    handler<typeof watchChanges>({
      operation: "change.watch",
      input(invocation) {
        const { flags } = invocation;
        return {
          since: sinceCursor(invocation),
          from_start: flags["fromStart"] === true,
          issues: flags["issue"],
          filter: eventFilter(invocation),
          until: flags["until"],
          once: flags["once"] === true,
          timeout_ms: flags["timeout"],
        };
      },
      ownProcess: ({ exec }) => (exec === undefined ? undefined : "it runs a command of the person's"),
      events: (invocation) => ({
        line: eventLine,
        taken: executor(invocation),
      }),
      present({ cursor }, view) {
        view.note(`Go on with --since=${cursor}`);
      },
    }),
  ],
};

/** Runs the command of `--exec` for an event. One that fails ends the watch, so that its event is not lost. */
function executor(invocation: Invocation): ((event: FeedEvent) => Promise<void>) | undefined {
  const { exec } = invocation.flags;
  if (typeof exec !== "string") return undefined;
  let before = invocation.flags["since"];
  return async (event) => {
    const { exitCode, stderr } = await invocation.shell(exec, {
      stdin: `${JSON.stringify(event)}\n`,
      env: {
        BD_EVENT: event.type,
        BD_CURSOR: event.cursor,
        ...("issue_id" in event ? { BD_ISSUE: event.issue_id } : {}),
      },
    });
    if (exitCode !== 0) throw execFailed({ event, exitCode, stderr, before, again: again(invocation, before, exec) });
    before = event.cursor;
  };
}

/** The same watch from before the event on, which is said once more. */
function again(invocation: Invocation, before: unknown, exec: string): string[] {
  const { issue: issues, until, once } = invocation.flags;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the flags' parsers make them
  const asked = { issues, filter: eventFilter(invocation), until, once: once === true } as Asked;
  const from = typeof before === "string" ? `--since=${before}` : "--from-start";
  return ["bd", "watch", ...askedFor(asked), from, `--exec=${exec}`];
}

interface FailedCommand {
  readonly event: FeedEvent;
  readonly exitCode: number | undefined;
  readonly stderr: string;
  /** The cursor before the event, where it is known. */
  readonly before: unknown;
  readonly again: readonly string[];
}

function execFailed({ event, exitCode, stderr, before, again: askedAgain }: FailedCommand): BdError {
  const how = exitCode === undefined ? "was killed" : `ended with exit code ${exitCode}`;
  const last = stderr.trimEnd().split("\n").at(-1);
  const message = `the command of --exec ${how} at the event "${event.type}"${last ? `: ${last}` : ""}`;
  const since = typeof before === "string" ? before : undefined;
  return new BdError("rejected", "EXEC_FAILED", message, {
    hint: command`${askedAgain}`,
    details: { event, exit_code: exitCode, since },
  });
}
