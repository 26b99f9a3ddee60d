import type { DeletionRules } from "../core/jsonl-merge/issue-fate.ts";
import { mergeFiles } from "../core/jsonl-merge/merge-files.ts";
import { linesOf } from "../core/jsonl-merge/sort-out-lines.ts";
import type { GitPlace } from "./git-place.ts";

const MARKER = /^(?:<{7,}|>{7,}|={7,}|\|{7,})(?: |$)/;
const MARKER_SIZE = 7;

/** Whether a merge of texts left its marks in the file. */
export function hasMarkers(text: string): boolean {
  return text.includes("<<<<<<<") && linesOf(text).some((line) => MARKER.test(line));
}

/** The file of an unfinished merge, merged by issue: from the versions of the index, else from what stands between the markers. */
export async function mergedFile(text: string, place: GitPlace | undefined, rules: DeletionRules): Promise<string> {
  const versions = (await place?.unmerged()) ?? betweenMarkers(text);
  return mergeFiles(versions, MARKER_SIZE, rules).text;
}

/** The versions that a text with conflict markers was made from; without a base where the markers show none. */
function betweenMarkers(text: string): { base: string; ours: string; theirs: string } {
  const sides: Record<"base" | "ours" | "theirs", string[]> = { base: [], ours: [], theirs: [] };
  let within: keyof typeof sides | undefined;
  for (const line of linesOf(text)) {
    const [mark = ""] = MARKER.exec(line) ?? [];
    if (mark.startsWith("<")) within = "ours";
    else if (mark.startsWith("|") && within !== undefined) within = "base";
    else if (mark.startsWith("=") && within !== undefined) within = "theirs";
    else if (mark.startsWith(">")) within = undefined;
    else if (within === undefined) for (const side of Object.values(sides)) side.push(line);
    else sides[within].push(line);
  }
  const asText = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  return { base: asText(sides.base), ours: asText(sides.ours), theirs: asText(sides.theirs) };
}
