import * as z from "zod/mini";
import { ownJsonlIn } from "../../config/workspace/own-jsonl.ts";
import { BdError, command } from "../../errors.ts";
import type { WriteContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { importBatches } from "./import-batches.ts";
import type { ImportOutcome, ImportPlan } from "./import-tally.ts";
import { jsonlName, ownLines } from "./own-lines.ts";
import { type ReadLines, type RejectedLine, readLines } from "./read-lines.ts";
import { unknownNameNotes, unknownNames } from "./unknown-names.ts";

/** JSONL that a caller in the same process gives; no JSON holds it. */
export const streamOfBytes = () =>
  z
    .custom<AsyncIterable<Uint8Array>>((value) => typeof value === "object" && value !== null)
    .check(
      z.meta({
        not: {},
        description: "A stream of bytes, which no JSON holds: only a caller in the same process gives it.",
      }),
    );

export const ImportInput = z.strictObject({
  /** What messages call the stream. */
  source: z.optional(z.string()),
  /** JSONL; the workspace's own file where absent. */
  bytes: z.optional(streamOfBytes()),
  dry_run: z.boolean(),
  /** Leave out new issues whose title an open issue has. */
  dedup: z.boolean(),
  /** Import the good lines although others are bad. */
  skip_invalid: z.boolean(),
  /** Let older lines overwrite newer rows. */
  force_older: z.boolean(),
});

export type ImportInput = z.infer<typeof ImportInput>;

export interface ImportResult {
  readonly source: string;
  readonly dry_run: boolean;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Lines that something newer goes before: a later line of the same issue, or what is in the database. */
  readonly stale: number;
  /** Of those, the ones with something newer in the database, which `force_older` overwrites. */
  readonly newer_here: number;
  readonly tombstones: number;
  /** New lines whose title an open issue has; only with `dedup`. */
  readonly same_title: number;
  readonly memories: number;
  /** Of the issues that were written, in the order of the file. */
  readonly ids: readonly string[];
  /** Issues of the file whose ids other issues have here. */
  readonly moved: readonly { readonly id: string; readonly new_id: string; readonly title: string }[];
  readonly rejected: readonly RejectedLine[];
  readonly unknown_types: readonly string[];
  readonly unknown_statuses: readonly string[];
  /** Why a dry run's import would fail. */
  readonly problem?: BdError;
}

/** The peer's JSONL into the database: one transaction, one commit, all or nothing. */
export const importIssues = defineOperation({
  name: "data.import",
  access: "write",
  input: ImportInput,
  async run(context, input: ImportInput): Promise<ImportResult> {
    const { metadata } = input.bytes === undefined ? await context.sources() : {};
    const path = input.bytes === undefined ? ownJsonlIn(context.workspace().beadsDir, metadata) : undefined;
    const source = input.source ?? jsonlName(path);
    const lines = await (input.bytes === undefined ? ownLines(path, context) : readLines(input.bytes, context));
    return importLines(context, { ...input, lines, source });
  },
  wire: {
    of: payloadOf,
    schema: () =>
      z.looseObject({
        source: z.string(),
        created: natural(),
        updated: natural(),
        unchanged: natural(),
        stale: natural(),
        skipped: natural(),
        moved: z.optional(z.array(z.looseObject({ id: z.string(), new_id: z.string(), title: z.string() }))),
        tombstones: natural(),
        dedup_skipped: z.optional(natural()),
        memories: z.optional(natural()),
        dry_run: z.optional(z.literal(true)),
        ids: z.optional(z.array(z.string())),
        bad_lines: z.optional(z.array(z.looseObject({ line: natural(), reason: z.string() }))),
        unknown_types: z.optional(z.array(z.string())),
        unknown_statuses: z.optional(z.array(z.string())),
      }),
  },
});

/** The lines of a file into the database, as the operation does it. Throws BdError, among them usage INVALID_LINES. */
export async function importLines(
  context: WriteContext,
  input: Omit<ImportInput, "source" | "bytes"> & { readonly lines: ReadLines; readonly source: string },
): Promise<ImportResult> {
  const { lines, source } = input;
  const problem = lines.rejected.length > 0 && !input.skip_invalid ? invalidLines(lines, source) : undefined;
  if (problem !== undefined && !input.dry_run) throw problem;
  const plan: ImportPlan = {
    lines,
    source: { actor: (await context.actor()).name, newId: context.newId },
    forceOlder: input.force_older,
    dedup: input.dedup,
    progress: (done) => context.progress({ task: "importing issues", done, total: lines.issues.length }),
  };
  const outcome = await (input.dry_run
    ? context.read((reader) => importBatches(reader, plan, { write: false, now: context.clock }))
    : writeAll(context, plan));
  for (const note of notesAbout(lines, outcome)) context.note(note);
  return {
    ...resultOf(lines, outcome, source),
    dry_run: input.dry_run,
    ...(problem === undefined ? {} : { problem }),
  };
}

function writeAll(context: WriteContext, plan: ImportPlan): Promise<ImportOutcome> {
  let written = 0;
  return context.write(
    () => `bd: import ${written} issue(s)`,
    async (tx) => {
      const outcome = await importBatches(tx, plan, { write: true, now: () => tx.now() });
      written = outcome.created.length + outcome.updated.length;
      return outcome;
    },
  );
}

function resultOf(lines: ReadLines, outcome: ImportOutcome, source: string): Omit<ImportResult, "dry_run"> {
  const { types, statuses } = unknownNames(outcome.issues, outcome.config);
  const written = new Set([...outcome.created, ...outcome.updated]);
  return {
    source,
    created: outcome.created.length,
    updated: outcome.updated.length,
    unchanged: outcome.unchanged,
    stale: outcome.stale,
    newer_here: outcome.newerHere,
    tombstones: lines.tombstones,
    same_title: outcome.sameTitle,
    memories: outcome.memories,
    ids: outcome.issues.map(({ fields }) => fields.id).filter((id) => written.has(id)),
    moved: outcome.moved.map(({ id, newId, title }) => ({ id, new_id: newId, title })),
    rejected: lines.rejected,
    unknown_types: types,
    unknown_statuses: statuses,
  };
}

const NAMED = 10;

/** What people should know about data that was taken as it is, or not taken. */
function notesAbout(lines: ReadLines, { issues, moved, config, keptEdges }: ImportOutcome): string[] {
  const notes = unknownNameNotes(unknownNames(issues, config), config);
  if (moved.length > 0) {
    const named = moved.map(({ id, newId, title }) => `${id} "${title}" is ${newId}`);
    notes.push(`other issues have these ids here, so that the file's got ids of their own: ${firstOf(named)}`);
  }
  if (lines.ignoredFields.length > 0) {
    notes.push(`left out, as no column holds them: the fields ${firstOf(lines.ignoredFields)}`);
  }
  if (keptEdges.length > 0) {
    const named = keptEdges.map(
      ({ edge, lineType }) => `${edge.issue_id} -> ${edge.depends_on_id} (${edge.type}, not ${lineType})`,
    );
    notes.push(`dependencies that exist keep their type: ${firstOf(named)}`);
  }
  return notes;
}

export function invalidLines({ rejected, count }: ReadLines, source: string): BdError {
  const named = rejected.map(({ line, reason }) => `line ${line}: ${reason}`);
  return new BdError(
    "usage",
    "INVALID_LINES",
    `${rejected.length} of ${count} lines of ${source} can't be imported, so nothing was: ${firstOf(named, "; ")}`,
    { hint: command`bd import --skip-invalid --help`, details: { source, lines: rejected.slice(0, MAX_DETAILS) } },
  );
}

/** Enough to repair a file by; more would drown the message. */
const MAX_DETAILS = 1000;

function firstOf(items: readonly string[], separator = ", "): string {
  const shown = items.slice(0, NAMED).join(separator);
  return items.length > NAMED ? `${shown}${separator}and ${items.length - NAMED} more` : shown;
}

/** The peer's keys, and ours beside them. */
function payloadOf(result: ImportResult): object {
  const { source, dry_run: dryRun, ids, rejected, memories, same_title: sameTitle } = result;
  return {
    source,
    created: result.created,
    updated: result.updated,
    unchanged: result.unchanged,
    stale: result.stale,
    skipped: rejected.length,
    ...(result.moved.length > 0 ? { moved: result.moved } : {}),
    tombstones: result.tombstones,
    ...(sameTitle > 0 ? { dedup_skipped: sameTitle } : {}),
    ...(memories > 0 ? { memories } : {}),
    ...(dryRun ? { dry_run: true } : { ids }),
    ...(rejected.length > 0 ? { bad_lines: rejected } : {}),
    ...(result.unknown_types.length > 0 ? { unknown_types: result.unknown_types } : {}),
    ...(result.unknown_statuses.length > 0 ? { unknown_statuses: result.unknown_statuses } : {}),
  };
}
