import { ISSUE_FIELDS, type Issue } from "../issue/issue.ts";
import { withAllDigits, withSortedKeys } from "../json/go-json.ts";
import type { StoredIssue } from "../jsonl/compare-issue.ts";

/** What is known of an issue beside a line, the newest first. */
export interface KnownVersions {
  /** As the file had it. */
  readonly seen: readonly StoredIssue[];
  /** As the tracker had it since the file showed it. */
  readonly had: readonly StoredIssue[];
  /** The line is newer than what the tracker has: its fields may say anew what the tracker had. */
  readonly isNewer: boolean;
}

/**
 * The version of an issue that a line of the file began from, made from the versions that we have seen before: what one of
 * them says is no news, whichever branch it was on and whichever way it came, and so never takes back what was done since.
 * Where the line says something new, it began from the newest version that is not newer than the line, and else from the oldest.
 */
export function baseOf(line: StoredIssue, { seen, had, isNewer }: KnownVersions): StoredIssue | undefined {
  const [newest] = seen;
  const oldest = seen.at(-1);
  if (newest === undefined || oldest === undefined) return undefined;
  const began = newest.issue.updated_at <= line.issue.updated_at ? newest : oldest;
  const before = <T>(cell: (version: StoredIssue) => T, known: readonly StoredIssue[]): T => {
    const said = cell(line);
    return known.some((version) => isSame(cell(version), said)) ? said : cell(began);
  };
  const all = [...seen, ...had];
  const fields = ISSUE_FIELDS.map(
    ({ name }) => [name, before(({ issue }) => issue[name], isNewer ? seen : all)] as const,
  );
  const parts = <T>(list: (version: StoredIssue) => readonly T[], key: (part: T) => string): T[] => {
    const keys = new Set([line, ...seen].flatMap((version) => list(version).map(key)));
    // A part that comes or goes makes no line newer.
    return [...keys].flatMap((one) => before((version) => list(version).find((part) => key(part) === one), all) ?? []);
  };
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every field is one of a version's
    issue: Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as unknown as Issue,
    labels: parts(
      ({ labels }) => labels,
      (label) => label,
    ),
    dependencies: parts(
      ({ dependencies }) => dependencies,
      (edge) => edge.depends_on_id,
    ),
    comments: parts(
      ({ comments }) => comments,
      ({ id }) => id,
    ),
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || withAllDigits(withSortedKeys(a ?? null)) === withAllDigits(withSortedKeys(b ?? null));
}
