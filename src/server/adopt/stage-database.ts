import { cp, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { BdError, command } from "../../errors.ts";
import { lastLines, runTool } from "../../host/child-process.ts";
import { errnoOf } from "../../host/errno.ts";
import { folderDigest } from "../../host/folder-digest.ts";
import type { DoltBinary } from "../dolt/find-dolt.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { type DatabaseState, databaseState } from "./database-state.ts";
import { unreadable } from "./dolt-sql.ts";

/** A copy that nobody uses yet. */
export interface StagedDatabase {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly state: DatabaseState;
}

/** What belongs to a server that runs, not to a database. */
const WITHOUT: ReadonlySet<string> = new Set(["sql-server.info", "sql-server.lock", "temptf"]);

/**
 * Copies a database's folder, byte for byte, and has dolt look into every chunk of the copy. Dolt never opens the old
 * folder: it would write there.
 *
 * Throws BdError unavailable DATA_FOLDER_CHANGED; config COPY_FAILED, FILE_NOT_REGULAR; rejected DATABASE_UNREADABLE.
 */
export async function stageDatabase(
  environment: ServerEnvironment,
  { from, stage, dolt }: { readonly from: string; readonly stage: string; readonly dolt: DoltBinary },
): Promise<StagedDatabase> {
  const name = basename(from);
  const path = join(stage, name);
  const { bytes } = await copied(environment, from, path);
  await checkChunks(environment, dolt, path);
  const state = await databaseState(environment, { dolt, folder: stage }, name);
  return { name, path, bytes, state };
}

async function copied({ signal }: ServerEnvironment, from: string, to: string) {
  try {
    const before = await folderDigest(from, { without: WITHOUT, signal });
    await mkdir(to, { recursive: true, mode: 0o700 });
    await cp(from, to, { recursive: true, filter: (path) => !WITHOUT.has(basename(path)) });
    const copy = await folderDigest(to, { without: WITHOUT, sync: true, signal });
    const after = await folderDigest(from, { without: WITHOUT, signal });
    if (before.hash === copy.hash && copy.hash === after.hash) return copy;
  } catch (error) {
    if (error instanceof BdError || signal?.aborted === true) throw error;
    const reason = errnoOf(error) ?? "unknown error";
    throw new BdError("config", "COPY_FAILED", `${from} can't be copied to ${to} (${reason})`, {
      hint: command`bd server status`,
      details: { from, to, reason },
      cause: error,
    });
  }
  throw new BdError(
    "unavailable",
    "DATA_FOLDER_CHANGED",
    `${from} changed while it was copied: some program works on it; nothing was taken over`,
    { hint: command`bd server status`, details: { path: from } },
  );
}

async function checkChunks(environment: ServerEnvironment, dolt: DoltBinary, path: string): Promise<void> {
  const env = { DOLT_DISABLE_EVENT_FLUSH: "true" };
  const checked = await runTool(environment, { path: dolt.path, args: ["fsck", "--quiet"], cwd: path, env });
  if (checked.kind === "ended" && checked.exitCode === 0) return;
  const words = checked.kind === "ended" ? `${checked.stdout}\n${checked.stderr}` : checked.reason;
  throw unreadable(path, lastLines(words, 3).join(" "));
}
