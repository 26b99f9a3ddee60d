import { basename, join, resolve } from "node:path";
import { pathsIn } from "../../host/files-in.ts";
import { statsIfSeen } from "../../host/read-file.ts";
import type { Metadata } from "./metadata.ts";
import type { Workspace } from "./workspace.ts";

/** Where another program, or an older one, keeps a project's issues beside its files. */
export interface OldStore {
  readonly kind: "SQLite" | "Dolt";
  readonly path: string;
}

const DOLT_FOLDERS = ["dolt", "embeddeddolt"];

/** The stores that lie in a workspace's folder, or where its `metadata.json` says; git ignores them, so a clone has none. */
export function oldStoresIn({ beadsDir }: Pick<Workspace, "beadsDir">, metadata: Metadata | undefined): OldStore[] {
  const named = metadata?.dolt_data_dir === undefined ? [] : [resolve(beadsDir, metadata.dolt_data_dir)];
  const folders = [...new Set([...DOLT_FOLDERS.map((name) => join(beadsDir, name)), ...named])];
  return [
    ...pathsIn(beadsDir)
      .filter((path) => /\.(?:db|sqlite3?)$/.test(path) && isFilled(path))
      .map((path) => ({ kind: "SQLite" as const, path })),
    ...folders.filter(holdsDolt).map((path) => ({ kind: "Dolt" as const, path })),
  ];
}

function isFilled(path: string): boolean {
  const stats = statsIfSeen(path);
  return stats !== undefined && stats.isFile() && stats.size > 0;
}

/** Whether a folder is a Dolt database, or has some in it. */
function holdsDolt(folder: string): boolean {
  return [folder, ...pathsIn(folder)].some(
    (path) => !basename(path).startsWith(".") && statsIfSeen(join(path, ".dolt"))?.isDirectory() === true,
  );
}
