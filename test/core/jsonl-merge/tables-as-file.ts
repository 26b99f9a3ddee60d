import type { Row } from "../../../src/core/merge/cell.ts";
import { jsonMembers } from "../../../src/core/merge/merge-parts.ts";
import { keyText, type Snapshot, textOf } from "../../../src/core/merge/snapshot.ts";
import type { Dated } from "../merge/histories/change.ts";
import type { HistoryClone } from "../merge/histories/history.ts";
import type { MemoryClone } from "../merge/histories/memory-clone.ts";
import { rowsOf } from "../merge/histories/tables.ts";

const wireTime = (text: string) => `${text.replace(" ", "T")}Z`;

export type Made = Dated & { readonly kind: "create" };

/** A clone that also leaves a tombstone in its file for what is deleted. */
export class FiledClone implements HistoryClone {
  readonly clone: MemoryClone;
  readonly tombstones: Map<string, object>;
  readonly made: Made[] = [];

  constructor(clone: MemoryClone, tombstones: ReadonlyMap<string, object> = new Map()) {
    this.clone = clone;
    this.tombstones = new Map(tombstones);
  }

  get actor(): string {
    return this.clone.actor;
  }

  get snapshot(): Snapshot {
    return this.clone.snapshot;
  }

  apply(change: Dated): void {
    if (change.kind === "create") this.made.push(change);
    const row = change.kind === "remove" ? this.snapshot.get("issues")?.get(keyText([change.id])) : undefined;
    if (row !== undefined) {
      const at = wireTime(change.now);
      const { id, title, owner, created_by, created_at } = lineOf(this.snapshot, row);
      const born = { id, title, owner, created_by, created_at };
      this.tombstones.set(String(id), { ...born, status: "tombstone", updated_at: at, deleted_at: at });
    }
    this.clone.apply(change);
  }

  /** Its file; undefined where another issue has the id of a deleted one, for which a file has one line. */
  file(): string | undefined {
    const lines = rowsOf(this.snapshot, "issues").map((row) => lineOf(this.snapshot, row));
    if (lines.some(({ id }) => this.tombstones.has(String(id)))) return undefined;
    return [...lines, ...this.tombstones.values()].map((line) => `${JSON.stringify(line)}\n`).join("");
  }
}

function lineOf(snapshot: Snapshot, row: Row): Record<string, unknown> {
  const id = textOf(row, "id");
  const parts = (table: string) => rowsOf(snapshot, table).filter((part) => part["issue_id"] === id);
  const own = Object.entries(row).map(([name, value]) => [
    name,
    name.endsWith("_at") && value !== null ? wireTime(String(value)) : value,
  ]);
  return {
    ...Object.fromEntries(own.filter(([, value]) => value !== null && value !== "")),
    metadata: JSON.parse(textOf(row, "metadata")),
    labels: parts("labels").map(({ label }) => label),
    dependencies: parts("dependencies"),
    comments: parts("comments").map((one) => ({ ...one, created_at: wireTime(textOf(one, "created_at")) })),
  };
}

/** All that is said of an issue, one cell each: a label, an edge and a comment are cells too. Issues go by their tags. */
export type Cells = ReadonlyMap<string, string>;

export function cellsOf(snapshot: Snapshot): Map<string, Cells> {
  const lines = rowsOf(snapshot, "issues").map((row) => lineOf(snapshot, row));
  return cellsOfLines(lines);
}

export function cellsOfFile(file: string): Map<string, Cells> {
  const lines: Record<string, unknown>[] = file
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return cellsOfLines(lines.filter(({ status }) => status !== "tombstone"));
}

type Part = Readonly<Record<string, string>>;

function cellsOfLines(lines: readonly Record<string, unknown>[]): Map<string, Cells> {
  const tags = new Map(lines.map((line) => [String(line["id"]), String(line["owner"])]));
  const listIn = (line: Record<string, unknown>, name: string): readonly Part[] => {
    const list = line[name];
    return Array.isArray(list) ? list : [];
  };
  return new Map(
    lines.map((line) => {
      const {
        id: _id,
        labels = [],
        dependencies: _edges,
        comments: _comments,
        metadata,
        hook_bead: hook,
        ...fields
      } = line;
      const cells = new Map(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]));
      // What the issue names by the way may be gone.
      if (tags.has(String(hook))) cells.set("hook_bead", tags.get(String(hook)) ?? "");
      for (const [key, value] of jsonMembers(JSON.stringify(metadata ?? {})) ?? []) cells.set(`metadata.${key}`, value);
      for (const label of Array.isArray(labels) ? labels : []) cells.set(`label ${String(label)}`, "");
      for (const edge of listIn(line, "dependencies")) {
        const target = tags.get(edge["depends_on_id"] ?? "");
        if (target !== undefined) cells.set(`edge ${target}`, edge["type"] ?? "");
      }
      // Texts that lost: which those are depends on who was later.
      for (const { author, id = "", text = "" } of listIn(line, "comments")) {
        if (author !== "bd") cells.set(`comment ${id}`, text);
      }
      return [String(line["owner"]), cells];
    }),
  );
}
