import type { Command } from "commander";
import type { FilterInput } from "../../ops/issue/find/filter-input.ts";
import type { Flags } from "../command.ts";
import { keyValue, list } from "./flag-parsers.ts";

/** Which issues: the flags that list, search and count share. Dates are time expressions (`yesterday`, `-7d`). */
export function addFilterFlags(command: Command): void {
  command
    .optionsGroup("Filters:")
    .option("-s, --status <names>", "one of these statuses, comma separated", list)
    .option("-p, --priority <levels>", "one of these priorities (0-4 or P0-P4)", list)
    .option("-a, --assignee <name>", "assigned to that name")
    .option("--mine", "assigned to you")
    .option("-t, --type <names>", "one of these types", list)
    .option("-l, --label <labels>", "has all of these labels", list)
    .option("--label-any <labels>", "has one of these labels", list)
    .option("--title <text>", "title contains the text")
    .option("--id <ids>", "one of these ids", list)
    .option("--title-contains <text>", "title contains the text")
    .option("--desc-contains <text>", "description contains the text")
    .option("--notes-contains <text>", "notes contain the text")
    .option("--created-after <date>", "created after that time")
    .option("--created-before <date>", "created before that time")
    .option("--updated-after <date>", "changed after that time")
    .option("--updated-before <date>", "changed before that time")
    .option("--closed-after <date>", "closed after that time")
    .option("--closed-before <date>", "closed before that time")
    .option("--priority-min <level>", "that priority or less urgent (a larger number)")
    .option("--priority-max <level>", "that priority or more urgent (a smaller number)")
    .option("--empty-description", "has no description")
    .option("--no-assignee", "assigned to nobody")
    .option("--no-labels", "has no label")
    .option("--metadata-field <key=value>", "top-level metadata, repeatable", keyValue)
    .option("--has-metadata-key <key>", "metadata has that key");
}

/** The flags of `addFilterFlags` as the operations' filter. */
export function filterFromFlags(flags: Flags): FilterInput {
  const { assignee } = flags;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- operations check every value against the schema
  return {
    statuses: withoutAll(flags["status"]),
    priorities: flags["priority"],
    assignee: typeof assignee === "string" ? assignee : undefined,
    unassigned: assignee === false ? true : undefined,
    mine: flags["mine"],
    types: flags["type"],
    labels: flags["label"],
    any_label: flags["labelAny"],
    unlabelled: flags["labels"] === false ? true : undefined,
    title_contains: flags["titleContains"],
    title: flags["title"],
    ids: flags["id"],
    description_contains: flags["descContains"],
    notes_contains: flags["notesContains"],
    created_after: flags["createdAfter"],
    created_before: flags["createdBefore"],
    updated_after: flags["updatedAfter"],
    updated_before: flags["updatedBefore"],
    closed_after: flags["closedAfter"],
    closed_before: flags["closedBefore"],
    priority_min: flags["priorityMin"],
    priority_max: flags["priorityMax"],
    empty_description: flags["emptyDescription"],
    metadata: flags["metadataField"],
    metadata_key: flags["hasMetadataKey"],
  } as FilterInput;
}

/** `--status all` asks for no condition. */
function withoutAll(statuses: unknown): unknown {
  return Array.isArray(statuses) && statuses.includes("all") ? undefined : statuses;
}
