import type { SettingSources } from "../../config/settings/setting-files.ts";
import { type OldStore, oldStoresIn } from "../../config/workspace/old-store.ts";
import { ownJsonlIn } from "../../config/workspace/own-jsonl.ts";
import { cleanPrefix, isDatabaseName } from "../../config/workspace/prefix.ts";
import { usesServer } from "../../config/workspace/require-database.ts";
import type { Workspace } from "../../config/workspace/workspace.ts";
import { isIdPrefix, normalizePrefix } from "../../core/issue/issue-id.ts";
import { commonPrefix } from "../../core/jsonl/common-prefix.ts";
import { BdError, command } from "../../errors.ts";
import { fileKindAt } from "../../host/read-file.ts";
import type { MachineContext } from "../context.ts";
import { invalidLines } from "../data/import.ts";
import { jsonlName, ownLines } from "../data/own-lines.ts";
import { type ReadLines, readLines } from "../data/read-lines.ts";
import type { InitInput } from "./init.ts";

/** What other programs, or other times, have left in the folder of a workspace that is to be made. */
export interface OldFolder {
  /** Whether there is anything that a workspace has. */
  readonly isUsed: boolean;
  /** Whether `metadata.json` is another program's, which names no server. */
  readonly isForeign: boolean;
  readonly stores: readonly OldStore[];
  /** Of the issues in the folder, or in the file that was named. */
  readonly prefix: string | undefined;
  readonly ids: readonly string[];
  /** Its JSONL file, by its path. */
  readonly jsonl: string | undefined;
  /** What is to be imported; undefined where nothing is. */
  readonly toImport: { readonly lines: ReadLines; readonly source: string } | undefined;
}

/**
 * Looks into the folder, and reads what is to be imported, before anything is made.
 * Throws BdError usage FILE_NOT_FOUND, INVALID_LINES, and as `ownLines`, where an import is asked for.
 */
export async function lookIntoFolder(
  context: MachineContext,
  workspace: Workspace,
  input: Pick<InitInput, "from_jsonl" | "bytes" | "source">,
): Promise<OldFolder> {
  const sources = await context.sources();
  const { metadata } = sources;
  const jsonl = ownJsonlIn(workspace.beadsDir, metadata);
  const isForeign = metadata !== undefined && !usesServer(metadata);
  const source = input.bytes === undefined ? jsonlName(jsonl) : (input.source ?? "a stream");
  const isToImport = input.from_jsonl || input.bytes !== undefined;
  if (isToImport && input.bytes === undefined && jsonl === undefined) throw noJsonl(workspace);
  // The ids of a workspace that knows its project tell nothing new.
  const isUnknown = isForeign || metadata?.project_id === undefined;
  const lines =
    input.bytes === undefined
      ? await linesOf(context, jsonl, { isToImport, isUnknown })
      : await readLines(input.bytes, context);
  if (isToImport && lines !== undefined && lines.rejected.length > 0) throw badLines(lines, source);
  const ids = (lines?.issues ?? []).map(({ fields }) => fields.id);
  return {
    isUsed: metadata !== undefined || jsonl !== undefined || fileKindAt(workspace.configPath) !== undefined,
    isForeign,
    stores: oldStoresIn(workspace, metadata),
    prefix: prefixSaid(sources) ?? usable(commonPrefix(ids)),
    ids,
    jsonl,
    toImport: isToImport && lines !== undefined ? { lines, source } : undefined,
  };
}

async function linesOf(
  context: MachineContext,
  jsonl: string | undefined,
  { isToImport, isUnknown }: { readonly isToImport: boolean; readonly isUnknown: boolean },
): Promise<ReadLines | undefined> {
  if (jsonl === undefined || !(isToImport || isUnknown)) return undefined;
  try {
    return await ownLines(jsonl, context);
  } catch (error) {
    // Nobody asked for it: a file that can't be read tells nothing.
    if (error instanceof BdError && error.kind !== "interrupted" && !isToImport) return undefined;
    throw error;
  }
}

/** By the project's settings, as programs before these kept them; what no id can begin with says nothing. */
function prefixSaid({ project = [] }: SettingSources): string | undefined {
  const said = project.flatMap(({ entries }) => ["issue-prefix", "issue_prefix"].map((key) => entries.get(key)?.value));
  return said.map((value) => usable(normalizePrefix(value ?? ""))).find((prefix) => prefix !== undefined);
}

function usable(prefix: string | undefined): string | undefined {
  if (prefix === undefined || !isIdPrefix(prefix)) return undefined;
  return isDatabaseName(`beads_${cleanPrefix(prefix)}`) ? prefix : undefined;
}

function noJsonl({ beadsDir }: Workspace): BdError {
  return new BdError("usage", "FILE_NOT_FOUND", `there is no issues.jsonl in ${beadsDir} to import`, {
    hint: command`bd init`,
    details: { path: beadsDir },
  });
}

/** Said before anything is made, so that what leads on is another than after a failed import. */
function badLines(lines: ReadLines, source: string): BdError {
  const { message, details } = invalidLines(lines, source);
  return new BdError(
    "usage",
    "INVALID_LINES",
    `${message}; bd init makes the project, bd import --skip-invalid brings the others`,
    {
      hint: command`bd init`,
      details,
    },
  );
}
