import { newLines } from "../../core/jsonl-sync/calm-file.ts";
import { type IssueFile, NO_FILE, printIssueFile } from "../../core/jsonl-sync/issue-file.ts";
import { historyHas } from "../../store/changes/issue-ids.ts";
import type { FileHome } from "../../sync/file-home.ts";
import { trackerWord } from "../../sync/tracker-word.ts";
import type { ReadContext } from "../context.ts";

export interface WriteOptions {
  readonly home: FileHome;
  /** The file as it is; undefined where there is none. */
  readonly file: IssueFile | undefined;
  readonly text: string | undefined;
  readonly stamp: string | undefined;
  /** The commit that the file shows but for `ids`; undefined where everything is to be compared. */
  readonly since: string | undefined;
  readonly ids: ReadonlySet<string>;
  /** The text on the disk has conflict markers, so it is written anew. */
  readonly isMarked: boolean;
  readonly dryRun: boolean;
}

export interface Written {
  /** The commit that the file shows now. */
  readonly commit: string;
  readonly text: string;
  /** The issues whose lines are new. */
  readonly ids: readonly string[];
}

/** Brings the tracker's word into the file. Undefined where somebody else has changed the file meanwhile. */
export async function writeFile(
  context: ReadContext,
  { home, file = NO_FILE, text, stamp, since, ids, isMarked, dryRun }: WriteOptions,
): Promise<Written | undefined> {
  const { commit, word } = await context.read(async (reader) => {
    const [{ head }] = await reader.all([historyHas(since ?? "")]);
    if (since === head && ids.size === 0) return { commit: head, word: { living: new Map(), gone: new Map() } };
    return { commit: head, word: await trackerWord(reader, { file, commit: head, since, ids }) };
  });
  const lines = newLines(file, word);
  const written = [...lines.keys()];
  if (lines.size === 0 && !isMarked && !file.isDoubled) return { commit, text: text ?? "", ids: written };
  const issues = new Map(file.issues);
  for (const [id, line] of lines) {
    if (line === undefined) issues.delete(id);
    else issues.set(id, line);
  }
  const next = printIssueFile({ ...file, issues });
  if (next === text || dryRun) return { commit, text: text ?? "", ids: written };
  return (await home.write(next, stamp)) ? { commit, text: next, ids: written } : undefined;
}
