import type { Issue } from "../../core/issue/issue.ts";
import { selectExactIds } from "../../store/queries/id-matches.ts";
import { movedIds } from "../../store/queries/moved-holds.ts";
import { type ProjectConfig, projectConfig } from "../../store/queries/project-config.ts";
import { type Selection, selectIds } from "../../store/queries/selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../store/queries/tables.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import type { ItemFailure } from "../operation.ts";
import { resolveIds } from "./resolve-ids.ts";
import { type Moved, movedAmong } from "./say-moved.ts";

/** An issue that somebody named, and where it lives. */
export interface NamedIssue<T> {
  readonly tables: TableFamily;
  readonly found: T;
}

export interface NamedIssues<T, Beside> {
  readonly config: ProjectConfig;
  /** In the order of the names, each issue once. */
  readonly items: readonly NamedIssue<T>[];
  /** Names that stand for no issue, or for several. */
  readonly failures: readonly ItemFailure[];
  readonly beside: Beside;
  /** For `sayMoved`. */
  readonly moved: Moved;
  /** For `movedAmong`, where a command takes further ids. */
  readonly movedIds: readonly string[];
}

interface Wanted<T, Beside> {
  /** Reads what the command must know of each issue of a selection. */
  readonly load: (selection: Selection) => Query<T[]>;
  /** Rides in the first packet. */
  readonly beside: Query<Beside>;
  /** The names are whole ids, and no parts of others. */
  readonly whole?: boolean;
}

/** Issues as `load` gives them, where the issues alone will do. */
export function bare(issues: Query<Issue[]>): Query<{ readonly issue: Issue }[]> {
  return combine([issues], (found) => found.map((issue) => ({ issue })));
}

/** For commands that need nothing beside the issues. */
export const NOTHING_BESIDE: Query<undefined> = { statements: [], decode: () => undefined };

/**
 * Finds the issues that people name and reads what `load` says of them. One packet where the names are whole ids of
 * issues; parts of ids, and ids of wisps, cost two or three more.
 */
export async function loadNamed<T extends { readonly issue: Issue }, Beside>(
  reader: Reader,
  names: readonly string[],
  { load, beside, whole = false }: Wanted<T, Beside>,
): Promise<NamedIssues<T, Beside>> {
  const exact = selectExactIds(ISSUE_TABLES, [...new Set(names)], "named");
  const [config, spelled, besides, allMoved] = await reader.all([
    projectConfig,
    choosing(exact, load),
    beside,
    movedIds,
  ]);
  const known = new Map(spelled.map((found) => [found.issue.id, { tables: ISSUE_TABLES, found }]));
  const { ids, failures } = await resolveIds(reader, names, { config, exact: [...known.keys()], whole });
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    const [issues, wisps] = await reader.all([
      choosing(selectIds(ISSUE_TABLES, missing, "named"), load),
      choosing(selectIds(WISP_TABLES, missing, "named"), load),
    ]);
    for (const found of issues) known.set(found.issue.id, { tables: ISSUE_TABLES, found });
    for (const found of wisps) known.set(found.issue.id, { tables: WISP_TABLES, found });
  }
  const items = ids.map((id) => known.get(id)).filter((item) => item !== undefined);
  const moved = await movedAmong(reader, ids, allMoved);
  return { config, items, failures, beside: besides, moved, movedIds: allMoved };
}

/** The issue, where one name was given. Throws what is wrong with the name. */
export function oneNamed<T>({ items, failures }: Pick<NamedIssues<T, unknown>, "items" | "failures">): NamedIssue<T> {
  const [item] = items;
  if (item === undefined) throw failures[0]?.error ?? new Error("a name was neither found nor missed");
  return item;
}

function choosing<T>(selection: Selection, load: (selection: Selection) => Query<T>): Query<T> {
  return combine([selection.choose, load(selection)], (_chosen, loaded) => loaded);
}
