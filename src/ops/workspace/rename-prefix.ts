import * as z from "zod/mini";
import type { IssueEvent } from "../../core/event-row.ts";
import { normalizePrefix } from "../../core/issue/issue-id.ts";
import { type PrefixChange, renamedId, renamedMentions } from "../../core/issue/renamed-prefix.ts";
import { ISSUE_ID_COLUMNS } from "../../core/merge/issue-references.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { BdError, command } from "../../errors.ts";
import { deleteIssues } from "../../store/queries/deletion.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import {
  joinCounters,
  type RenameFacts,
  renameCounter,
  renameFacts,
  renameIssues,
  renameWisps,
  saveCommentText,
  type TextsOf,
} from "../../store/queries/rename-prefix.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import { type EventSource, insertEvents } from "../../store/queries/write-events.ts";
import { type FamilyNames, ISSUES, updateIssue, WISPS } from "../../store/queries/write-issues.ts";
import { saveConfig } from "../../store/queries/write-settings.ts";
import type { Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { defineOperation, type Wire } from "../operation.ts";
import { natural } from "../wire/formats.ts";

const RenameInput = z.strictObject({ prefix: z.string() });

type RenameInput = z.infer<typeof RenameInput>;

export interface PrefixRename {
  readonly from: string;
  readonly to: string;
  /** Old ids and the new ones. */
  readonly ids: ReadonlyMap<string, string>;
}

const wire: Wire<RenameInput, PrefixRename> = {
  of: ({ from, to, ids }) => ({ old_prefix: from, new_prefix: to, issues_count: ids.size }),
  schema: () => z.looseObject({ old_prefix: z.string(), new_prefix: z.string(), issues_count: natural() }),
};

/**
 * Gives every issue of the project's prefix an id with another one, in one commit: wherever an id stands, in texts too.
 * Throws BdError usage PREFIX_INVALID; rejected PREFIX_IN_USE.
 */
export const renamePrefix = defineOperation({
  name: "workspace.rename-prefix",
  access: "write",
  input: RenameInput,
  async run(context, { prefix }: RenameInput): Promise<PrefixRename> {
    const to = checkedPrefix(prefix);
    const actor = (await context.actor()).name;
    const result = await context.write(`bd: rename prefix to ${to}`, async (tx) => {
      const { facts, change, ids } = await planRename(tx, to);
      const source = { actor, newId: context.newId, at: toWireTime(tx.now()) };
      await tx.all([
        ...counterWrites(facts, ids),
        ...renameIssues(change, facts.columns, ISSUE_ID_COLUMNS),
        ...deleteIssues(ISSUE_TABLES, facts.issues),
        ...renameWisps(change),
        ...renameCounter(change),
        ...mentionWrites(facts, { change, ids, now: tx.now() }),
        ...eventWrites(facts, ids, source),
        saveConfig("issue_prefix", to),
      ]);
      return { from: change.from, to, ids };
    });
    await context.lastTouched.move(result.ids);
    return result;
  },
  wire,
});

/** The same, only said. */
export const previewRename = defineOperation({
  name: "workspace.preview-rename",
  access: "read",
  input: RenameInput,
  async run(context, { prefix }: RenameInput): Promise<PrefixRename> {
    const to = checkedPrefix(prefix);
    const { change, ids } = await context.read((reader) => planRename(reader, to));
    return { from: change.from, to, ids };
  },
  wire,
});

/** As the peer takes them. */
function checkedPrefix(given: string): string {
  const prefix = normalizePrefix(given);
  if (/^[a-z][a-z0-9-]{0,199}$/.test(prefix)) return prefix;
  throw new BdError(
    "usage",
    "PREFIX_INVALID",
    `${JSON.stringify(given)} is no prefix: a small letter, then small letters, digits and hyphens`,
  );
}

async function planRename(reader: Reader, to: string) {
  const [config] = await reader.all([projectConfig]);
  const from = config.prefix;
  if (from === "")
    throw new BdError("config", "PREFIX_UNUSABLE", "the project has no prefix", { hint: command`bd init` });
  if (from === to) throw inUse(`the prefix is ${to} already`);
  const others = config.allowedPrefixes.filter((other) => other.startsWith(`${from}-`));
  const change: PrefixChange = { from, to, others };
  const [facts] = await reader.all([renameFacts(change)]);
  const ids = new Map([...facts.issues, ...facts.wisps].map((id) => [id, renamedId(id, change) ?? id]));
  // One that moves away itself is in the way, too: all move at once.
  const wanted = new Set(ids.values());
  const taken = facts.taken.find((id) => wanted.has(id));
  if (taken !== undefined) throw inUse(`there is an issue ${taken} already, which another one would become`);
  return { facts, change, ids };
}

function inUse(message: string): BdError {
  return new BdError("rejected", "PREFIX_IN_USE", message, { hint: command`bd config get issue_prefix` });
}

function counterWrites({ counters }: RenameFacts, ids: ReadonlyMap<string, string>): Query<number>[] {
  return [...ids].flatMap(([moving, to]) => {
    const [own, left] = [counters.get(moving), counters.get(to)];
    return own === undefined || left === undefined ? [] : joinCounters(moving, to, Math.max(own, left));
  });
}

interface Renaming {
  readonly change: PrefixChange;
  readonly ids: ReadonlyMap<string, string>;
  readonly now: Date;
}

function mentionWrites(facts: RenameFacts, { change: { from }, ids, now }: Renaming): Query<number>[] {
  const changed = ({ texts }: TextsOf) =>
    Object.fromEntries(
      Object.entries(texts)
        .map(([field, said]) => [field, renamedMentions(said, from, ids)] as const)
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
