import { isExternalTarget } from "../../core/dependency/deps-flag.ts";
import { prefixOf } from "../../core/issue/issue-id.ts";
import { selectExactIds } from "../../store/queries/id-matches.ts";
import { type IssueHead, issueHeads } from "../../store/queries/issue-heads.ts";
import { movedIds } from "../../store/queries/moved-holds.ts";
import { type ProjectConfig, projectConfig } from "../../store/queries/project-config.ts";
import { sameIdsIn, selectIds } from "../../store/queries/selection.ts";
import { ISSUE_TABLES, WISP_TABLES } from "../../store/queries/tables.ts";
import { type FamilyNames, ISSUES, WISPS } from "../../store/queries/write-issues.ts";
import type { Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { resolveIds } from "../named-issues/resolve-ids.ts";
import { type Moved, movedAmong } from "../named-issues/say-moved.ts";
import type { ItemFailure } from "../operation.ts";

/** The ends of edges that people name, as far as they are here. */
export interface Ends {
  readonly heads: ReadonlyMap<string, IssueHead>;
  /** Throws BdError not-found when the name stands for no issue of this database. */
  issueNamed(name: string): string;
  /**
   * Like `issueNamed`, but a target may lie elsewhere: `external:…`, and ids with a prefix that is not of this
   * database, stand for themselves.
   */
  targetNamed(name: string): string;
  /** Where an issue that is here lives. */
  familyOf(id: string): FamilyNames;
  /** For `sayMoved`. */
  readonly moved: Moved;
}

/** Finds the issues that people name. One packet for whole ids, in which `beside` rides; parts of ids take more. */
export async function loadEnds<T>(
  reader: Reader,
  names: readonly string[],
  beside: Query<T>,
): Promise<{ readonly ends: Ends; readonly beside: T }> {
  const inputs = [...new Set(names)].filter((name) => !isExternalTarget(name));
  const spelled = selectExactIds(ISSUE_TABLES, inputs, "ends");
  const [config, moved, issues, wisps, besides] = await reader.all([
    projectConfig,
    movedIds,
    issueHeads(spelled),
    issueHeads(sameIdsIn(WISP_TABLES, spelled)),
    beside,
  ]);
  const known = { config, exact: [...issues.keys()], exactWisps: [...wisps.keys()] };
  const { ids, byInput, failures } = await resolveIds(reader, inputs, known);
  const missing = ids.filter((id) => !issues.has(id) && !wisps.has(id));
  const more = selectIds(ISSUE_TABLES, missing, "ends");
  const [moreIssues, moreWisps] =
    missing.length === 0 ? [] : await reader.all([issueHeads(more), issueHeads(sameIdsIn(WISP_TABLES, more))]);
  const own = new Map([...issues, ...(moreIssues ?? [])]);
  const heads = new Map([...wisps, ...(moreWisps ?? []), ...own]);
  const ends: Ends = {
    heads,
    issueNamed: (name) => byInput.get(name) ?? fail(name, failures),
    targetNamed(name) {
      const found = byInput.get(name);
      if (found !== undefined) return found;
      return isElsewhere(name, config) ? name : fail(name, failures);
    },
    familyOf: (id) => (own.has(id) ? ISSUES : WISPS),
    moved: await movedAmong(reader, ids, moved),
  };
  return { ends, beside: besides };
}

function isElsewhere(name: string, { prefix, allowedPrefixes }: ProjectConfig): boolean {
  if (isExternalTarget(name)) return true;
  const known = [prefix, ...allowedPrefixes];
  const own = prefixOf(name, known);
  return own !== undefined && !known.includes(own);
}

function fail(name: string, failures: readonly ItemFailure[]): never {
  const failure = failures.find(({ item }) => item === name);
  throw failure?.error ?? new Error(`${name} was not looked for`);
}
