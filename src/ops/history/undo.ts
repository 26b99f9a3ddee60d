import * as z from "zod/mini";
import { commitAuthor } from "../../core/actor.ts";
import { type Change, changeSchema } from "../../core/changes/change-event.ts";
import { changesOf } from "../../core/changes/changes-of.ts";
import type { HistoryCommit } from "../../core/changes/issue-history.ts";
import type { RowChange } from "../../core/changes/row-change.ts";
import { STATE_TABLES } from "../../core/changes/state-tables.ts";
import type { Row } from "../../core/merge/cell.ts";
import { textOf } from "../../core/merge/snapshot.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { fromWireTime, toWireTime } from "../../core/time/wire-time.ts";
import type { Clash } from "../../core/undo/reversal.ts";
import { BdError, type CommandLine, command } from "../../errors.ts";
import { planUndo, type UndoPlan, undoWrites } from "../../federation/undo.ts";
import { historyCommits } from "../../store/changes/history-commits.ts";
import { madeBySession, madeWithoutSession } from "../../store/protocol/dolt-commit.ts";
import { insertEvents } from "../../store/queries/write-events.ts";
import { ISSUES } from "../../store/queries/write-issues.ts";
import type { Reader } from "../../store/session-types.ts";
import { sql } from "../../store/sql.ts";
import type { ReadContext } from "../context.ts";
import { requireCommit } from "../dolt/require-commit.ts";
import { defineOperation } from "../operation.ts";
import { commitHash } from "../wire/formats.ts";

const UndoInput = z.strictObject({
  /** A commit's hash, or its beginning. Default: the last one of the actor and the session; without one, it is refused where that is a session's. */
  commit: z.optional(z.string()),
  dry_run: z.boolean(),
});

export interface UndoResult {
  readonly commit: HistoryCommit;
  /** What undoing it changes; nothing where all is as before it already. */
  readonly changes: readonly Change[];
  readonly dryRun: boolean;
}

/**
 * Takes back what a commit did, cell by cell, as a new commit; undoing that does it again. Throws BdError not-found
 * COMMIT_NOT_FOUND, rejected NOTHING_TO_UNDO, UNDO_OTHER_SESSION, UNDO_MERGE, UNDO_OTHER_TABLES, conflict UNDO_CHANGED_SINCE.
 */
export const undoCommit = defineOperation({
  name: "history.undo",
  access: "write",
  input: UndoInput,
  async run(context, { commit: name, dry_run: dryRun }: z.infer<typeof UndoInput>): Promise<UndoResult> {
    const commit = await commitToUndo(context, name);
    if (dryRun) {
      const plan = await context.read((reader) => requirePlan(reader, commit));
      return { commit, changes: saidOf(plan), dryRun };
    }
    const actor = (await context.actor()).name;
    const changes = await context.write(messageOf(commit), async (tx) => {
      const found = await requirePlan(tx, commit);
      const plan = changedNow(found, tx.now());
      if (plan.changes.size > 0) {
        await tx.all([
          ...undoWrites(plan),
          ...eventsOf(plan, commit, { actor, at: toWireTime(tx.now()), newId: context.newId }),
        ]);
      }
      return saidOf(plan);
    });
    return { commit, changes, dryRun };
  },
  wire: {
    of: ({ commit, changes, dryRun }) => ({
      commit: commit.hash,
      author: commit.actor,
      message: commit.message,
      ...(dryRun ? { dry_run: true } : {}),
      changes,
    }),
    schema: () =>
      z.looseObject({
        commit: commitHash(),
        author: z.string(),
        message: z.string(),
        dry_run: z.optional(z.literal(true)),
        changes: z.array(changeSchema),
      }),
  },
});

async function commitToUndo(context: ReadContext, name: string | undefined): Promise<HistoryCommit> {
  if (name !== undefined) return context.read((reader) => commitNamed(reader, name));
  const actor = await context.actor();
  const session = await context.claimSession();
  const author = commitAuthor(actor).replace(/ <[^<>]*>$/, "");
  const own = sql`AND committer = ${author}`;
  const [[commit], [last]] = await context.read((reader) =>
    reader.all([
      historyCommits(sql`${own} ${session === undefined ? madeWithoutSession : madeBySession(session)} LIMIT 1`),
      historyCommits(sql`${own} LIMIT 1`),
    ]),
  );
  // Several agents may have one name: who names no session may not have meant what a session did last.
  if (session === undefined && last !== undefined && last.hash !== commit?.hash) throw ofSession(actor.name, last);
  if (commit !== undefined) return commit;
  const who = session === undefined ? actor.name : `${actor.name} in session ${session}`;
  throw new BdError("rejected", "NOTHING_TO_UNDO", `no commit of the history is by ${who}; name one`, {
    hint: command`bd dolt log`,
    details: { actor: actor.name, ...(session === undefined ? {} : { session }) },
  });
}

function ofSession(name: string, { hash, message }: HistoryCommit): BdError {
  return new BdError(
    "rejected",
    "UNDO_OTHER_SESSION",
    `the last command by ${name} is a session's (${message}), and this one names none: name the commit, or the session in BD_SESSION`,
    { hint: command`bd undo --dry-run ${hash.slice(0, 12)}`, details: { actor: name, commit: hash } },
  );
}

async function commitNamed(reader: Reader, name: string): Promise<HistoryCommit> {
  const hash = await requireCommit(reader, name);
  const [[commit]] = await reader.all([historyCommits(sql`AND commit_hash = ${hash}`)]);
  if (commit !== undefined) return commit;
  throw new BdError("not-found", "COMMIT_NOT_FOUND", `commit ${hash} was fetched, and is not part of our history`, {
    hint: command`bd dolt pull --dry-run`,
    details: { commit: hash },
  });
}

async function requirePlan(reader: Reader, commit: HistoryCommit): Promise<UndoPlan> {
  const { hash, parents } = commit;
  const name = `commit ${hash.slice(0, 8)} (${commit.message})`;
  if (parents.length > 1) {
    throw new BdError("rejected", "UNDO_MERGE", `${name} is a merge; undo the commits that it brought, one by one`, {
      hint: command`bd dolt log`,
      details: { commit: hash, parents },
    });
  }
  const plan: Awaited<ReturnType<typeof planUndo>> =
    parents.length === 0 ? { forms: [], others: ["every table"] } : await planUndo(reader, commit);
  if ("forms" in plan) {
    const tables = [...new Set([...plan.forms, ...plan.others])];
    const message = `${name} made or changed more than a tracker's issues and settings: ${tables.join(", ")}`;
    throw new BdError("rejected", "UNDO_OTHER_TABLES", message, {
      hint: command`bd dolt log`,
      details: { commit: hash, tables },
    });
  }
  if (plan.clashes.length > 0) throw changedSince(name, commit, plan.clashes);
  return plan;
}

/** So many clashes stand in the message; all are in the details. */
const NAMED = 5;

function changedSince(name: string, { hash }: HistoryCommit, clashes: readonly Clash[]): BdError {
  const words = clashes.map(({ table, item, field }) => `${item} ${field ?? `(${table})`}`);
  const others = words.length > NAMED ? ` and ${words.length - NAMED} more` : "";
  const message = `${name} can't be undone: somebody changed since ${words.slice(0, NAMED).join(", ")}${others}`;
  const issue = clashes.find(({ table }) => table !== "config")?.item;
  const wisp = clashes.find(({ table }) => table === "wisps")?.item;
  return new BdError("conflict", "UNDO_CHANGED_SINCE", message, {
    hint: hintFor(issue, wisp),
    details: {
      commit: hash,
      cells: clashes.map(({ table, item, field }) => ({ table, item, ...(field === undefined ? {} : { field }) })),
    },
  });
}

function hintFor(issue: string | undefined, wisp: string | undefined): CommandLine {
  if (wisp !== undefined) return command`bd update --persistent ${wisp}`;
  return issue === undefined ? command`bd dolt log` : command`bd history ${issue}`;
}

/** Undoing is a change, too, which is never older than the one before. */
function changedNow(plan: UndoPlan, now: Date): UndoPlan {
  const issues = plan.changes.get("issues");
  if (issues === undefined) return plan;
  const dated = ({ before, after }: RowChange): RowChange => ({ before, after: after && datedRow(after, before, now) });
  return {
    ...plan,
    changes: new Map([...plan.changes, ["issues", new Map([...issues].map(([key, change]) => [key, dated(change)]))]]),
  };
}

function datedRow(row: Row, before: Row | undefined, now: Date): Row {
  const last = [row, before].map((one) => textOf(one, "updated_at")).filter((time) => time !== "");
  return { ...row, updated_at: fromWireTime(changeTime(now, ...last.map(toWireTime))) };
}

function saidOf({ changes, titles }: UndoPlan): Change[] {
  const state = STATE_TABLES.flatMap((table) => {
    const rows = changes.get(table);
    return rows === undefined ? [] : [[table, rows] as const];
  });
  return changesOf({ rows: new Map(state), moved: new Map(), replaced: new Set(), titles });
}

/** One for each issue that is there and was changed; of one that comes back, its own come back too. */
function eventsOf(
  plan: UndoPlan,
  { hash }: HistoryCommit,
  source: Parameters<typeof insertEvents>[2],
): ReturnType<typeof insertEvents>[] {
  const gone = new Set(
    [...(plan.changes.get("issues")?.values() ?? [])].flatMap(({ before, after }) =>
      after ? [] : textOf(before, "id"),
    ),
  );
  const ids = new Set(saidOf(plan).flatMap((change) => ("issue_id" in change ? change.issue_id : [])));
  const events = [...ids]
    .filter((id) => !gone.has(id))
    .map((id) => ({ issue_id: id, event_type: "updated" as const, comment: `Undid commit ${hash}` }));
  return events.length === 0 ? [] : [insertEvents(ISSUES, events, source)];
}

const LONGEST = 200;

/** Of an undo that is undone, what is done again; so messages never nest. */
function messageOf({ hash, message }: HistoryCommit): string {
  const [, verb, first, what] = /^bd: (undo|redo) ([0-9a-v]{8}): (.*)$/.exec(message) ?? [];
  const said =
    verb === undefined
      ? `bd: undo ${hash.slice(0, 8)}: ${message}`
      : `bd: ${verb === "undo" ? "redo" : "undo"} ${first}: ${what}`;
  return said.slice(0, LONGEST);
}
