import * as z from "zod/mini";
import type { IssueWithCounts } from "../../core/issue/issue.ts";
import { type IssueFilter, SORT_FIELDS } from "../../core/issue/issue-filter.ts";
import { evaluateReadiness, selectReady } from "../../core/ready/readiness.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { command } from "../../errors.ts";
import { commentsWith } from "../../store/queries/comments-with.ts";
import { holdsOf, NO_HOLDS } from "../../store/queries/holds.ts";
import type { ByIssue } from "../../store/queries/issue-parts.ts";
import { anyIssue, countIssues, listedIssues } from "../../store/queries/issues.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { loadReadiness } from "../../store/queries/readiness-facts.ts";
import { selectedIds, selectIds, selectIssues } from "../../store/queries/selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../store/queries/tables.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import type { ReadContext } from "../context.ts";
import { movedAmong, movedBeside, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { listedIssue } from "../wire/issue-schemas.ts";
import { askerOf, FilterInput, filterFrom, sayNoneFits } from "./find/filter-input.ts";
import { parentsNamed, resolveFilterParent } from "./find/filter-parent.ts";
import { loadedId, movedParent, readyFilter } from "./find/find-ready.ts";
import { requireKnownWords } from "./find/known-words.ts";

export const ListInput = z.strictObject({
  filter: FilterInput,
  /** 0 for all. */
  limit: z.int().check(z.gte(0)),
  sort: z.enum(SORT_FIELDS),
  reverse: z.boolean(),
  /** Only what `bd ready` gives. */
  ready: z.optional(z.boolean()),
  /** Say what stands in the way of each. */
  blockers: z.optional(z.boolean()),
});

export type ListInput = z.infer<typeof ListInput>;

export interface ListResult {
  readonly issues: readonly IssueWithCounts[];
  /** How many the filter finds, whatever the limit. */
  readonly total: number;
  /** By issue, where it was asked for: the ids of what holds it back. */
  readonly blockers?: ReadonlyMap<string, readonly string[]>;
}

/** What a search tells besides. */
export interface FoundIssues extends ListResult {
  /** Of each issue the comments that hold one of the filter's words. */
  readonly comments: ByIssue<string[]>;
  /** How many more would be found if closed ones were not left out. */
  readonly closedToo: number;
}

export const listIssues = defineOperation({
  name: "issue.list",
  access: "read",
  input: ListInput,
  run: (context, input: ListInput) => (input.ready === true ? listReady(context, input) : findIssues(context, input)),
  wire: { of: ({ issues }) => issues, schema: () => z.array(listedIssue()) },
});

/**
 * The issues that fit, in one packet, and the wisps, in a second one where there are any. A parent that is named by a
 * part of its id takes up to two more. Throws BdError not-found for a parent that is not there.
 */
export async function findIssues(context: ReadContext, input: ListInput): Promise<FoundIssues> {
  const asker = await askerOf(context, input.filter);
  const { now } = asker;
  const filter = filterFrom(input.filter, asker);
  sayNoneFits(context, filter);
  const { moved, ...result } = await context.read(async (reader) => {
    const asked = await findFirst(reader, input, { filter, now });
    const { config } = asked;
    await requireKnownWords(reader, filter, config);
    const parent = await resolveFilterParent(reader, filter.parent, asked);
    const found =
      parent === filter.parent ? asked : await findFirst(reader, input, { filter: { ...filter, parent }, now });
    const [wisps, wispTotal, said] = found.hasWisps ? await readWisps(reader, input, { ...filter, parent }) : NO_WISPS;
    return {
      issues: [...found.issues, ...wisps].slice(0, input.limit || undefined),
      total: found.total + wispTotal,
      comments: new Map([...found.comments, ...said]),
      closedToo: found.closedToo,
      ...(input.blockers === true ? { blockers: found.blockersBy(found.issues, config) } : {}),
      moved: await movedAmong(reader, parent === undefined ? [] : [parent], asked.movedIds),
    };
  });
  await sayMoved(context, moved);
  if (result.total === 0 && filter.statuses?.includes("blocked") === true) context.note(BY_HAND);
  return result;
}

/** Who asks for the status mostly means what waits. */
const BY_HAND = `the status blocked is given by hand; what waits for other issues: ${command`bd blocked`}`;

interface Asked {
  readonly filter: IssueFilter;
  readonly now: Date;
}

/** The first packet: the issues, whether there are any wisps at all, and what the parent's name spells out. */
async function findFirst(reader: Reader, input: ListInput, { filter, now }: Asked) {
  const selection = selectedBy(input, ISSUE_TABLES, filter);
  const [config, movedIds, named, issues, total, comments, blockersBy, hasWisps, closedToo] = await reader.all([
    projectConfig,
    movedBeside(filter.parent),
    parentsNamed(filter.parent),
    listedIssues(selection),
    selection.total,
    commentsWith(selection, filter.words ?? []),
    input.blockers === true ? holdsOf(selection, toWireTime(now)) : NO_HOLDS,
    anyIssue(WISP_TABLES),
    hiddenClosed(filter),
  ]);
  return { config, movedIds, ...named, issues, total, comments, blockersBy, hasWisps, closedToo };
}

function readWisps(reader: Reader, input: ListInput, filter: IssueFilter) {
  const selection = selectedBy(input, WISP_TABLES, filter);
  return reader.all([listedIssues(selection), selection.total, commentsWith(selection, filter.words ?? [])]);
}

const NO_WISPS: Awaited<ReturnType<typeof readWisps>> = [[], 0, new Map()];

function selectedBy({ sort, reverse, limit }: ListInput, tables: TableFamily, filter: IssueFilter) {
  return selectIssues(tables, { filter, order: { field: sort, reverse }, limit });
}

/** How many a filter leaves out only because they are closed. */
function hiddenClosed(filter: IssueFilter): Query<number> {
  if (filter.hideClosed !== true) return { statements: [], decode: () => 0 };
  const closed = { ...filter, hideClosed: false, statuses: ["closed"] };
  return combine(
    [countIssues(ISSUE_TABLES, closed), countIssues(WISP_TABLES, closed)],
    (issues, wisps) => issues + wisps,
  );
}

/** What is ready, in the order of lists. */
async function listReady(
  context: ReadContext,
  { filter: asked, sort, reverse, limit }: ListInput,
): Promise<ListResult> {
  const asker = await askerOf(context, asked);
  const filter = readyFilter({ filter: asked, include_deferred: false }, asker);
  sayNoneFits(context, filter);
  const order = { field: sort, reverse };
  const idsOf = (parent: string | undefined) =>
    selectedIds(selectIssues(ISSUE_TABLES, { filter: { ...filter, parent }, order, limit: 0 }));
  const { moved, ...result } = await context.read(async (reader) => {
    const [loaded, movedIds, named] = await reader.all([
      loadReadiness(toWireTime(asker.now)),
      movedBeside(filter.parent),
      idsOf(filter.parent),
    ]);
    await requireKnownWords(reader, { ...filter, statuses: asked.statuses }, loaded.config);
    const parent = filter.parent === undefined ? undefined : loadedId(filter.parent, loaded);
    const [ids] = parent === filter.parent ? [named] : await reader.all([idsOf(parent)]);
    const ready = selectReady(evaluateReadiness(loaded.facts), ids);
    const shown = selectIds(ISSUE_TABLES, ready.slice(0, limit || undefined));
    const [issues] = ready.length === 0 ? [[]] : await reader.all([listedIssues(shown)]);
    return { issues, total: ready.length, moved: await movedParent(reader, filter.parent, { loaded, movedIds }) };
  });
  await sayMoved(context, moved);
  return result;
}
