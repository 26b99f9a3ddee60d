import type { IssueEvent } from "../../../core/event-row.ts";
import { type PrefixChange, renamedId, renamedMentions } from "../../../core/issue/renamed-prefix.ts";
import { ISSUE_ID_COLUMNS } from "../../../core/merge/issue-references.ts";
import { changeTime } from "../../../core/time/change-time.ts";
import { deleteIssues } from "../../../store/queries/deletion.ts";
import {
  joinCounters,
  type RenameFacts,
  renameFacts,
  renameIssues,
  renameWisps,
  saveCommentText,
  type TextsOf,
} from "../../../store/queries/rename-prefix.ts";
import { ISSUE_TABLES } from "../../../store/queries/tables.ts";
import { type EventSource, insertEvents } from "../../../store/queries/write-events.ts";
import { type FamilyNames, ISSUES, updateIssue, WISPS } from "../../../store/queries/write-issues.ts";
import type { Query } from "../../../store/query.ts";
import type { Reader } from "../../../store/session-types.ts";

/** Issues that get other ids, all at once. */
export interface Renaming {
  readonly change: PrefixChange;
  readonly facts: RenameFacts;
  /** Old ids and the new ones. */
  readonly ids: ReadonlyMap<string, string>;
  /** An id that one would get, and that there is already; one that moves away itself is in the way, too. */
  readonly taken: string | undefined;
}

/** One packet. It only reads. */
export async function loadRenaming(reader: Reader, change: PrefixChange): Promise<Renaming> {
  const [facts] = await reader.all([renameFacts(change)]);
  const ids = new Map([...facts.issues, ...facts.wisps].map((id) => [id, renamedId(id, change) ?? id]));
  const wanted = new Set(ids.values());
  return { change, facts, ids, taken: facts.taken.find((id) => wanted.has(id)) };
}

/** Everything that names one of the issues, in texts and comments too. */
export function renameWrites(renaming: Renaming, source: EventSource, now: Date): Query<number>[] {
  const { change, facts, ids } = renaming;
  return [
    ...counterWrites(facts, ids),
    ...renameIssues(change, facts.columns, ISSUE_ID_COLUMNS),
    ...deleteIssues(ISSUE_TABLES, facts.issues),
    ...renameWisps(change),
    ...mentionWrites(renaming, now),
    ...eventWrites(facts, ids, source),
  ];
}

function counterWrites({ counters }: RenameFacts, ids: ReadonlyMap<string, string>): Query<number>[] {
  return [...ids].flatMap(([moving, to]) => {
    const [own, left] = [counters.get(moving), counters.get(to)];
    return own === undefined || left === undefined ? [] : joinCounters(moving, to, Math.max(own, left));
  });
}

function mentionWrites({ facts, change, ids }: Renaming, now: Date): Query<number>[] {
  const changed = ({ texts }: TextsOf) =>
    Object.fromEntries(
      Object.entries(texts)
        .map(([field, said]) => [field, renamedMentions(said, change, ids)] as const)
        .filter(([field, said]) => said !== texts[field]),
    );
  const issueWrites = (family: FamilyNames, found: readonly TextsOf[]) =>
    found.flatMap((item) => {
      const patch = changed(item);
      return Object.keys(patch).length === 0
        ? []
        : [updateIssue(family, ids.get(item.id) ?? item.id, { ...patch, updated_at: changeTime(now, item.at) })];
    });
  const commentWrites = (table: "comments" | "wisp_comments", found: readonly TextsOf[]) =>
    found.flatMap((item) => {
      const { text } = changed(item);
      return text === undefined ? [] : [saveCommentText(table, item.id, text)];
    });
  return [
    ...issueWrites(ISSUES, facts.issueTexts),
    ...issueWrites(WISPS, facts.wispTexts),
    ...commentWrites("comments", facts.commentTexts),
    ...commentWrites("wisp_comments", facts.wispCommentTexts),
  ];
}

function eventWrites({ issues, wisps }: RenameFacts, ids: ReadonlyMap<string, string>, source: EventSource) {
  const events = (old: readonly string[]): IssueEvent[] =>
    old.map((id) => ({ issue_id: ids.get(id) ?? id, event_type: "renamed", old_value: id, new_value: ids.get(id) }));
  return [
    ...(issues.length === 0 ? [] : [insertEvents(ISSUES, events(issues), source)]),
    ...(wisps.length === 0 ? [] : [insertEvents(WISPS, events(wisps), source)]),
  ];
}
