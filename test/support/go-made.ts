import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The name of the database in `fixtures/go-made.tar.gz`, which the Go program beads 1.0.3 made. */
export const GO_MADE_DATABASE = "gm_made-here";

const ARCHIVE = fileURLToPath(new URL("../fixtures/go-made.tar.gz", import.meta.url));

/** Unpacks that database into the data directory of a server that has not started yet. */
export async function unpackGoMade(dataDir: string): Promise<void> {
  await promisify(execFile)("tar", ["-xzf", ARCHIVE, "-C", dataDir, "--strip-components=2", "./data"]);
}

/** What the Go program exported of it. */
export async function goMadeExport(): Promise<string> {
  const { stdout } = await promisify(execFile)("tar", ["-xzOf", ARCHIVE, "./export.jsonl"]);
  return stdout;
}
