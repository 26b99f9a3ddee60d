import type { Row } from "../../../../src/core/merge/cell.ts";
import { jsonMembers } from "../../../../src/core/merge/merge-parts.ts";
import { keyText, type Snapshot, textOf } from "../../../../src/core/merge/snapshot.ts";
import type { Dated } from "./change.ts";
import type { FileLine } from "./import-file.ts";
import { rowsOf, tagOf } from "./tables.ts";

/** A value that a cell was given, or several of one second. */
export interface Newest {
  readonly at: string;
  readonly values: readonly string[];
}

/** What was made of one issue, by whoever it was, kept apart from all rules. */
export interface Entry {
  readonly tag: string;
  readonly comments: Set<string>;
  readonly notes: Set<string>;
  readonly labels: Map<string, boolean>;
  /** By column, and by `metadata.<key>`. */
  readonly cells: Map<string, Newest>;
  readonly removedKeys: Set<string>;
  /** By the tag of the issue that it is linked to, the tag of the thread; undefined where the link was removed. */
  readonly links: Map<string, string | undefined>;
  /** Tags of the issues that it was hooked to. */
  readonly hooks: Set<string>;
  /** Time and reason of each closing. */
  readonly closings: Set<string>;
  /** Texts longer than a line. */
  readonly texts: Set<string>;
  reopened: boolean;
  children: number;
  deleted: boolean;
  renamed: boolean;
  /** How often it was taken in from a file. */
  imports: number;
  /** Whether nothing but its title tells that two copies of it are one. */
  readonly isDateless: boolean;
}

/** What everybody did, whatever they knew of each other. */
export class Ledger {
  readonly entries = new Map<string, Entry>();
  /** Texts that somebody replaced who had seen them. */
  readonly replaced = new Set<string>();
  readonly settings = new Map<string, Newest>();
  readonly #births = new Map<string, string[]>();
  readonly #twins = new Map<string, string[]>();

  get hasDeletions(): boolean {
    return [...this.entries.values()].some(({ deleted }) => deleted);
  }

  get(tag: string): Entry {
    const entry = this.entries.get(tag);
    if (entry === undefined) throw new Error(`nobody made ${tag}`);
    return entry;
  }

  /**
   * What one deleted and another took in from a file may be there or not. What one renamed before another took it in
   * under the id of the file is another one there. And of two that one person made in one second under one id, a file
   * does not tell which it has.
   */
  isUnsure(tag: string): boolean {
    const { imports, deleted, renamed } = this.get(tag);
    const twins = this.#twins.get(tag) ?? [];
    return (
      (imports > 0 && (deleted || renamed)) || (twins.length > 1 && twins.some((twin) => this.get(twin).imports > 0))
    );
  }

  noteImport(lines: readonly FileLine[]): void {
    for (const { tag, createdAt, comments } of lines) {
      const entry = this.entries.get(tag) ?? newEntry(tag, createdAt === undefined);
      this.entries.set(tag, entry);
      entry.imports += 1;
      for (const { text } of comments) if (!text.startsWith("Lost in a merge")) entry.comments.add(text);
    }
  }

  /** `before` is what stood where the change was made. */
  note(change: Dated, before: Snapshot): void {
    const tagAtId = (id: string) => tagAt(before, id);
    if (change.kind === "create") {
      this.entries.set(change.tag, newEntry(change.tag, false));
      const birth = keyText([change.id, change.by, change.now]);
      const twins = this.#births.get(birth) ?? [];
      this.#births.set(birth, twins);
      twins.push(change.tag);
      this.#twins.set(change.tag, twins);
      if (change.parent === undefined) return;
      const parent = this.get(tagAtId(change.parent.id));
      parent.children = Math.max(parent.children, change.parent.number);
      this.get(change.tag).links.set(parent.tag, "");
      return;
    }
    if (change.kind === "configure") {
      this.settings.set(change.key, { at: change.now, values: [change.value] });
      return;
    }
    const entry = this.get(tagAtId(change.id));
    if (change.kind === "edit") this.#noteEdit(entry, change, before);
    else if (change.kind === "comment") entry.comments.add(change.text);
    else if (change.kind === "note") entry.notes.add(change.uuid);
    else if (change.kind === "label" || change.kind === "unlabel")
      entry.labels.set(change.label, change.kind === "label");
    else if (change.kind === "link") entry.links.set(tagAtId(change.on), tagAtId(change.thread));
    else if (change.kind === "unlink") entry.links.set(tagAtId(change.on), undefined);
    else if (change.kind === "remove") entry.deleted = true;
    else if (change.kind === "rename") entry.renamed = true;
  }

  #noteEdit(entry: Entry, { id, cells, now }: Dated & { readonly kind: "edit" }, before: Snapshot): void {
    const row = before.get("issues")?.get(keyText([id])) ?? {};
    for (const [column, value] of Object.entries(valuesIn(cells))) {
      const old = valuesIn(row)[column] ?? "";
      if (old === value) continue;
      if (isLong(old)) this.replaced.add(old);
      if (isLong(value)) entry.texts.add(value);
      const known = entry.cells.get(column);
      entry.cells.set(column, { at: now, values: known?.at === now ? [...known.values, value] : [value] });
    }
    const metadata = jsonMembers(cells["metadata"]);
    for (const key of cells["metadata"] === undefined ? [] : (jsonMembers(row["metadata"])?.keys() ?? [])) {
      if (metadata?.has(key) === true) continue;
      entry.removedKeys.add(key);
      this.replaced.add(valuesIn(row)[`metadata.${key}`] ?? "");
    }
    if (cells["status"] === "closed") entry.closings.add(closingOf(cells));
    if (row["status"] === "closed" && cells["status"] !== undefined) entry.reopened = true;
    entry.cells.set("updated_at", { at: now, values: [now] });
    if (cells["hook_bead"] !== undefined) entry.hooks.add(tagAt(before, textOf(cells, "hook_bead")));
  }
}

function newEntry(tag: string, isDateless: boolean): Entry {
  return {
    tag,
    comments: new Set(),
    notes: new Set(),
    labels: new Map(),
    cells: new Map(),
    removedKeys: new Set(),
    links: new Map(),
    hooks: new Set(),
    closings: new Set(),
    texts: new Set(),
    reopened: false,
    children: 0,
    deleted: false,
    renamed: false,
    imports: 0,
    isDateless,
  };
}

export function closingOf(row: Row): string {
  return `${textOf(row, "closed_at")} ${textOf(row, "close_reason")}`;
}

function isLong(text: string): boolean {
  return text.length > 80;
}

/** The cells as texts, with those of metadata by key. */
export function valuesIn({ metadata, ...cells }: Row): Record<string, string> {
  const plain = Object.keys(cells).map((column) => [column, textOf(cells, column)] as const);
  const keys = [...(jsonMembers(metadata) ?? [])].map(
    ([key, json]) => [`metadata.${key}`, String(JSON.parse(json))] as const,
  );
  return Object.fromEntries([...plain, ...keys]);
}

/** The tag of the issue that has the id, by the tables. */
export function tagsById(snapshot: Snapshot): Map<string, string> {
  return new Map(rowsOf(snapshot, "issues").map((row) => [textOf(row, "id"), tagOf(row)]));
}

function tagAt(snapshot: Snapshot, id: string): string {
  return tagOf(snapshot.get("issues")?.get(keyText([id])));
}
