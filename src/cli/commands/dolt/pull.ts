import type { CountReport, FieldReport, IssueReport } from "../../../core/changes/issue-report.ts";
import { codeKey } from "../../../core/foreign-code/code-change.ts";
import type { Conflict, MovedIssue } from "../../../core/merge/merge-versions.ts";
import { wantedIdIn } from "../../../core/merge/moved-id.ts";
import { type CommandLine, command } from "../../../errors.ts";
import type { SettingReport } from "../../../federation/incoming/incoming.ts";
import type { IncomingCode } from "../../../federation/incoming/incoming-code.ts";
import type { Beaten } from "../../../federation/merge/plan-merge.ts";
import type { Settlement } from "../../../federation/preview.ts";
import type { PullResult, pull } from "../../../ops/dolt/pull.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { repeated } from "../../input/flag-parsers.ts";
import { commitsText, counted, shortHash } from "../../present/text/counted-text.ts";
import { shownInZone } from "../../present/text/shown-time.ts";

export const doltPullCommand: CommandDefinition = {
  configure: (grammar) =>
    void grammar
      .option("--remote <name>", "the remote to pull from (default: origin)")
      .option("--strategy <rule>", "what both sides changed: newest, ours or theirs (default: newest)")
      .option("--accept <code>", "let in what can execute, as --dry-run names it; repeatable", repeated)
      .option("--dry-run", "only say what would come in, and what would be settled how"),
  examples: [
    ["bd dolt pull", "take over what the others pushed"],
    ["bd dolt pull --dry-run", "look before"],
    ["bd dolt pull --strategy theirs", "where both sides changed the same field, take theirs"],
  ],
  handlers: [
    handler<typeof pull>({
      operation: "dolt.pull",
      input: ({ flags }) => ({
        ...(typeof flags["remote"] === "string" ? { remote: flags["remote"] } : {}),
        ...(typeof flags["strategy"] === "string" ? { strategy: flags["strategy"] } : {}),
        ...(Array.isArray(flags["accept"]) ? { accept: flags["accept"] } : {}),
        dry_run: flags["dryRun"] === true,
      }),
      present: presentPull,
    }),
  ],
};

function presentPull(result: PullResult, view: View): void {
  if (result.outcome === "empty") return view.line(`Nothing was ever pushed to '${result.remote}'.`);
  const { remote, kind, ours, theirs, ahead, behind, settlement } = result;
  const waiting =
    ahead === 0 ? "" : `; ${commitsText(ahead)} here ${ahead === 1 ? "waits" : "wait"} for ${pushTo(remote)}`;
  if (kind === "up-to-date") return view.line(`Already up to date with '${remote}'${waiting}.`);
  if (kind === "same-tables") {
    return view.line(`Already the same as '${remote}', which came to it by other commits${waiting}.`);
  }
  if (result.outcome === "preview") {
    view.line(`Would pull from '${remote}': ${commitsText(behind)} (remote ${shortHash(theirs)})${waiting}`);
    presentChanges(result.incoming, view);
    presentSettings(result.settings, view);
    presentCode(
      result.brought,
      "Would be refused, because it can execute or changes what the tracker does; --accept KIND:NAME lets each in",
      view,
    );
    if (kind === "merge") view.line("Changed here since:");
    if (kind === "merge") presentChanges(result.outgoing, view);
    return presentSettlement(settlement, "Would settle", view);
  }
  const { head, changes } = result;
  const how = kind === "merge" ? "merged" : "fast-forward";
  view.line(
    `${view.style("green", "✓")} Pulled from '${remote}': local ${shortHash(ours)} → ${shortHash(head)}, ${commitsText(behind)}, ${counted(changes.length, "issue")} changed (${how})`,
  );
  presentChanges(changes, view);
  presentSettings(result.settings, view);
  presentCode(result.brought, "Let in, as you accepted", view);
  presentSettlement(settlement, "Settled", view);
  if (kind === "merge") view.note(`The others get this with the next ${pushTo(remote)}.`);
}

/** As somebody types it. */
function pushTo(remote: string): CommandLine {
  return remote === "origin" ? command`bd dolt push` : command`bd dolt push --remote=${remote}`;
}

function presentCode({ code, tables }: IncomingCode, lead: string, view: View): void {
  if (tables.length > 0) view.line(`New tables that bd does not know: ${tables.join(", ")}`);
  if (code.length > 0) view.line(`${lead}:`);
  for (const one of code) view.line(`  ${codeKey(one)} (${one.change}): ${shown(one.definition, MAX_CODE_SHOWN)}`);
}

function presentChanges(changes: readonly IssueReport[], view: View): void {
  for (const change of changes) view.line(changeLine(change));
}

const MARKS = { added: "+", changed: "~", removed: "-" } as const;

function changeLine(change: IssueReport): string {
  const { kind, id, title } = change;
  const line = `${MARKS[kind]} ${id} ${title}`.trimEnd();
  const parts = kind === "changed" ? detailsOf(change) : [];
  return parts.length === 0 ? line : `${line} (${parts.join(", ")})`;
}

function detailsOf({ fields, labels, comments, dependencies }: IssueReport): string[] {
  return [
    ...fields.map(fieldText),
    ...labels.added.map((label) => `+${label}`),
    ...labels.removed.map((label) => `-${label}`),
    ...countText(comments, ["comment", "comments"]),
    ...countText(dependencies, ["dependency", "dependencies"]),
  ];
}

function countText({ added, removed }: CountReport, [one, several]: readonly [string, string]): string[] {
  const parts = [...(added > 0 ? [`+${added}`] : []), ...(removed > 0 ? [`-${removed}`] : [])];
  return parts.length === 0 ? [] : [`${parts.join("/")} ${added + removed === 1 ? one : several}`];
}

function presentSettings(settings: readonly SettingReport[], view: View): void {
  for (const { key, from = "", to = "" } of settings) view.line(`config ${key}: ${shown(from)} → ${shown(to)}`);
}

function fieldText({ field, from, to }: FieldReport): string {
  return from === undefined || to === undefined ? field : `${field} ${shown(from)} → ${shown(to)}`;
}

function presentSettlement({ conflicts, moved, beaten, kept }: Settlement, verb: string, view: View): void {
  if (conflicts.length > 0) view.line(`${verb} ${counted(conflicts.length, "conflict")}:`);
  for (const conflict of conflicts) view.line(`  ${conflictText(conflict, view)}`);
  if (kept > 0) view.line(`  ${counted(kept, "text")} that lost: kept as a comment by bd`);
  const [apart, renamed] = [moved.filter(isKeptApart), moved.filter((one) => !isKeptApart(one))];
  if (apart.length > 0) view.line("Issues that were made under one id are kept apart:");
  for (const one of apart) view.line(`  ${movedText(one)}`);
  if (renamed.length > 0) view.line("Issues that somebody gave another id:");
  for (const one of renamed) view.line(`  ${movedText(one)}`);
  if (beaten.length > 0) view.line("Deleted by one side and changed by the other; deleted issues stay deleted:");
  for (const one of beaten) view.line(`  ${beatenText(one)}`);
}

function conflictText(
  { table, item, field, winner, why, ours, theirs }: Conflict,
  { zone }: Pick<View, "zone">,
): string {
  const what = table === "issues" ? `${item} ${field}` : `${item} ${table}.${field}`;
  if (winner === "both") return `${what}: ${why}`;
  const [won, lost] = winner === "ours" ? [ours, theirs] : [theirs, ours];
  const other = winner === "ours" ? "theirs" : "ours";
  return `${what}: ${winner} ${shown(shownInZone(won, zone))} over ${other} ${shown(shownInZone(lost, zone))} (${why})`.replaceAll(
    / {2,}/g,
    " ",
  );
}

function isKeptApart({ id, newId, holder }: MovedIssue): boolean {
  return holder !== undefined || wantedIdIn(newId) !== newId || wantedIdIn(id) !== id;
}

function movedText({ id, newId, side, title, holder }: MovedIssue): string {
  const whose = side === "both" ? "on both sides" : side;
  const now = holder === undefined ? "" : `; ${id} is "${shown(holder)}"`;
  return `${id} "${shown(title)}" (${whose}) is ${newId} now${now}`;
}

function beatenText({ id, title, side, by, commit }: Beaten): string {
  const [deleter, other] = side === "ours" ? ["theirs", "ours"] : ["ours", "theirs"];
  const who = by === undefined ? deleter : `${deleter}, ${by},`;
  return `${id} "${shown(title)}": ${who} deleted it, ${other} had changed it; ${command`bd restore --from=${commit} ${id}`} brings it back`;
}

const MAX_SHOWN = 40;
const MAX_CODE_SHOWN = 160;

/** A value on one line. */
function shown(value: string, longest = MAX_SHOWN): string {
  const line = value.replaceAll(/\s+/g, " ").trim();
  if (line === "") return "nothing";
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
