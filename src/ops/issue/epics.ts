import * as z from "zod/mini";
import { type EpicProgress, epicProgress } from "../../core/dependency/epic-progress.ts";
import type { Issue } from "../../core/issue/issue.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import { loadReadiness } from "../../store/queries/readiness-facts.ts";
import { selectIssues } from "../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import type { Reader } from "../../store/session-types.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { labelledIssue } from "../wire/issue-schemas.ts";
import { closeWrites } from "./write/close-writes.ts";
import { writeBack } from "./write/write-and-read.ts";

const EpicsInput = z.strictObject({
  /** Only those whose children are all done. */
  eligible_only: z.boolean(),
});

export interface EpicStatus extends Omit<EpicProgress, "id"> {
  readonly epic: Issue;
}

const REASON = "All children completed";

/** How far the unfinished epics are that have children. */
export const epicStatus = defineOperation({
  name: "issue.epics",
  access: "read",
  input: EpicsInput,
  async run(context, { eligible_only: eligibleOnly }: z.infer<typeof EpicsInput>): Promise<{ epics: EpicStatus[] }> {
    const epics = await context.read((reader) => loadEpics(reader, context.clock()));
    return { epics: epics.filter(({ eligible }) => eligible || !eligibleOnly) };
  },
  wire: {
    of: ({ epics }) =>
      epics.map(({ epic, total, closed, eligible }) => ({
        epic,
        total_children: total,
        closed_children: closed,
        eligible_for_close: eligible,
      })),
    schema: () =>
      z.array(
        z.looseObject({
          epic: labelledIssue(),
          total_children: natural(),
          closed_children: natural(),
          eligible_for_close: z.boolean(),
        }),
      ),
  },
});

/** Closes every epic whose children are all done. */
export const closeEligibleEpics = defineOperation({
  name: "issue.close-epics",
  access: "write",
  input: NO_INPUT,
  async run(context): Promise<{ closed: readonly Issue[] }> {
    const source = { actor: (await context.actor()).name, newId: context.newId };
    const session = await context.claimSession();
    const asked = context.clock();
    let ids: readonly string[] = [];
    return context.write(
      () => `bd: close ${ids.join(" ")}`,
      async (tx) => {
        const epics = (await loadEpics(tx, asked)).filter(({ eligible }) => eligible);
        const now = tx.now();
        ids = epics.map(({ epic }) => epic.id);
        const planned = epics.map(({ epic: issue }) => {
          const named = { issue, tables: ISSUE_TABLES };
          return { ...named, writes: closeWrites(named, { reason: REASON, session, source, now }) };
        });
        return { closed: await writeBack(tx, planned) };
      },
    );
  },
  wire: {
    of: ({ closed }) => ({ closed: closed.map(({ id }) => id), count: closed.length }),
    schema: () => z.looseObject({ closed: z.array(z.string()), count: natural() }),
  },
});

async function loadEpics(reader: Reader, now: Date): Promise<EpicStatus[]> {
  const selection = selectIssues(ISSUE_TABLES, {
    filter: { types: ["epic"], hideFinished: true, template: false },
    order: { field: "priority", reverse: false },
    limit: 0,
  });
  const [{ facts }, , issues] = await reader.all([
    loadReadiness(toWireTime(now)),
    selection.choose,
    labelledIssues(selection),
  ]);
  const byId = new Map(issues.map((issue) => [issue.id, issue]));
  return epicProgress([...byId.keys()], facts).flatMap(({ id, ...progress }) => {
    const epic = byId.get(id);
    return epic === undefined ? [] : [{ epic, ...progress }];
  });
}
