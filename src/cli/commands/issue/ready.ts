import type { Issue } from "../../../core/issue/issue.ts";
import type { ClaimNextResult, claimNext } from "../../../ops/issue/claim-next.ts";
import type { explainReady } from "../../../ops/issue/explain-ready.ts";
import type { ReadyResult, readyIssues } from "../../../ops/issue/ready.ts";
import { type CommandDefinition, type Flags, handler, type View } from "../../command.ts";
import { addColumnsFlag } from "../../input/columns-flag.ts";
import { count, keyValue, list } from "../../input/flag-parsers.ts";
import { askedFor } from "../../present/asked-for.ts";
import { listOptions, presentList } from "../../present/issue-list.ts";
import { nothingToClaim } from "../../present/nothing-to-claim.ts";
import { presentExplanation } from "../../present/ready-explanation.ts";
import { cutNote } from "../../present/text/cut-note.ts";

export const readyCommand: CommandDefinition = {
  configure(command) {
    command
      .optionsGroup("Filters:")
      .option("-p, --priority <levels>", "one of these priorities (0-4 or P0-P4)", list)
      .option("-t, --type <names>", "one of these types", list)
      .option("--exclude-type <names>", "none of these types", list)
      .option("-a, --assignee <name>", "assigned to that name")
      .option("-u, --unassigned", "assigned to nobody")
      .option("--mine", "assigned to you")
      .option("-l, --label <labels>", "has all of these labels", list)
      .option("--label-any <labels>", "has one of these labels", list)
      .option("--exclude-label <labels>", "has none of these labels", list)
      .option("--parent <id>", "below that issue, at any depth")
      .option("--mol-type <type>", "molecule type")
      .option("--metadata-field <key=value>", "top-level metadata, repeatable", keyValue)
      .option("--has-metadata-key <key>", "metadata has that key")
      .option("--include-deferred", "deferred work too")
      .optionsGroup("What to do:")
      .option("--claim", "take the first one that is yours or nobody's")
      .option("--session <id>", "claim for that session of yours")
      .option("--explain", "say why work is ready or blocked")
      .optionsGroup("Output:")
      .option("-n, --limit <count>", "show that many, 0 for all", count, 100)
      .option("-s, --sort <policy>", "priority, oldest, or hybrid (young work by priority, then by age)", "priority")
      .option("--pretty", "one line each (the default)")
      .option("--plain", "a numbered list");
    addColumnsFlag(command);
  },
  examples: [
    ["bd ready", "what can be worked on now"],
    ["bd ready -l backend -u", "labelled backend, not taken"],
    ["bd ready --claim --session agent-1", "take the most urgent one"],
    ["bd ready --explain", "what holds the rest back"],
  ],
  unsupported: ["--mol <id>", "--gated", "--include-ephemeral"],
  handlers: [
    handler<typeof claimNext>({
      when: (flags) => flags["claim"] === true,
      operation: "issue.claim-next",
      input: ({ flags }) => readyInput(flags),
      present: presentClaim,
      jsonNote: ({ issues: [issue], held, nothing }) => {
        if (nothing !== undefined) return nothingToClaim(nothing);
        return held && issue !== undefined ? heldAlready(issue) : undefined;
      },
    }),
    handler<typeof explainReady>({
      when: (flags) => flags["explain"] === true,
      operation: "issue.explain-ready",
      input: ({ flags }) => readyInput(flags),
      present: presentExplanation,
    }),
    handler<typeof readyIssues>({
      operation: "issue.ready",
      input: ({ flags }) => readyInput(flags),
      present: presentReady,
      jsonNote: ({ issues, total }) => cutNote(issues.length, total),
    }),
  ],
};

function presentClaim({ issues: [issue], held, nothing }: ClaimNextResult, view: View): void {
  if (issue !== undefined) view.line(held ? `✓ ${heldAlready(issue)}` : `✓ Claimed ${issue.id} — ${issue.title}`);
  else if (nothing !== undefined) view.line(`✨ ${nothingToClaim(nothing)}`);
}

function heldAlready({ id, title }: Pick<Issue, "id" | "title">): string {
  return `You hold already: ${id} — ${title}`;
}

function readyInput(flags: Flags): object {
  const unassigned = flags["unassigned"] === true;
  return {
    filter: {
      priorities: flags["priority"],
      types: flags["type"],
      not_types: flags["excludeType"],
      assignee: unassigned ? undefined : flags["assignee"],
      unassigned: unassigned ? true : undefined,
      mine: flags["mine"],
      labels: flags["label"],
      any_label: flags["labelAny"],
      not_labels: flags["excludeLabel"],
      mol_type: flags["molType"],
      metadata: flags["metadataField"],
      metadata_key: flags["hasMetadataKey"],
    },
    below: flags["parent"],
    include_deferred: flags["includeDeferred"] === true,
    sort: flags["sort"],
    limit: flags["limit"],
  };
}

function presentReady(result: ReadyResult, view: View): void {
  const { issues, total, epics } = result;
  if (issues.length === 0) {
    view.line(nothingReady(result, view.flags));
    return;
  }
  const isNumbered = view.flags["plain"] === true;
  const lines = issues.map((issue, index) => ({
    issue: { ...issue, within: epics.get(issue.id) },
    ...(isNumbered ? { branch: `${index + 1}. `.padStart(`${issues.length}. `.length) } : {}),
  }));
  presentList(lines, view, listOptions(view.flags));
  const cut = cutNote(issues.length, total);
  if (cut !== undefined) view.note(cut);
}

function nothingReady({ candidates, hasWork }: ReadyResult, flags: Flags): string {
  if (!hasWork) return "✨ No open issues";
  const asked = askedFor(flags);
  if (candidates === 0) return `✨ No ready work found (no open issue${asked === "" ? " fits" : asked})`;
  if (asked !== "") return `✨ No ready work found (every issue${asked} waits for another)`;
  return "✨ No ready work found (all issues have blocking dependencies)";
}
