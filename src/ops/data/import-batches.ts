import { IMPORTED } from "../../core/event-row.ts";
import { contentHash } from "../../core/issue/content-hash.ts";
import { withAllDigits } from "../../core/json/go-json.ts";
import { idsToLookUp, matchLines } from "../../core/jsonl/match-lines.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { birthsOf, keptIssues, openTitles, takenCommentIds } from "../../store/queries/import-facts.ts";
import { replaceIssues } from "../../store/queries/import-writes.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { type EventSource, insertEvents } from "../../store/queries/write-events.ts";
import {
  type FamilyNames,
  ISSUES,
  insertComments,
  insertDependencies,
  insertIssues,
  insertLabels,
  WISPS,
} from "../../store/queries/write-issues.ts";
import { saveConfig } from "../../store/queries/write-settings.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { type ImportOutcome, type ImportPlan, ImportTally, type PlannedIssue } from "./import-tally.ts";
import type { SizedIssue } from "./read-lines.ts";

/** How much goes into one packet: enough to make trips rare, little enough to keep a server's memory calm. */
const BATCH_ROWS = 500;
const BATCH_CHARACTERS = 4 * 1024 * 1024;

const NO_TITLES: Query<Set<string>> = { statements: [], decode: () => new Set() };

/**
 * Compares all lines with the database, batch by batch; with `write` also writes what is new. The writes of a batch
 * ride in the packet that reads about the next one.
 */
export async function importBatches(
  reader: Reader,
  plan: ImportPlan,
  { write, now }: { readonly write: boolean; readonly now: () => Date },
): Promise<ImportOutcome> {
  const { lines } = plan;
  const [births] = await reader.all([birthsOf([...new Set(lines.issues.flatMap(idsToLookUp))])]);
  const { lines: issues, moved } = matchLines(lines.issues, births);
  const [first = [], ...others] = batchesOf(issues);
  const [config, titles, ...facts] = await reader.all([
    projectConfig,
    plan.dedup ? openTitles : NO_TITLES,
    ...factsAbout(first),
  ]);
  const at = toWireTime(now());
  const source = { ...plan.source, at };
  const tally = new ImportTally(plan, { config, openTitles: titles, at });
  let planned = tally.take(first, ...facts);
  plan.progress(tally.done);
  for (const batch of others) {
    const [, ...next] = await reader.all([asOne(write ? writesOf(planned, source) : []), ...factsAbout(batch)]);
    planned = tally.take(batch, ...next);
    plan.progress(tally.done);
  }
  const memories = tally.newMemories(lines.memories);
  const rest = [...writesOf(planned, source), ...(memories.length > 0 ? [saveConfig(...memories)] : [])];
  if (write && rest.length > 0) await reader.all([asOne(rest)]);
  return { ...tally.outcome(memories.length), issues, moved };
}

function asOne(queries: readonly Query<unknown>[]): Query<void> {
  return combine(queries, () => {});
}

function factsAbout(batch: readonly SizedIssue[]) {
  const commentIds = batch.flatMap(({ comments }) => comments.flatMap(({ id }) => (id === undefined ? [] : [id])));
  return [keptIssues(batch.map(({ fields }) => fields.id)), takenCommentIds(commentIds)] as const;
}

/** At least one, which is empty when there is nothing to import. */
function batchesOf(issues: readonly SizedIssue[]): SizedIssue[][] {
  const batches: SizedIssue[][] = [[]];
  let room = BATCH_CHARACTERS;
  for (const issue of issues) {
    const last = batches.at(-1);
    if (last !== undefined && last.length < BATCH_ROWS && (issue.size <= room || last.length === 0)) {
      last.push(issue);
      room -= issue.size;
    } else {
      batches.push([issue]);
      room = BATCH_CHARACTERS - issue.size;
    }
  }
  return batches;
}

function writesOf(planned: readonly PlannedIssue[], source: EventSource): Query<number>[] {
  return [ISSUES, WISPS].flatMap((family) =>
    writesOfFamily(
      family,
      planned.filter((issue) => issue.family === family),
      source,
    ),
  );
}

function writesOfFamily(family: FamilyNames, steps: readonly PlannedIssue[], source: EventSource): Query<number>[] {
  const created = steps.filter(({ kind }) => kind === "new").map(({ issue }) => issue);
  const changed = steps
    .filter(({ kind, fieldsDiffer }) => kind === "changed" && fieldsDiffer)
    .map(({ issue }) => issue);
  const labels = steps.flatMap((step) => step.labels.map((label) => ({ issue_id: step.issue.id, label })));
  const dependencies = steps.flatMap((step) => step.dependencies);
  const comments = steps.flatMap((step) => step.comments);
  const hashed = created.map((issue) => ({ issue, contentHash: contentHash(issue, metadataText(issue.metadata)) }));
  const events = created.map(({ id }) => ({ issue_id: id, event_type: "created" as const, comment: IMPORTED }));
  return [
    ...(created.length > 0 ? [insertIssues(family, hashed), insertEvents(family, events, source)] : []),
    ...(changed.length > 0 ? [replaceIssues(family, changed)] : []),
    ...(labels.length > 0 ? [insertLabels(family, labels)] : []),
    ...(dependencies.length > 0 ? [insertDependencies(family, dependencies)] : []),
    ...(comments.length > 0 ? [insertComments(family, comments)] : []),
  ];
}

function metadataText(metadata: unknown): string {
  return metadata === undefined ? "" : withAllDigits(metadata);
}
