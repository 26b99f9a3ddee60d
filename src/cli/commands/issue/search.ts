import type { FoundIssue, SearchResult, searchIssues } from "../../../ops/issue/search.ts";
import { type CommandDefinition, handler, type Invocation, type View } from "../../command.ts";
import { addColumnsFlag } from "../../input/columns-flag.ts";
import { addFilterFlags, filterFromFlags } from "../../input/filter-flags.ts";
import { count } from "../../input/flag-parsers.ts";
import { askedFor } from "../../present/asked-for.ts";
import { listOptions, presentList } from "../../present/issue-list.ts";
import { counted } from "../../present/text/counted-text.ts";
import { cutNote } from "../../present/text/cut-note.ts";

export const searchCommand: CommandDefinition = {
  configure(command) {
    command.argument("[words...]", "each has to be in a text, a comment or the id; case does not matter");
    addFilterFlags(command);
    command
      .option("--external-contains <text>", "external reference contains the text")
      .option("--query <text>", "the text, instead of an argument")
      .optionsGroup("Output:")
      .option("-n, --limit <count>", "show that many, 0 for all", count, 50)
      .option("--sort <field>", "priority, created, updated, closed, status, id, title, type or assignee", "priority")
      .option("-r, --reverse", "the other way round")
      .option("--long", "with the beginning of each description");
    addColumnsFlag(command);
  },
  examples: [
    ["bd search login", "open issues about logins"],
    ['bd search "rate limit" --status all', "closed ones too"],
    [`bd search '"rate limit" api'`, "a phrase, and a word anywhere else"],
    ["bd search --desc-contains timeout --sort updated", "by filters alone, newest change first"],
  ],
  handlers: [
    handler<typeof searchIssues>({
      operation: "issue.search",
      input: searchInput,
      present: presentFound,
      jsonNote: (result) => notesOf(result).join("\n") || undefined,
    }),
  ],
};

function searchInput({ args, flags }: Invocation): object {
  const { query } = flags;
  return {
    query: typeof query === "string" ? query : args.join(" "),
    filter: {
      ...filterFromFlags(flags),
      external_contains: flags["externalContains"],
      hide_closed: flags["status"] === undefined,
    },
    limit: flags["limit"],
    sort: flags["sort"],
    reverse: flags["reverse"] === true,
    blockers: flags["json"] !== true,
  };
}

const MATCHES_SHOWN = 3;

function presentFound(result: SearchResult, view: View): void {
  const { query, issues, total, blockers } = result;
  const asked = query.trim() === "" ? "" : ` matching '${query}'`;
  if (issues.length === 0) {
    [`No issues found${asked}${askedFor(view.flags)}`, ...notesOf(result)].forEach((line) => view.line(line));
  } else {
    if (view.isTerminal && !view.quiet) view.line(`Found ${counted(total, "issue")}${asked}:`);
    const lines = issues.map((issue) => ({
      issue: { ...issue, within: issue.parent, waits: blockers?.get(issue.id) },
      below: matchLines(issue),
    }));
    presentList(lines, view, listOptions(view.flags));
    for (const note of notesOf(result)) view.note(note);
  }
}

/** What the list does not show. */
function notesOf({ issues, total, closedToo }: SearchResult): string[] {
  const cut = cutNote(issues.length, total);
  return [
    ...(cut === undefined ? [] : [cut]),
    ...(closedToo === 0
      ? []
      : [`${closedToo} closed ${closedToo === 1 ? "one matches" : "ones match"}, too (--status all)`]),
  ];
}

/** Where the words are that the line of the issue does not show. */
function matchLines({ matched_in: places = [] }: FoundIssue): string[] {
  const more = places.filter(({ field }) => field !== "title" && field !== "id");
  const shown = more.slice(0, MATCHES_SHOWN).map(({ field, text }) => `${field.replace("_", " ")}: ${text}`);
  return more.length > MATCHES_SHOWN ? [...shown, `and ${more.length - MATCHES_SHOWN} more`] : shown;
}
