import type { Row } from "../../../../src/core/merge/cell.ts";
import { alignSnapshots } from "../../../../src/core/merge/merge-snapshots.ts";
import { mergeVersions } from "../../../../src/core/merge/merge-versions.ts";
import { keyText, type Snapshot, textOf } from "../../../../src/core/merge/snapshot.ts";
import { issueRow } from "./change.ts";
import type { Random } from "./random.ts";
import { type Draft, draftOf, KEYS, put, rowsOf, tagOf } from "./tables.ts";

/** An issue in a file that programs take in. Dates are as in the file. */
export interface FileLine {
  readonly tag: string;
  readonly row: Row;
  readonly createdAt: string | undefined;
  readonly updatedAt: string;
  readonly comments: readonly FileComment[];
}

export interface FileComment {
  /** Files of other programs have none. */
  readonly uuid: string | undefined;
  readonly text: string;
  readonly at: string;
}

/** Two programs that take in files. One cuts fractions of a second and fills in the last change, the other doesn't. */
export type Program = "ours" | "peer";

interface Import {
  readonly lines: readonly FileLine[];
  readonly program: Program;
  readonly now: string;
  readonly random: Random;
}

/** The tables after an import. */
export function imported(snapshot: Snapshot, taken: Import): Draft {
  return taken.program === "ours" ? importedByRules(snapshot, taken) : importedByRow(snapshot, taken);
}

/** An import is a merge without a base; what was there wins. */
function importedByRules(snapshot: Snapshot, taken: Import): Draft {
  const file = fileTables(taken.lines, taken);
  const alignment = alignSnapshots({ base: new Map(), ours: snapshot, theirs: file }, KEYS);
  const merged = draftOf(mergeVersions(alignment, KEYS, { prefer: "ours" }).rows);
  for (const table of snapshot.keys()) if (!merged.has(table)) merged.set(table, new Map());
  const known = new Set(alignment.issues.flatMap(({ in: { ours, theirs } }) => (ours && theirs ? [theirs.id] : [])));
  for (const event of rowsOf(file, "events")) {
    // Who was here before does not arrive.
    if (known.has(textOf(event, "issue_id"))) merged.get("events")?.delete(keyText([event["id"]]));
  }
  return merged;
}

/** As a program imports that looks at ids alone: what has none of those that are taken is added. */
function importedByRow(snapshot: Snapshot, taken: Import): Draft {
  const draft = draftOf(snapshot);
  const rows = rowsOf(snapshot, "issues");
  const [ids, tags] = [new Set(rows.map((row) => row["id"])), new Set(rows.map(tagOf))];
  const isNew = ({ row, tag, createdAt = "" }: FileLine) =>
    // An issue that had to move it would take in a second time, under its old id; nothing tells these apart then.
    !ids.has(row["id"]) && !tags.has(tag) && createdAt.slice(0, 19) < secondBefore(taken.now);
  const added = fileTables(taken.lines.filter(isNew), taken);
  for (const [table, own] of added) for (const row of own.values()) put(draft, table, row);
  return draft;
}

/** What a program takes in within a second of its creation looks as if it was made there. */
function secondBefore(now: string): string {
  return new Date(Date.parse(`${now}Z`) - 1000).toISOString().slice(0, 19);
}

function fileTables(lines: readonly FileLine[], { program, now, random }: Omit<Import, "lines">): Draft {
  const tables: Draft = new Map();
  for (const { tag, row, createdAt, updatedAt, comments } of lines) {
    const updated = stored(updatedAt, program);
    const filledIn = program === "ours" ? updated : now;
    const created = createdAt === undefined ? filledIn : stored(createdAt, program);
    put(tables, "issues", issueRow({ ...row, owner: tag, created_at: created, updated_at: updated }));
    const arrived = program === "ours" ? laterThan(created, now) : now;
    put(tables, "events", { id: random.uuid(), issue_id: row["id"], event_type: "created", created_at: arrived });
    for (const { uuid, text, at } of comments) {
      const id = (program === "ours" ? uuid : undefined) ?? random.uuid();
      put(tables, "comments", { id, issue_id: row["id"], author: "x", text, created_at: stored(at, program) });
    }
  }
  return tables;
}

/** Two seconds later at least, so that an arrival is never taken for a creation. */
function laterThan(created: string, now: string): string {
  const earliest = stored(new Date(Date.parse(`${created}Z`) + 2000).toISOString(), "ours");
  return now > earliest ? now : earliest;
}

function stored(time: string, program: Program): string {
  const milliseconds = Date.parse(time);
  const seconds = program === "ours" ? Math.floor(milliseconds / 1000) : Math.round(milliseconds / 1000);
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** A file with all issues of a tracker. */
export function exported(snapshot: Snapshot): FileLine[] {
  const comments = Map.groupBy(rowsOf(snapshot, "comments"), (row) => textOf(row, "issue_id"));
  return rowsOf(snapshot, "issues").map((row) => ({
    tag: tagOf(row),
    row,
    createdAt: wireTime(row, "created_at"),
    updatedAt: wireTime(row, "updated_at"),
    comments: (comments.get(textOf(row, "id")) ?? []).map((one) => ({
      uuid: textOf(one, "id"),
      text: textOf(one, "text"),
      at: wireTime(one, "created_at"),
    })),
  }));
}

function wireTime(row: Row, column: string): string {
  return `${textOf(row, column).replace(" ", "T")}Z`;
}
