import type { IssueFilter } from "../issue/issue-filter.ts";
import { TYPES_NEVER_READY } from "../issue/issue-type.ts";
import { STATUSES_ON_THE_TABLE } from "./rests.ts";

/**
 * What of the issues that somebody asks for may be ready, as far as each alone decides. Whoever asks for a type gets it,
 * also one that is never ready by itself. `now` is a wire time; with `includeDeferred` leave `deferred` out of the facts,
 * too, or children of deferred parents stay hidden.
 */
export function readyCandidates(
  asked: IssueFilter,
  { now, includeDeferred }: { readonly now: string; readonly includeDeferred: boolean },
): IssueFilter {
  return {
    ...asked,
    statuses: asked.statuses?.filter((status) => STATUSES_ON_THE_TABLE.includes(status)) ?? STATUSES_ON_THE_TABLE,
    pinned: false,
    ephemeral: false,
    notTypes: [...(asked.types === undefined ? TYPES_NEVER_READY : []), ...(asked.notTypes ?? [])],
    awakeAt: includeDeferred ? undefined : now,
  };
}
