import { type IdSeed, idSuffixCandidates } from "../../core/issue/issue-id.ts";
import type { CustomStatus } from "../../core/issue/status.ts";
import type { StoredIssue } from "../../core/jsonl/compare-issue.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { closeFacts } from "../../store/queries/close-facts.ts";
import { choosePrefix, lastNumber, takenSuffixes, topLevelIdCount } from "../../store/queries/id-matches.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { selectIds } from "../../store/queries/selection.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import { saveIssueCounter } from "../../store/queries/write-issues.ts";
import type { Reader, Transaction } from "../../store/session-types.ts";
import { chooseId, type IdFacts, numbersIssues, suffixLength } from "../issue/write/choose-id.ts";
import { closableOf } from "../issue/write/close-guards.ts";
import { type Facts, writeFacts } from "../issue/write/write-facts.ts";
import { createdAt, newIssue, type TaskWord, TRACKER } from "./issue-facts.ts";
import type { MirrorPlan, MirrorRules } from "./plan-mirror.ts";

/** What a person would not have been let do, and tasks did. */
export interface PastRules {
  readonly id: string;
  readonly why: string;
}

/** What was written of a plan. */
export interface WrittenIssues {
  /** New issues, by their task. */
  readonly created: ReadonlyMap<string, StoredIssue>;
  readonly pastRules: readonly PastRules[];
}

/** Writes what tasks say of issues, in one transaction. */
export async function writeIssues(
  tx: Transaction,
  { facts, newIssues }: Pick<MirrorPlan, "facts" | "newIssues">,
  rules: MirrorRules & { readonly customStatuses: readonly CustomStatus[] },
): Promise<WrittenIssues> {
  const created = await withIds(tx, newIssues, rules);
  const pastRules = await closedPastRules(tx, facts, rules);
  const changed = [...facts.changed, ...[...created.values()].map((after) => ({ before: undefined, after }))];
  await writeFacts(tx, { changed, deleted: facts.deleted }, { actor: TRACKER, origin: tx.operationId });
  return { created, pastRules };
}

/** Ids that are functions of the tasks: two clones that bring the same task in make one issue of it. */
async function withIds(
  tx: Transaction,
  words: readonly TaskWord[],
  rules: MirrorRules,
): Promise<ReadonlyMap<string, StoredIssue>> {
  if (words.length === 0) return new Map();
  const [, config, topLevelCount] = await tx.all([choosePrefix, projectConfig, topLevelIdCount]);
  const facts: IdFacts = { config, topLevelCount, lastNumber: 0, taken: new Set() };
  const ids = numbersIssues(config) ? await numberedIds(tx, words, facts) : await hashedIds(tx, words, facts);
  return new Map(words.map((word, at) => [word.task.id, newIssue(word, { id: ids[at] ?? "", rules, now: rules.now })]));
}

async function numberedIds(tx: Transaction, words: readonly TaskWord[], facts: IdFacts): Promise<string[]> {
  let [, last] = await tx.all([choosePrefix, lastNumber]);
  const ids = words.map(() => {
    const { id, number } = chooseId([], { ...facts, lastNumber: last }, false);
    last = number ?? last;
    return id;
  });
  await tx.all([saveIssueCounter(facts.config.prefix, last)]);
  return ids;
}

/** Few first choices are taken: only for those it is asked again. */
async function hashedIds(tx: Transaction, words: readonly TaskWord[], facts: IdFacts): Promise<string[]> {
  const length = suffixLength(facts);
  const tried = words.map((word) => ({ candidates: idSuffixCandidates(seedOf(word), length), suffix: "", id: "" }));
  const taken = new Set<string>();
  for (let open = tried; open.length > 0; open = open.filter(({ id }) => id === "")) {
    for (const one of open) one.suffix = one.candidates.next().value ?? "";
    const suffixes = open.map(({ suffix }) => suffix).filter((suffix) => suffix !== "");
    const [, found] = await tx.all([choosePrefix, takenSuffixes(suffixes)]);
    for (const id of found) taken.add(id);
    for (const one of open) {
      const { id } = chooseId(one.suffix === "" ? [] : [one.suffix], { ...facts, taken: NOBODY }, false);
      if (taken.has(id)) continue;
      one.id = id;
      taken.add(id);
    }
  }
  return tried.map(({ id }) => id);
}

const NOBODY: ReadonlySet<string> = new Set();

const NS_PER_MS = 1_000_000n;

function seedOf({ task }: TaskWord): IdSeed {
  const at = BigInt(createdAt(task)?.getTime() ?? 0) * NS_PER_MS;
  return { title: task.id, description: "", creator: TRACKER, createdAtNs: at };
}

/** Closing goes by facts: what our own rules would have said about it is told. */
async function closedPastRules(
  reader: Reader,
  { changed }: Facts,
  { customStatuses, now }: { readonly customStatuses: readonly CustomStatus[]; readonly now: Date },
): Promise<readonly PastRules[]> {
  const closing = changed.flatMap(({ before, after }) =>
    before !== undefined && before.issue.status !== "closed" && after.issue.status === "closed" ? [before.issue] : [],
  );
  if (closing.length === 0) return [];
  const selection = selectIds(
    ISSUE_TABLES,
    closing.map(({ id }) => id),
    "closing",
  );
  const [, facts] = await reader.all([selection.choose, closeFacts(selection)]);
  const targets = closing.map((issue) => ({ issue, facts }));
  const { failures } = closableOf(targets, { customStatuses, at: toWireTime(now), force: false });
  return failures.map(({ item, error }) => ({ id: item, why: error.message }));
}
