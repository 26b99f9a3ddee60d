import { BdError, command as commandLine } from "../../../errors.ts";
import type { SetUp, setUpTracker } from "../../../ops/tracker/setup.ts";
import type { TrackerStatus, trackerStatus, Waiting } from "../../../ops/tracker/status.ts";
import type { syncTracker } from "../../../ops/tracker/sync.ts";
import { type MirrorCounts, mirroredLine } from "../../../ops/tracker/tally.ts";
import type { Difference, fixTracker, Verified, verifyTracker } from "../../../ops/tracker/verify.ts";
import { type CommandDefinition, type Flags, handler, type View } from "../../command.ts";

export const trackerSetupCommand: CommandDefinition = {
  configure: (command) =>
    void command
      .option("--statuses", "add the statuses that tasks have and this project has not, without asking")
      .option("--no-statuses", "add none: such tasks are in_progress here"),
  examples: [
    ["KV_REST_API_URL=… KV_REST_API_TOKEN=… bd tracker setup", "this project is mirrored in that task store"],
    ["REDIS_URL=redis://127.0.0.1 bd tracker setup --statuses", "in a Redis, with the status review"],
  ],
  handlers: [
    handler<typeof setUpTracker>({
      operation: "tracker.setup",
      input: ({ flags }) => ({ statuses: flags["statuses"] }),
      present: presentSetup,
    }),
  ],
};

export const trackerSyncCommand: CommandDefinition = {
  configure: (command) =>
    void command
      .option("--once", "bring over what there is, and end (the default)")
      .option("--watch", "go on until Ctrl-C"),
  examples: [
    ["bd tracker sync", "tasks and issues have what either has"],
    ["bd tracker sync --watch", "and keep it so"],
  ],
  handlers: [
    handler<typeof syncTracker>({
      operation: "tracker.sync",
      input: ({ flags }) => ({ watch: watches(flags), patient: true }),
      present: presentCounts,
    }),
  ],
};

export const trackerStatusCommand: CommandDefinition = {
  examples: [["bd tracker status", "what the other side does not have yet, and since when"]],
  handlers: [handler<typeof trackerStatus>({ operation: "tracker.status", input: () => ({}), present: presentStatus })],
};

export const trackerVerifyCommand: CommandDefinition = {
  configure: (command) => void command.option("--fix", "bring together what differs"),
  examples: [
    ["bd tracker verify", "compare every task with its issue; exit 0 when all are the same"],
    ["bd tracker verify --fix", "and bring together what differs"],
  ],
  handlers: [
    handler<typeof fixTracker>({
      when: (flags) => flags["fix"] === true,
      operation: "tracker.fix",
      input: () => ({}),
      present: (output, view) => {
        presentVerified(output, view);
        presentCounts(output.fixed, view);
      },
    }),
    handler<typeof verifyTracker>({
      operation: "tracker.verify",
      input: () => ({}),
      present(output, view) {
        presentVerified(output, view);
        if (output.problem?.hint !== undefined) view.note(`  Hint: ${output.problem.hint}`);
      },
    }),
  ],
};

function watches(flags: Flags): boolean {
  if (flags["once"] === true && flags["watch"] === true) {
    throw new BdError("usage", "CONTRADICTING_FLAGS", "--once and --watch contradict each other; give one of them");
  }
  return flags["watch"] === true;
}

const STORES = { rest: "over REST", tcp: "a Redis" } as const;
/** So many are named. */
const NAMED = 20;

function presentSetup({ kind, project, added, missing, wasSetUp }: SetUp, view: View): void {
  const whose = project === undefined ? "all tasks" : `tasks of the project ${project}`;
  view.line(`${wasSetUp ? "Set up already" : "Set up"}: ${whose} of the store (${STORES[kind]}) are mirrored here`);
  if (added.length > 0) view.line(`  New statuses: ${added.join(", ")}`);
  if (missing.length > 0) view.line(`  in_progress here, because there are no such statuses: ${missing.join(", ")}`);
  view.note(
    `  Next: ${commandLine`bd tracker sync`}, or for a daemon: ${commandLine`bd config set tracker.mirror true`}`,
  );
}

function presentCounts(counts: MirrorCounts, view: View): void {
  view.line(mirroredLine(counts));
  for (const { id, why } of counts.dead.slice(0, NAMED)) view.line(`  task ${id} is left alone: ${why}`);
  for (const { id, why } of counts.pastRules.slice(0, NAMED))
    view.line(`  ${id} is closed, although bd would refuse: ${why}`);
}

function presentStatus({ kind, project, isSetUp, commit, tasks, issues, dead }: TrackerStatus, view: View): void {
  view.line(`Store    ${STORES[kind]}${project === undefined ? "" : `, project ${project}`}`);
  if (!isSetUp) return view.line(`Set up   no: ${commandLine`bd tracker setup`}`);
  view.line(`Issues   ${commit === undefined ? "everything is to be compared" : waitingWords(issues)}`);
  for (const { id, since } of issues.slice(0, NAMED)) view.line(`  ${id}  since ${since}`);
  view.line(`Tasks    ${waitingWords(tasks)}`);
  for (const { id, since } of tasks.slice(0, NAMED)) view.line(`  ${id}  since ${since}`);
  for (const { id, at, why } of dead.slice(0, NAMED)) view.line(`Left     task ${id} since ${at}: ${why}`);
}

function waitingWords(waiting: readonly Waiting[]): string {
  return waiting.length === 0 ? "brought over" : `${waiting.length} to be brought over`;
}

function presentVerified({ found, stale, differences, dead }: Verified, view: View): void {
  const lines = [
    ...differences.map(differenceLine),
    ...found.map((id) => `task ${id} was written by another program`),
    ...stale.map((id) => `${id} stands in an index, and is no task`),
    ...dead.map(({ id, why }) => `task ${id}: ${why}`),
  ];
  for (const line of lines.slice(0, NAMED)) view.line(line);
  if (lines.length > NAMED) view.line(`and ${lines.length - NAMED} more`);
  if (lines.length === 0) view.line("Tasks and issues are the same");
}

function differenceLine({ task, issue, what }: Difference): string {
  if (what === "differs") return `${issue ?? `task ${task}`} differs from its task`;
  return task === undefined ? `${issue} has no task` : `task ${task} has no issue`;
}
