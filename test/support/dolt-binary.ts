import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parseDoltVersion } from "../../src/server/dolt/dolt-version.ts";
import { cachedDolt } from "../../src/server/dolt/find-dolt.ts";

/** The real dolt that the tests use: `BEADS_DOLT_BIN`, else the first on PATH, else the one in our cache. */
export function doltBinary(): string {
  const named = process.env.BEADS_DOLT_BIN;
  if (named) return named;
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "dolt"));
  const found = [...onPath, cachedDolt({ env: process.env, home: homedir() })].find(isExecutable);
  if (found === undefined) throw new Error("no dolt for the tests: run `bd server install`, or set BEADS_DOLT_BIN");
  return found;
}

/** Its version, such as `1.83.2`. */
export function doltVersion(): string {
  const said = execFileSync(doltBinary(), ["version"], { encoding: "utf8" });
  const version = parseDoltVersion(said);
  if (version === undefined) throw new Error(`no version in ${JSON.stringify(said)}`);
  return version;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
