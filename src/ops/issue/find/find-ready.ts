import * as z from "zod/mini";
import { descendantsOf } from "../../../core/dependency/dependency-graph.ts";
import type { IssueFilter } from "../../../core/issue/issue-filter.ts";
import { requireResolved, resolvePartialId } from "../../../core/issue/partial-id.ts";
import { evaluateReadiness, isFree, type Readiness } from "../../../core/ready/readiness.ts";
import { readyCandidates } from "../../../core/ready/ready-candidates.ts";
import { type ReadyOrderKey, readyOrder } from "../../../core/ready/ready-order.ts";
import { toWireTime } from "../../../core/time/wire-time.ts";
import { type LoadedReadiness, loadReadiness, readyOrderKeys } from "../../../store/queries/readiness-facts.ts";
import { combine, type Query } from "../../../store/query.ts";
import type { Reader } from "../../../store/session-types.ts";
import type { ReadContext } from "../../context.ts";
import { type Moved, movedAmong } from "../../named-issues/say-moved.ts";
import { type Asker, askerOf, FilterInput, filterFrom, sayNoneFits } from "./filter-input.ts";

/** Which ready work is asked for. */
export const ReadyInput = z.strictObject({
  filter: FilterInput,
  /** Only what stands below that issue, at any depth. */
  below: z.optional(z.string()),
  include_deferred: z.boolean(),
  sort: z.enum(["priority", "oldest", "hybrid"]),
  /** 0 for all. */
  limit: z.int().check(z.gte(0)),
});

export type ReadyInput = z.infer<typeof ReadyInput>;

export const ALL_READY: ReadyInput = { filter: {}, include_deferred: false, sort: "priority", limit: 0 };

/** A question for ready work, with its filter checked and converted. */
export interface ReadyQuestion {
  readonly input: ReadyInput;
  readonly filter: IssueFilter;
  readonly now: Date;
}

/** Says where no issue can fit. Throws as `filterFrom`. */
export async function readyQuestion(context: ReadContext, input: ReadyInput): Promise<ReadyQuestion> {
  const asker = await askerOf(context, input.filter);
  const filter = readyFilter(input, asker);
  sayNoneFits(context, filter);
  return { input, filter, now: asker.now };
}

export interface FoundReady extends LoadedReadiness {
  readonly readiness: Readiness;
  /** All that is ready, in order, whatever the limit. */
  readonly ids: readonly string[];
  /** How many issues are open and fit the filter, held back or not. */
  readonly candidates: number;
}

/** The one way to ready work. Decoding throws BdError not-found for a parent that is not there. */
export function findReady({ input, filter, now }: ReadyQuestion): Query<FoundReady> {
  const keys = readyOrderKeys(filter);
  return combine([loadReadiness(toWireTime(now)), keys], ({ facts: all, ...rest }, found) => {
    const facts = input.include_deferred ? { ...all, deferred: [] } : all;
    const loaded = { ...rest, facts };
    const readiness = evaluateReadiness(facts);
    const below = input.below === undefined ? undefined : idsBelow(input.below, loaded);
    const candidates = below === undefined ? found : found.filter(({ id }) => below.has(id));
    const free = candidates.filter(({ id }) => isFree(readiness, id));
    const ready = inReadyOrder(free, loaded, { sort: input.sort, now });
    return { ...loaded, readiness, ids: ready.map(({ id }) => id), candidates: candidates.length };
  });
}

/** Ready work in its order: children stand where their family began. */
export function inReadyOrder<T extends ReadyOrderKey>(
  found: readonly T[],
  { bornOf }: LoadedReadiness,
  { sort, now }: { readonly sort: ReadyInput["sort"]; readonly now: Date },
): T[] {
  return found.map((key) => ({ ...key, born: bornOf(key.id) ?? key.created_at })).toSorted(readyOrder(sort, now));
}

/** What may be ready of that which a command asks for. */
export function readyFilter(
  { filter, include_deferred }: Pick<ReadyInput, "filter" | "include_deferred">,
  asker: Asker,
): IssueFilter {
  return readyCandidates(filterFrom(filter, asker), {
    now: toWireTime(asker.now),
    includeDeferred: include_deferred,
  });
}

/** Everything below an issue, which may be given by a part of its id. Throws BdError not-found. */
export function idsBelow(parent: string, loaded: LoadedReadiness): ReadonlySet<string> {
  const parentEdges = loaded.facts.edges.filter(({ type }) => type === "parent-child");
  return new Set(descendantsOf(loadedId(parent, loaded), parentEdges, loadedIds(loaded)));
}

/** Of the issue that is looked below, for `sayMoved`. Throws BdError not-found. */
export function movedParent(
  reader: Reader,
  parent: string | undefined,
  { loaded, movedIds }: { readonly loaded: LoadedReadiness; readonly movedIds: readonly string[] },
): Promise<Moved> {
  return movedAmong(reader, parent === undefined ? [] : [loadedId(parent, loaded)], movedIds);
}

/** The issue that people mean, without another look into the database. Throws BdError not-found. */
export function loadedId(name: string, loaded: LoadedReadiness): string {
  return requireResolved(name, resolvePartialId(name, { ...loaded.config, ids: loadedIds(loaded) }));
}

function loadedIds({ facts }: LoadedReadiness): string[] {
  return [...facts.active, ...facts.done, ...(facts.others ?? [])];
}
