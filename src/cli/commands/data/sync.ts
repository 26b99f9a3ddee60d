import { BdError, command as commandLine } from "../../../errors.ts";
import type { SyncStatus, syncStatus } from "../../../ops/sync/status.ts";
import type { syncFile } from "../../../ops/sync/sync.ts";
import type { SyncResult } from "../../../ops/sync/sync-result.ts";
import { type CommandDefinition, type Flags, handler, type View } from "../../command.ts";

export const syncCommand: CommandDefinition = {
  configure(command) {
    command
      .option("--flush-only", "write the file; what others have changed in it is taken in first")
      .option("--import-only", "take the file in, and write nothing into it")
      .option("--status", "only say up to where both know of each other")
      .option("--full", "compare every issue, whatever is known of the last time")
      .option("--dry-run", "only say what would be done")
      .option("--allow-deletes", "take in a file that has lost many of its issues");
  },
  examples: [
    ["bd sync", "the file and the tracker have what either has"],
    ["bd sync --dry-run", "what would change, without changing it"],
    ["bd sync --import-only", "after git pull: what others have changed"],
    ["bd sync --flush-only", "before git commit: what is new here"],
    ["bd sync --status", "what waits, and what went wrong last"],
  ],
  handlers: [
    handler<typeof syncStatus>({
      when: (flags) => flags["status"] === true,
      operation: "sync.status",
      input: () => ({}),
      present: presentStatus,
    }),
    handler<typeof syncFile>({
      operation: "sync.run",
      input: ({ flags }) => ({
        direction: directionOf(flags),
        full: flags["full"] === true,
        dry_run: flags["dryRun"] === true,
        allow_deletes: flags["allowDeletes"] === true,
        by_itself: false,
      }),
      present: presentSync,
    }),
  ],
};

function directionOf(flags: Flags): "both" | "flush" | "import" {
  const [flush, take] = [flags["flushOnly"] === true, flags["importOnly"] === true];
  if (flush && take)
    throw new BdError(
      "usage",
      "CONTRADICTING_FLAGS",
      "--flush-only and --import-only contradict each other; give one of them",
    );
  return flush ? "flush" : take ? "import" : "both";
}

/** So many issues are named. */
const NAMED = 20;

function presentSync({ file, dryRun, busyWith, plan, written }: SyncResult, view: View): void {
  if (busyWith !== undefined) {
    view.note(`git is in the middle of ${busyWith}: ${file} is left alone until it is done`);
    return;
  }
  const { changed, deleted, older, untold, beaten } = plan.taken;
  const say = dryRun ? view.line : view.note;
  const would = dryRun ? "would be " : "";
  const lines = changed.map(({ before, after }) => {
    return `${after.issue.id} ${before === undefined ? "is new" : "has changed"}: ${after.issue.title}`;
  });
  for (const [id, newId] of plan.renames) lines.push(`${id} is ${newId}`);
  for (const { id, wasChanged } of deleted) {
    const back = wasChanged ? `, although it was changed here: ${commandLine`bd restore ${id}`}` : "";
    lines.push(`${id} ${would}deleted${back}`);
  }
  for (const line of lines.slice(0, NAMED)) say(line);
  if (lines.length > NAMED) say(`and ${lines.length - NAMED} more`);
  for (const { id, newId, title } of plan.moved) say(`another issue has ${id} here, so that "${title}" is ${newId}`);
  if (beaten.length > 0) say(`deleted here, and still so: ${firstOf(beaten)}`);
  if (untold.length > 0) {
    say(`left as they are here, because the file says something else without a newer time: ${firstOf(untold)}`);
  }
  const parts = [
    `${lines.length} issues ${would}taken in`,
    ...(older.length > 0 ? [`${older.length} older than here`] : []),
    ...(written === undefined ? [] : [`${written.length} lines ${would}written`]),
  ];
  say(`${file}: ${parts.join(", ")}`);
}

function firstOf(ids: readonly string[]): string {
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : "";
  return `${ids.slice(0, NAMED).join(", ")}${more}`;
}

function pushedWords(isUnpushed: boolean, hasRemote: boolean): string {
  if (!hasRemote) return "nowhere: git remote add origin URL";
  return isUnpushed ? "no: bd sync does it" : "yes, as far as is known here";
}

function presentStatus(status: SyncStatus, view: View): void {
  const { enabled, file, isUnpushed, hasRemote, watermark, gitCommit, unflushed, unimported, busyWith, trouble } =
    status;
  view.line(`File        ${file}${status.fileHash === undefined ? " (not there yet)" : ""}`);
  if (isUnpushed === undefined) view.line(`By itself   ${enabled ? "yes" : "no: bd config set sync.jsonl true"}`);
  else view.line(`Pushed      ${pushedWords(isUnpushed, hasRemote)}`);
  view.line(`Shows       ${watermark === undefined ? "nothing yet" : `commit ${watermark}`}`);
  if (gitCommit !== undefined) view.line(`Taken in    git commit ${gitCommit}`);
  view.line(`Unflushed   ${unflushed === undefined ? "everything is to be compared" : `${unflushed} issues`}`);
  view.line(`Unimported  ${unimported ? "the file was changed by others" : "nothing"}`);
  if (busyWith !== undefined) view.line(`Git         is in the middle of ${busyWith}`);
  if (trouble !== undefined) view.line(`Last error  ${trouble.at} ${trouble.code}: ${trouble.message}`);
}
