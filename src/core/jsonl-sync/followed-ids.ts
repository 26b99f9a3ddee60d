import type { StoredBirth } from "../jsonl/match-lines.ts";
import { isOneIssue } from "../jsonl/match-lines.ts";
import { parseLine } from "../jsonl/parse-line.ts";
import { wantedIdIn } from "../merge/moved-id.ts";
import { isTombstoneText, type NewsLine } from "./file-news.ts";
import type { IssueFile } from "./issue-file.ts";

/** Issues that the file and the tracker have under different ids. */
export interface FollowedIds {
  /** The tracker's id and the one that the file has given the issue since we have seen it. */
  readonly renames: ReadonlyMap<string, string>;
  /** The id of a line and the tracker's, which the issue keeps. */
  readonly kept: ReadonlyMap<string, string>;
}

interface Known {
  readonly file: IssueFile;
  readonly seen: readonly IssueFile[];
  readonly isForward: boolean;
  /** The version that a file which goes forward went on from. */
  readonly before: IssueFile | undefined;
  /** The tracker's issues that somebody made who also made one of the lines' issues, in the same second. */
  readonly born: readonly StoredBirth[];
}

/**
 * Which lines are about issues that have another id here: made by the same person in the same second. The id
 * that it wanted, or what stands behind the prefix, must agree, unless the version that the file went on from had the issue
 * under the one id and this one has it under the other: people make several issues in a second, on several branches.
 */
export function followedIds(lines: readonly NewsLine[], known: Known): FollowedIds {
  const { file, seen, isForward, before, born } = known;
  const [renames, kept] = [new Map<string, string>(), new Map<string, string>()];
  const byBirth = Map.groupBy(born, birthKey);
  const homeless = lines.filter(({ fields }) => {
    const here = byBirth.get(birthKey(fields));
    return here !== undefined && !here.some(({ id }) => id === fields.id);
  });
  // What was deleted under its id, and is there again, has no other one.
  const isBack = ({ lineId }: NewsLine) => seen.some(({ issues }) => isTombstoneText(issues.get(lineId) ?? ""));
  for (const [key, some] of Map.groupBy(homeless, ({ fields }) => birthKey(fields))) {
    const open = (byBirth.get(key) ?? []).filter(
      (one) => !hasIssue(file, one) && !isTombstoneText(file.issues.get(one.id) ?? ""),
    );
    for (const line of some) {
      if (isBack(line)) continue;
      const wasSo = seen.some((version) => hasIssue(version, { ...birthOf(line), id: line.lineId }));
      const changedHands = (one: StoredBirth) =>
        isForward && (wasSo || (before !== undefined && hasIssue(before, one)));
      const issue =
        theOne(open, line.fields.id) ?? (some.length === 1 ? onlyOne(open.filter(changedHands)) : undefined);
      if (issue === undefined) continue;
      if (isForward && !wasSo) renames.set(issue.id, line.fields.id);
      else kept.set(line.fields.id, issue.id);
    }
  }
  return { renames, kept };
}

function birthKey({ created_by: by, created_at: at }: { created_by?: string; created_at?: string }): string {
  return JSON.stringify([by ?? "", at ?? ""]);
}

function hasIssue({ issues }: IssueFile, birth: StoredBirth): boolean {
  const line = parseLine(issues.get(birth.id) ?? "");
  return line.kind === "issue" && isOneIssue(line.issue.fields, birth);
}

function birthOf({ fields }: NewsLine): Omit<StoredBirth, "id"> {
  return { created_by: fields.created_by ?? "", created_at: fields.created_at ?? "" };
}

/** The issue whose id tells that it is meant. */
function theOne(open: readonly StoredBirth[], id: string): StoredBirth | undefined {
  const named = [wantedIdIn, (one: string) => one.slice(one.lastIndexOf("-") + 1)].map((nameOf) =>
    onlyOne(open.filter((one) => nameOf(one.id) === nameOf(id))),
  );
  return named[0] ?? named[1];
}

function onlyOne<T>(some: readonly T[]): T | undefined {
  return some.length === 1 ? some[0] : undefined;
}
