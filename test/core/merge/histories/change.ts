import type { Row } from "../../../../src/core/merge/cell.ts";
import { ISSUE_ID_COLUMNS, ownerColumns } from "../../../../src/core/merge/issue-references.ts";
import { TOMBSTONES, tombstoneRow } from "../../../../src/core/merge/known-issues.ts";
import { appearancesIn } from "../../../../src/core/merge/same-issue.ts";
import { keyText, textOf } from "../../../../src/core/merge/snapshot.ts";
import { type Draft, put, removeRows } from "./tables.ts";

/** What somebody does to a tracker in one commit. */
export type Change =
  | {
      readonly kind: "create";
      readonly id: string;
      readonly tag: string;
      readonly title: string;
      readonly by: string;
      readonly event: string;
      /** Where it is the next child of another. */
      readonly parent?: { readonly id: string; readonly number: number } | undefined;
    }
  | { readonly kind: "edit"; readonly id: string; readonly cells: Row }
  | { readonly kind: "comment"; readonly id: string; readonly uuid: string; readonly text: string }
  | { readonly kind: "note"; readonly id: string; readonly uuid: string }
  | { readonly kind: "configure"; readonly key: string; readonly value: string }
  | { readonly kind: "label" | "unlabel"; readonly id: string; readonly label: string }
  | { readonly kind: "link"; readonly id: string; readonly on: string; readonly thread: string }
  | { readonly kind: "unlink"; readonly id: string; readonly on: string }
  | { readonly kind: "remove"; readonly id: string }
  | { readonly kind: "rename"; readonly id: string; readonly newId: string };

/** Times are `YYYY-MM-DD HH:MM:SS`. */
export type Dated = Change & { readonly now: string };

type Of<Kind extends Change["kind"]> = Dated & { readonly kind: Kind };

/** The change as it is made in memory. */
export function applyChange(draft: Draft, change: Dated): void {
  switch (change.kind) {
    case "create":
      return create(draft, change);
    case "edit":
      return edit(draft, change);
    case "comment":
      return comment(draft, change);
    case "note":
      return note(draft, change);
    case "configure":
      return put(draft, "config", { key: change.key, value: change.value });
    case "label":
      return put(draft, "labels", { issue_id: change.id, label: change.label });
    case "unlabel":
      return removeRows(draft, "labels", (row) => row["issue_id"] === change.id && row["label"] === change.label);
    case "link":
      return link(draft, change);
    case "unlink":
      return unlink(draft, change);
    case "remove":
      return removeIssue(draft, change.id);
    case "rename":
      return renameIssue(draft, change.id, change.newId);
  }
}

const EMPTY = {
  notes: "",
  status: "open",
  closed_at: null,
  close_reason: "",
  priority: 2,
  metadata: "{}",
  hook_bead: "",
};

export function issueRow(row: Row): Row {
  return { ...EMPTY, ...row };
}

function create(draft: Draft, { id, tag, title, by, event, parent, now }: Of<"create">): void {
  const dates = { created_by: by, created_at: now, updated_at: now };
  put(draft, "issues", issueRow({ id, title, owner: tag, ...dates }));
  put(draft, "events", { id: event, issue_id: id, event_type: "created", actor: by, created_at: now });
  if (parent === undefined) return;
  put(draft, "child_counters", { parent_id: parent.id, last_child: parent.number });
  put(draft, "dependencies", { issue_id: id, depends_on_id: parent.id, type: "parent-child", thread_id: "" });
}

function edit(draft: Draft, { id, cells, now }: Of<"edit">): void {
  const row = draft.get("issues")?.get(keyText([id]));
  if (row !== undefined) put(draft, "issues", { ...row, ...cells, updated_at: now });
}

function comment(draft: Draft, { id, uuid, text, now }: Of<"comment">): void {
  put(draft, "comments", { id: uuid, issue_id: id, author: "x", text, created_at: now });
}

function note(draft: Draft, { id, uuid, now }: Of<"note">): void {
  put(draft, "interactions", { id: uuid, kind: "note", issue_id: id, created_at: now });
  put(draft, "events", { id: `${uuid} noted`, issue_id: id, event_type: "noted", created_at: now });
}

function link(draft: Draft, { id, on, thread }: Of<"link">): void {
  put(draft, "dependencies", { issue_id: id, depends_on_id: on, type: "related", thread_id: thread });
}

function unlink(draft: Draft, { id, on }: Of<"unlink">): void {
  removeRows(draft, "dependencies", (row) => row["issue_id"] === id && row["depends_on_id"] === on);
}

/** As foreign keys take along what belongs to an issue. */
function removeIssue(draft: Draft, id: string): void {
  const dead = appearancesIn("ours", draft).find((one) => one.id === id);
  if (dead !== undefined && draft.has(TOMBSTONES)) {
    const { wanted, createdBy, createdAt, fresh, level } = dead;
    const [ext = ""] = [...fresh].toSorted();
    put(draft, TOMBSTONES, tombstoneRow({ wanted, createdBy, createdAt, ext }, level));
  }
  for (const table of Object.keys(ISSUE_ID_COLUMNS)) {
    const columns = ownerColumns(table);
    removeRows(draft, table, (row) => columns.some((column) => row[column] === id));
  }
}

function renameIssue(draft: Draft, id: string, newId: string): void {
  for (const [table, columns] of Object.entries(ISSUE_ID_COLUMNS)) {
    // What is put there meanwhile has the new id.
    for (const [key, row] of draft.get(table) ?? []) {
      const named = columns.filter((column) => textOf(row, column) === id);
      if (named.length === 0) continue;
      draft.get(table)?.delete(key);
      put(draft, table, { ...row, ...Object.fromEntries(named.map((column) => [column, newId])) });
    }
  }
}
