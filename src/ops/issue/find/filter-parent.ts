import { existingIds, selectExactIds } from "../../../store/queries/id-matches.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../../store/queries/tables.ts";
import { combine, type Query } from "../../../store/query.ts";
import type { Reader } from "../../../store/session-types.ts";
import { type KnownIds, resolveIds } from "../../named-issues/resolve-ids.ts";

type NamedParents = Pick<KnownIds, "exact" | "exactWisps">;

/** The ids that a filter's parent spells out; rides in the packet of the filter, as most people name whole ids. */
export function parentsNamed(parent: string | undefined): Query<NamedParents> {
  if (parent === undefined) return { statements: [], decode: () => ({ exact: [] }) };
  return combine([namedIn(ISSUE_TABLES, parent), namedIn(WISP_TABLES, parent)], (exact, exactWisps) => ({
    exact,
    exactWisps,
  }));
}

function namedIn(tables: TableFamily, parent: string): Query<string[]> {
  const selection = selectExactIds(tables, [parent], "parent");
  return combine([selection.choose, existingIds(selection)], (_chosen, ids) => ids);
}

/** The id that a filter's parent stands for. Throws BdError not-found. */
export async function resolveFilterParent(
  reader: Reader,
  parent: string | undefined,
  known: KnownIds,
): Promise<string | undefined> {
  if (parent === undefined) return undefined;
  const { ids, failures } = await resolveIds(reader, [parent], known);
  const [failure] = failures;
  if (failure !== undefined) throw failure.error;
  return ids[0];
}
