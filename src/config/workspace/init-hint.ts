import { type CommandLine, command } from "../../errors.ts";
import { environmentValue, type ProcessView } from "../process-view.ts";
import type { Metadata } from "./metadata.ts";
import { ownJsonlIn } from "./own-jsonl.ts";

interface Uninitialised {
  readonly root: string;
  readonly beadsDir: string;
  readonly metadata?: Metadata | undefined;
}

/**
 * The `bd init` that makes a folder's workspace one of ours, from wherever it is typed; with the issues that lie in it as
 * JSONL.
 */
export function initHint(
  view: ProcessView,
  folder: Uninitialised | undefined,
  more: readonly string[] = [],
): CommandLine {
  const isHere = folder === undefined || folder.root === view.cwd || environmentValue(view, "BEADS_DIR") !== undefined;
  const where = isHere ? [] : ["-C", folder.root];
  const hasLines = folder !== undefined && ownJsonlIn(folder.beadsDir, folder.metadata) !== undefined;
  const again = ["bd", ...where, "init", ...(hasLines ? ["--from-jsonl"] : []), ...more];
  return command`${again}`;
}
