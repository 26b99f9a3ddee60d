import { join } from "node:path";
import { statsIfSeen } from "../../host/read-file.ts";
import type { Metadata } from "./metadata.ts";

/** What programs of the family called the file, the newer name first. */
const NAMES = ["issues.jsonl", "beads.jsonl"];

/** A name that leads nowhere but into the folder. */
const PLAIN_NAME = /^\w[\w.-]*\.jsonl$/;

/**
 * The JSONL file of a project's issues in its `.beads` folder, by its path; undefined where there is none. An old
 * `metadata.json` may say its name. Others that lie there (`beads.base.jsonl`, `interactions.jsonl`) are not it.
 */
export function ownJsonlIn(beadsDir: string, metadata?: Metadata): string | undefined {
  const said = metadata?.["jsonl_export"];
  const names = typeof said === "string" && PLAIN_NAME.test(said) ? [said, ...NAMES] : NAMES;
  return names.map((name) => join(beadsDir, name)).find(isThere);
}

/** What is no file is refused by whoever reads it. */
function isThere(path: string): boolean {
  return statsIfSeen(path)?.isDirectory() === false;
}
