import { type CodeChange, codeKey } from "../core/foreign-code/code-change.ts";
import { appearancesIn } from "../core/merge/same-issue.ts";
import { rowKey, type Snapshot } from "../core/merge/snapshot.ts";
import { type Creation, doubledIssues, mixedIssues, strayCreations } from "../core/verify/creations.ts";
import { leftOver, severalParents } from "../core/verify/dependencies.ts";
import type { Finding } from "../core/verify/finding.ts";
import { oddIds } from "../core/verify/ids.ts";
import { command } from "../errors.ts";
import { type WorkingSet, workingSet } from "../store/protocol/working-set.ts";
import {
  creationRows,
  type DanglingRows,
  danglingRows,
  earlyDependencies,
  isMerging,
  parentRows,
  violatedTables,
} from "../store/queries/verification.ts";
import { type Row, text } from "../store/query.ts";
import type { Reader } from "../store/session-types.ts";
import { foreignCode } from "./incoming/incoming-code.ts";
import { deletedIssues, originsOf } from "./origins.ts";

export interface Verification {
  /** How many issues were looked at. */
  readonly issues: number;
  readonly findings: readonly Finding[];
}

/** Looks for what other rules, other programs and broken-off work left in the database. It only reads. */
export async function verifyDatabase(reader: Reader): Promise<Verification> {
  const [state, merging, violated, rows, dangling, parents, early] = await reader.all([
    workingSet,
    isMerging,
    violatedTables,
    creationRows,
    danglingRows,
    parentRows,
    earlyDependencies,
  ]);
  const issues = appearancesIn("ours", snapshotOf(rows));
  const ids = issues.map(({ id }) => id);
  const strays = strayCreations(issues, rows.events.map(creation));
  const originOf = await originsOf(reader, strays);
  const deleted = await deletedIssues(reader, new Set(early.map(({ target }) => target.id)));
  const code = await foreignCode(reader);
  return {
    issues: issues.length,
    findings: [
      ...mixedIssues(strays, issues, originOf),
      ...doubledIssues(issues),
      ...dangling.map(danglingFinding),
      ...severalParents(parents),
      ...leftOver(early, deleted),
      ...oddIds(ids),
      ...code.map(codeFinding),
      ...unfinished(state, merging),
      ...violated.map(violationFinding),
    ],
  };
}

function snapshotOf({
  issues,
  events,
}: {
  readonly issues: readonly Row[];
  readonly events: readonly Row[];
}): Snapshot {
  const byKey = (rows: readonly Row[]) => new Map(rows.map((row) => [rowKey(row, ["id"]), row]));
  return new Map([
    ["issues", byKey(issues)],
    ["events", byKey(events)],
  ]);
}

function creation(row: Row): Creation {
  return {
    id: text(row, "id"),
    issueId: text(row, "issue_id"),
    actor: text(row, "actor"),
    at: text(row, "created_at").slice(0, 19),
  };
}

function danglingFinding({ table, missing, from, count }: DanglingRows): Finding {
  const isWaiting = from !== "";
  const rows = count === 1 ? "1 row" : `${count} rows`;
  return {
    kind: "dangling",
    items: isWaiting ? [from, missing] : [missing],
    message: isWaiting
      ? `${from} depends on ${missing}, and there is no such issue`
      : `${table} has ${rows} of ${missing}, and there is no such issue`,
    known: [],
    next: command`bd restore --dry-run ${missing}`,
  };
}

function codeFinding(code: CodeChange): Finding {
  const key = codeKey(code);
  const what = code.change === "removed" ? "is missing" : "is nothing that a tracker has";
  const message = `${key} ${what}: ${code.definition}`;
  return { kind: "code", items: [key], message, known: [], next: command`bd dolt log` };
}

function unfinished({ dirty, unmerged }: WorkingSet, merging: boolean): Finding[] {
  if (merging || unmerged.length > 0) {
    const tables = unmerged.toSorted();
    const where = tables.length === 0 ? "" : `, in conflict in ${tables.join(", ")}`;
    const message = `another program began a merge and did not end it${where}; nothing can be written`;
    return [{ kind: "merge", items: tables, message, known: [], next: command`bd dolt status` }];
  }
  if (dirty.length === 0) return [];
  const message = `changes in ${dirty.join(", ")} are in no commit`;
  return [{ kind: "uncommitted", items: dirty, message, known: [], next: command`bd dolt commit` }];
}

function violationFinding({ table, count }: { readonly table: string; readonly count: number }): Finding {
  const rows = count === 1 ? "1 row" : `${count} rows`;
  const message = `${table} has ${rows} against a rule of the database`;
  return { kind: "violation", items: [table], message, known: [], next: command`bd dolt status` };
}
