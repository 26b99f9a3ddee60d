import type { Conflict, Renamed } from "../../../federation/conflicts.ts";
import type { FieldChange, IssueChange } from "../../../federation/incoming.ts";
import type { Settlement } from "../../../federation/preview.ts";
import type { PullResult, pull } from "../../../ops/federation/pull.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";

export const doltPullCommand: CommandDefinition = {
  configure: (command) =>
    void command
      .option("--remote <name>", "the remote to pull from (default: origin)")
      .option("--strategy <rule>", "what both sides changed: newest, ours or theirs (default: newest)")
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
        dry_run: flags["dryRun"] === true,
      }),
      present: presentPull,
      json: payloadOf,
    }),
  ],
};

function presentPull(result: PullResult, view: View): void {
  const { remote, branch } = result;
  const name = `${remote}/${branch}`;
  if (result.outcome === "empty") return view.line(`Nothing was ever pushed to ${name}.`);
  if (result.kind === "up-to-date") return view.line(`Already up to date with ${name}${aheadNote(result.ahead)}.`);
  if (result.outcome === "preview") {
    view.line(`${commits(result.behind)} would come in from ${name}${aheadNote(result.ahead)}:`);
    presentChanges(result.incoming, view);
    if (result.kind === "merge") {
      view.line("Changed here since:");
      presentChanges(result.outgoing, view);
    }
    return presentSettlement(result.settlement, "Would settle", view);
  }
  const how = result.kind === "merge" ? `merged as ${short(result.head)}` : "fast-forward";
  const { length } = result.changes;
  view.line(
    `Pulled ${name}: ${short(result.ours)} → ${short(result.head)}, ${commits(result.behind)}, ${plural(length, "issue")} changed (${how})`,
  );
  presentChanges(result.changes, view);
  presentSettlement(result.settlement, "Settled", view);
  if (result.kind === "merge") view.note("The others get this with the next bd dolt push.");
}

function presentChanges(changes: readonly IssueChange[], view: View): void {
  for (const change of changes) view.line(changeLine(change));
}

const MARKS = { added: "+", changed: "~", removed: "-" } as const;

function changeLine(change: IssueChange): string {
  const { kind, id, title } = change;
  const line = `${MARKS[kind]} ${id} ${title}`.trimEnd();
  const parts = kind === "changed" ? detailsOf(change) : [];
  return parts.length === 0 ? line : `${line} (${parts.join(", ")})`;
}

function detailsOf({ fields, labels, comments, dependencies }: IssueChange): string[] {
  return [
    ...fields.map(fieldText),
    ...labels.added.map((label) => `+${label}`),
    ...labels.removed.map((label) => `-${label}`),
    ...(comments > 0 ? [plural(comments, "comment")] : []),
    ...(dependencies > 0 ? [dependencies === 1 ? "1 dependency" : `${dependencies} dependencies`] : []),
  ];
}

function fieldText({ field, from, to }: FieldChange): string {
  return from === undefined || to === undefined ? field : `${field} ${shown(from)} → ${shown(to)}`;
}

function presentSettlement({ conflicts, renamed, restored, kept }: Settlement, verb: string, view: View): void {
  const count = conflicts.length + renamed.length + restored.length;
  if (count === 0) return;
  view.line(`${verb} ${plural(count, "conflict")}:`);
  for (const conflict of conflicts) view.line(`  ${conflictText(conflict)}`);
  for (const one of renamed) view.line(`  ${renamedText(one)}`);
  for (const id of restored) view.line(`  ${id} kept: one side deleted it, the other changed it`);
  if (kept > 0) view.line(`  ${plural(kept, "text")} that lost: kept as a comment by bd`);
}

function conflictText({ table, item, field, winner, why, ours, theirs }: Conflict): string {
  const what = table === "issues" ? `${item} ${field}` : `${item} ${table}.${field}`;
  if (winner === "both") return `${what}: ${why}`;
  const [won, lost] = winner === "ours" ? [ours, theirs] : [theirs, ours];
  const other = winner === "ours" ? "theirs" : "ours";
  return `${what}: ${winner} ${shown(won)} over ${other} ${shown(lost)} (${why})`.replaceAll(/ {2,}/g, " ");
}

function renamedText({ id, newId, side, title }: Renamed): string {
  return `${id} was made on both sides: ${side}, "${title}", is ${newId} now`;
}

const MAX_SHOWN = 40;

/** A value on one line. */
function shown(value: string): string {
  const line = value.replaceAll(/\s+/g, " ").trim();
  if (line === "") return "nothing";
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN - 1)}…` : line;
}

function aheadNote(ahead: number): string {
  return ahead === 0 ? "" : `; ${commits(ahead)} here wait for bd dolt push`;
}

function commits(count: number): string {
  return plural(count, "commit");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function short(hash: string): string {
  return hash.slice(0, 8);
}

function payloadOf(result: PullResult): object {
  if (result.outcome === "empty") return { remote: result.remote, branch: result.branch, result: "empty" };
  const { remote, branch, kind, ours, theirs, ahead, behind, settlement } = result;
  const common = { remote, branch, result: kind, from: ours, theirs, ahead, behind };
  const settled = {
    conflicts: settlement.conflicts,
    renamed: settlement.renamed.map(({ id, newId, side, title }) => ({ id, new_id: newId, side, title })),
    restored: settlement.restored,
    kept_texts: settlement.kept,
  };
  return result.outcome === "preview"
    ? { ...common, dry_run: true, incoming: result.incoming, outgoing: result.outgoing, ...settled }
    : { ...common, head: result.head, issues: result.changes, ...settled };
}
