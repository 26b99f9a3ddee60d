import { cleanPrefix } from "../../../config/workspace/prefix.ts";
import {
  checkExplicitId,
  checkHierarchyDepth,
  childId,
  DEFAULT_ID_LENGTH_RULES,
  type IdSeed,
  idLength,
  idProblem,
  idSuffixCandidates,
  isIdPrefix,
  LARGEST_NUMBER,
  nextChildOrdinal,
} from "../../../core/issue/issue-id.ts";
import { BdError, command } from "../../../errors.ts";
import type { ProjectConfig } from "../../../store/queries/project-config.ts";

/** What ids of wisps say behind the prefix. */
const WISP = "wisp-";

/** Enough to recognise it by. */
const SHOWN_PREFIX = 40;

/** What decides the id of a new issue, read under the lock. */
export interface IdFacts {
  readonly config: ProjectConfig;
  /** Top-level ids that carry the prefix. */
  readonly topLevelCount: number;
  /** Ids that exist already among the candidates and the explicit one. */
  readonly taken: ReadonlySet<string>;
  /** The last number given, in a project that numbers its issues. */
  readonly lastNumber: number;
}

/** A new top-level id, and the number in it that the project has to remember, where it numbers its issues. */
export interface ChosenId {
  readonly id: string;
  readonly number?: number;
}

/** The ids that a new top-level issue may get, without prefix, the shortest first. */
export function suffixesOf(seed: IdSeed, { ephemeral }: { readonly ephemeral?: boolean } = {}): readonly string[] {
  const candidates = [...idSuffixCandidates(seed, DEFAULT_ID_LENGTH_RULES.min)];
  return ephemeral === true ? candidates.map((suffix) => `${WISP}${suffix}`) : candidates;
}

/**
 * The next number where the project numbers its issues (wisps come and go without one), else the first free id that is long
 * enough for the number of issues. Throws BdError rejected NO_FREE_ID when there is none, config PREFIX_UNUSABLE.
 */
export function chooseId(suffixes: readonly string[], facts: IdFacts, isWisp: boolean): ChosenId {
  const { config, taken } = facts;
  requireUsablePrefix(config.prefix);
  if (!isWisp && numbersIssues(config)) {
    const number = facts.lastNumber + 1;
    if (number > LARGEST_NUMBER) throw noFreeId();
    return { id: `${config.prefix}-${number}`, number };
  }
  const length = suffixLength(facts) + (isWisp ? WISP.length : 0);
  const ids = suffixes.filter((suffix) => suffix.length >= length).map((suffix) => `${config.prefix}-${suffix}`);
  const free = ids.find((id) => !taken.has(id));
  if (free === undefined) throw noFreeId();
  return { id: free };
}

/** How long the suffix of a new id is at least. */
export function suffixLength({ config, topLevelCount }: Pick<IdFacts, "config" | "topLevelCount">): number {
  return idLength(topLevelCount, lengthRules(config));
}

/** Whether new issues get numbers instead of random letters. */
export function numbersIssues({ entries }: ProjectConfig): boolean {
  return entries.get("issue_id_mode") === "counter";
}

function noFreeId(): BdError {
  return new BdError("rejected", "NO_FREE_ID", "no free id was found for this issue", {
    hint: command`bd create --help`,
  });
}

/** It comes with the database, from whoever shares it. Throws BdError config PREFIX_UNUSABLE. */
function requireUsablePrefix(prefix: string): void {
  if (isIdPrefix(prefix)) return;
  const shown = prefix.length > SHOWN_PREFIX ? `${prefix.slice(0, SHOWN_PREFIX)}…` : prefix;
  const what = prefix === "" ? "has no issue_prefix" : `has the issue_prefix ${JSON.stringify(shown)}`;
  throw new BdError(
    "config",
    "PREFIX_UNUSABLE",
    `the project ${what}, and no new id can begin so: a prefix is letters, digits, "_", "." and "-", at most 200 of them`,
    {
      hint: prefix === "" ? command`bd init` : command`bd init --prefix=${cleanPrefix(cleanPrefix(shown))}`,
      details: { prefix: shown },
    },
  );
}

/** A parent's id may be somebody else's words. Throws BdError usage INVALID_ID. */
function checkGivenId(id: string): string {
  const problem = idProblem(id);
  if (problem === undefined) return id;
  throw new BdError("usage", "INVALID_ID", `no new issue can be called ${JSON.stringify(id)}: that ${problem}`, {
    details: { value: id },
  });
}

/** An id that the person chose. Throws BdError usage INVALID_ID, rejected PREFIX_MISMATCH or ID_EXISTS. */
export function checkChosenId(id: string, facts: IdFacts, force: boolean): string {
  checkExplicitId(id, { ...facts.config, force });
  if (facts.taken.has(id)) {
    throw new BdError("rejected", "ID_EXISTS", `issue ${id} exists already`, { hint: command`bd show ${id}` });
  }
  return id;
}

export interface ChildFacts {
  readonly parentId: string;
  readonly lastCounted: number;
  /** Ids that start with the parent's and a dot. */
  readonly descendantIds: readonly string[];
}

/** The next child of a parent, and the counter to remember. Throws BdError rejected HIERARCHY_TOO_DEEP, usage INVALID_ID. */
export function chooseChildId({ parentId, lastCounted, descendantIds }: ChildFacts): { id: string; ordinal: number } {
  checkHierarchyDepth(parentId);
  const ordinal = nextChildOrdinal(parentId, lastCounted, descendantIds);
  return { id: checkGivenId(childId(parentId, ordinal)), ordinal };
}

function lengthRules({ entries }: ProjectConfig): typeof DEFAULT_ID_LENGTH_RULES {
  const setting = (key: string, fallback: number) => {
    const value = Number(entries.get(key));
    return Number.isFinite(value) && value > 0 ? value : fallback;
  };
  return {
    min: setting("min_hash_length", DEFAULT_ID_LENGTH_RULES.min),
    max: setting("max_hash_length", DEFAULT_ID_LENGTH_RULES.max),
    maxProbability: setting("max_collision_prob", DEFAULT_ID_LENGTH_RULES.maxProbability),
  };
}
