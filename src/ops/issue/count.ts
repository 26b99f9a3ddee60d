import * as z from "zod/mini";
import { formatPriority } from "../../core/issue/priority.ts";
import { COUNT_GROUPS, type CountGroup, countIssuesBy, type GroupCount } from "../../store/queries/issue-counts.ts";
import { countIssues } from "../../store/queries/issues.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../store/queries/tables.ts";
import { combine, type Query } from "../../store/query.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { askerOf, FilterInput, filterFrom, sayNoneFits } from "./find/filter-input.ts";
import { requireKnownWords } from "./find/known-words.ts";

const CountInput = z.strictObject({
  filter: FilterInput,
  by: z.optional(z.enum(COUNT_GROUPS)),
});

export interface CountResult {
  readonly total: number;
  /** By name; missing where no grouping was asked for. */
  readonly groups?: readonly GroupCount[];
}

export const countMatching = defineOperation({
  name: "issue.count",
  access: "read",
  input: CountInput,
  async run(context, { filter: asked, by }: z.infer<typeof CountInput>): Promise<CountResult> {
    const filter = filterFrom(asked, await askerOf(context, asked));
    sayNoneFits(context, filter);
    const groups = by === undefined ? NO_GROUPS : bothFamilies((tables) => countIssuesBy(by, tables, filter));
    const { counts, found } = await context.read(async (reader) => {
      const counted = bothFamilies((tables) => countIssues(tables, filter));
      const [config, inAll, inGroups] = await reader.all([projectConfig, counted, groups]);
      await requireKnownWords(reader, filter, config);
      return { counts: inAll, found: inGroups };
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    return by === undefined ? { total } : { total, groups: merged(by, found.flat()) };
  },
  wire: {
    of: ({ total, groups }) => (groups === undefined ? { count: total } : { total, groups }),
    schema: () =>
      z.union([
        z.looseObject({ count: natural() }),
        z.looseObject({ total: natural(), groups: z.array(z.looseObject({ group: z.string(), count: natural() })) }),
      ]),
  },
});

const NO_GROUPS: Query<GroupCount[][]> = { statements: [], decode: () => [] };

function bothFamilies<T>(count: (tables: TableFamily) => Query<T>): Query<T[]> {
  return combine([count(ISSUE_TABLES), count(WISP_TABLES)], (issues, wisps) => [issues, wisps]);
}

/** One entry for each name, in order of the names. */
function merged(by: CountGroup, counts: readonly GroupCount[]): GroupCount[] {
  const groups = new Map<string, number>();
  for (const { group, count } of counts) {
    const name = groupName(by, group);
    groups.set(name, (groups.get(name) ?? 0) + count);
  }
  return [...groups].map(([group, count]) => ({ group, count })).toSorted((a, b) => (a.group < b.group ? -1 : 1));
}

function groupName(by: CountGroup, group: string): string {
  if (by === "priority") return formatPriority(Number(group));
  if (by === "assignee") return group || "(unassigned)";
  return by === "label" ? group || "(no labels)" : group;
}
