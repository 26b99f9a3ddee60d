import { newLines } from "../../core/jsonl-sync/calm-file.ts";
import { type IssueFile, NO_FILE, printIssueFile } from "../../core/jsonl-sync/issue-file.ts";
import { historyHas } from "../../store/changes/issue-ids.ts";
import { trackerWord } from "../../sync/tracker-word.ts";
import type { ReadContext } from "../context.ts";

export interface WriteOptions {
  /** The file as it is; undefined where there is none. */
  readonly file: IssueFile | undefined;
  readonly text: string | undefined;
  /** The commit that the file shows but for `ids`; undefined where everything is to be compared. */
  readonly since: string | undefined;
  readonly ids: ReadonlySet<string>;
  /** The text on the disk has conflict markers, so it is written anew. */
  readonly isMarked: boolean;
}

export interface Written {
  /** The commit that the file shows now. */
  readonly commit: string;
  readonly text: string;
  /** The issues whose lines are new. */
  readonly ids: readonly string[];
}

/** The file with the tracker's word in it; the very text where that says nothing new. */
export async function textToWrite(
  context: ReadContext,
  { file = NO_FILE, text = "", since, ids, isMarked }: WriteOptions,
): Promise<Written> {
  const { commit, word } = await context.read(async (reader) => {
    const [{ head }] = await reader.all([historyHas(since ?? "")]);
    if (since === head && ids.size === 0) return { commit: head, word: { living: new Map(), gone: new Map() } };
    return { commit: head, word: await trackerWord(reader, { file, commit: head, since, ids }) };
  });
  const lines = newLines(file, word);
  const written = [...lines.keys()];
  if (lines.size === 0 && !isMarked && !file.isDoubled) return { commit, text, ids: written };
  const issues = new Map(file.issues);
  for (const [id, line] of lines) {
    if (line === undefined) issues.delete(id);
    else issues.set(id, line);
  }
  return { commit, text: printIssueFile({ ...file, issues }), ids: written };
}
