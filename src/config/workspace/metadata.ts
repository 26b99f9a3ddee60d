import { isTooDeep } from "../../core/json/json-depth.ts";
import { BdError, command } from "../../errors.ts";
import { type EditRules, editTextFile } from "../../host/edit-text-file.ts";
import { readTextFile } from "../../host/read-file.ts";
import { writeTextFile } from "../../host/write-file.ts";
import { jsonErrorLine } from "./json-error-line.ts";
import { requireOwnFolder, type Workspace } from "./workspace.ts";

/**
 * The known keys of `metadata.json`, in the order in which the peer writes them. A table instead of a schema library:
 * every command reads this file, and loading the library alone takes longer than all of the settings together.
 */
const KEY_TYPES = {
  database: "string",
  backend: "string",
  deletions_retention_days: "number",
  dolt_mode: "string",
  dolt_server_host: "string",
  dolt_server_port: "number",
  dolt_server_socket: "string",
  dolt_server_user: "string",
  dolt_database: "string",
  dolt_server_tls: "boolean",
  dolt_data_dir: "string",
  dolt_remotesapi_port: "number",
  project_id: "string",
  global_dolt_database: "string",
  stale_closed_issues_days: "number",
  last_bd_version: "string",
} as const;

interface TypesByName {
  string: string;
  number: number;
  boolean: boolean;
}

export type MetadataKey = keyof typeof KEY_TYPES;

/** `.beads/metadata.json`: which database the workspace belongs to. Keys that we don't know are kept. */
export type Metadata = { readonly [Key in MetadataKey]?: TypesByName[(typeof KEY_TYPES)[Key]] | undefined } & {
  readonly [unknownKey: string]: unknown;
};

/**
 * Reads `metadata.json`; `undefined` when the workspace has none.
 *
 * @throws BdError config/METADATA_INVALID with file and line, and as `readTextFile`
 */
export function readMetadata(workspace: Pick<Workspace, "metadataPath" | "owners">): Metadata | undefined {
  const text = readTextFile(workspace.metadataPath, { owners: workspace.owners });
  return text === undefined ? undefined : parseMetadata(workspace.metadataPath, text);
}

function parseMetadata(path: string, text: string): Metadata {
  const value = parseJson(path, text);
  if (!isObject(value)) throw invalidMetadata(path, 1, "it must hold one JSON object");
  if (isTooDeep(value)) throw invalidMetadata(path, 1, "it is nested too deeply");
  for (const [key, type] of Object.entries(KEY_TYPES)) {
    const actual = value[key];
    if (actual === null || actual === undefined) continue;
    if (typeof actual !== type) throw invalidMetadata(path, lineOfKey(text, key), `${key} must be a ${type}`);
  }
  return withoutNulls(value);
}

/** Replaces `metadata.json` in one step. */
export function writeMetadata(workspace: Workspace, metadata: Metadata): void {
  writeTextFile(workspace.metadataPath, printMetadata(metadata), { within: requireOwnFolder(workspace) });
}

/**
 * Changes `metadata.json`, whoever else is changing it at the same time. Gives whether anything changed.
 *
 * @throws as `readMetadata` and `editTextFile`
 */
export function editMetadata(
  workspace: Workspace,
  change: (metadata: Metadata) => Metadata,
  { signal }: Pick<EditRules, "signal"> = {},
): Promise<boolean> {
  const path = workspace.metadataPath;
  const edit = (text: string | undefined): string | undefined => {
    const before = text === undefined ? {} : parseMetadata(path, text);
    const after = printMetadata(change(before));
    return after === printMetadata(before) ? undefined : after;
  };
  return editTextFile(path, edit, { within: requireOwnFolder(workspace), signal });
}

/** Known keys in the peer's order, then the rest as they come. */
function printMetadata(metadata: Metadata): string {
  const known = Object.keys(KEY_TYPES).filter((key) => metadata[key] !== undefined);
  const unknown = Object.keys(metadata).filter((key) => !Object.hasOwn(KEY_TYPES, key));
  const ordered = Object.fromEntries([...known, ...unknown].map((key) => [key, metadata[key]]));
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const line = jsonErrorLine(text) ?? 1;
    const problem = text.trim() === "" ? "it is empty" : "it is not valid JSON, or ends too early";
    throw invalidMetadata(path, line, problem, cause);
  }
}

function invalidMetadata(path: string, line: number, problem: string, cause?: unknown): BdError {
  return new BdError("config", "METADATA_INVALID", `${path}, line ${line}: ${problem}`, {
    hint: command`bd where`,
    details: { path, line },
    cause,
  });
}

function lineOfKey(text: string, key: string): number {
  const position = text.search(new RegExp(`"${key}"\\s*:`));
  return position < 0 ? 1 : text.slice(0, position).split("\n").length;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutNulls(value: Record<string, unknown>): Metadata {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}
