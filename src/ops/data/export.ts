import * as z from "zod/mini";
import { MEMORY_PREFIX } from "../../core/jsonl/parse-line.ts";
import { issueLine, memoryLine } from "../../core/jsonl/print-line.ts";
import { BdError, command } from "../../errors.ts";
import {
  type ExportedIssue,
  type ExportPlace,
  exportedIssues,
  exportPlaces,
} from "../../store/queries/exported-issues.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { ISSUE_TABLES, WISP_TABLES } from "../../store/queries/tables.ts";
import type { Reader } from "../../store/session-types.ts";
import type { BaseContext } from "../context.ts";
import { defineOperation } from "../operation.ts";

export const ExportInput = z.strictObject({
  /** Ephemeral wisps too. */
  all: z.boolean(),
  include_memories: z.boolean(),
});

export type ExportInput = z.infer<typeof ExportInput>;

export interface ExportResult {
  readonly issues: number;
  readonly memories: number;
}

/** Every issue as the peer's JSONL, in a stable order, from one snapshot; the lines come in chunks. */
export const exportIssues = defineOperation({
  name: "data.export",
  access: "read",
  input: ExportInput,
  async run(context, input: ExportInput): Promise<ExportResult> {
    const once = new WriteOnce((text) => context.chunk(text));
    return context.read((reader) => exportAll(reader, once.begin(), { ...input, context }));
  },
  wire: {
    // The lines are JSON already.
    of: () => undefined,
    schema: () => z.never().check(z.describe("None: what comes is JSONL, in pieces, while the operation runs.")),
  },
});

/** A stream can't be begun anew on another snapshot: what was written is gone. */
class WriteOnce {
  readonly #write: (text: string) => Promise<void>;
  #written = false;

  constructor(write: (text: string) => Promise<void>) {
    this.#write = write;
  }

  /** The way out for one run of the body. Throws BdError unavailable EXPORT_INTERRUPTED after an earlier one. */
  begin(): (text: string) => Promise<void> {
    if (this.#written) {
      throw new BdError("unavailable", "EXPORT_INTERRUPTED", "the connection was lost in the middle of the export", {
        hint: command`bd ping`,
      });
    }
    return async (text) => {
      this.#written = true;
      await this.#write(text);
    };
  }
}

const ISSUES_PER_PACKET = 1000;

interface ExportOptions extends Pick<ExportInput, "all" | "include_memories"> {
  readonly context: Pick<BaseContext, "progress">;
}

async function exportAll(
  reader: Reader,
  write: (text: string) => Promise<void>,
  { all, include_memories: withMemories, context }: ExportOptions,
): Promise<ExportResult> {
  const [config, found] = await reader.all([projectConfig, exportPlaces({ ephemeral: all })]);
  const places = found.toSorted(byPlace);
  for (let start = 0; start < places.length; start += ISSUES_PER_PACKET) {
    const page = places.slice(start, start + ISSUES_PER_PACKET);
    const lines = await linesOf(reader, page);
    await write(lines.map((line) => `${line}\n`).join(""));
    context.progress({ task: "exporting issues", done: start + page.length, total: places.length });
  }
  const memories = withMemories ? [...config.entries].filter(([key]) => key.startsWith(MEMORY_PREFIX)) : [];
  for (const [key, value] of memories) await write(`${memoryLine(key.slice(MEMORY_PREFIX.length), value)}\n`);
  return { issues: places.length, memories: memories.length };
}

/** Priority first, then the newest: as the peer exports, so that files of both can be compared. */
function byPlace(a: ExportPlace, b: ExportPlace): number {
  return a.priority - b.priority || compare(b.createdAt, a.createdAt) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function linesOf(reader: Reader, page: readonly ExportPlace[]): Promise<string[]> {
  const idsIn = (family: string) => page.filter(({ tables }) => tables.name === family).map(({ id }) => id);
  const [issues, wisps] = await reader.all([
    exportedIssues(ISSUE_TABLES, idsIn("issues")),
    exportedIssues(WISP_TABLES, idsIn("wisps")),
  ]);
  const lineOf = {
    issues: new Map(issues.map((exported) => [exported.issue.id, lineFrom(exported)])),
    wisps: new Map(wisps.map((exported) => [exported.issue.id, lineFrom(exported)])),
  };
  return page.flatMap(({ id, tables }) => lineOf[tables.name].get(id) ?? []);
}

function lineFrom({ issue, labels, dependencies, comments, dependentCount }: ExportedIssue): string {
  const counts = {
    dependency_count: dependencies.filter(({ type }) => type === "blocks").length,
    dependent_count: dependentCount,
    comment_count: comments.length,
  };
  return issueLine(issue, { labels, dependencies, comments }, counts);
}
