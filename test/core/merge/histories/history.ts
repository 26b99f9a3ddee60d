import type { Row } from "../../../../src/core/merge/cell.ts";
import { jsonMembers } from "../../../../src/core/merge/merge-parts.ts";
import { keyText, type Snapshot, textOf } from "../../../../src/core/merge/snapshot.ts";
import type { Change, Dated } from "./change.ts";
import { type FileLine } from "./import-file.ts";
import { Ledger } from "./ledger.ts";
import { newIssue } from "./new-issue.ts";
import type { Random } from "./random.ts";
import { rowsOf, tagOf } from "./tables.ts";

/** Somebody's copy of the tracker. */
export interface HistoryClone {
  readonly actor: string;
  readonly snapshot: Snapshot;
  apply(change: Dated): void | Promise<void>;
}

export interface HistoryOptions {
  /** Whether issues are deleted and renamed too. */
  readonly deletions: boolean;
  readonly renames: boolean;
}

const START = Date.parse("2026-03-01T00:00:00Z");
const TITLES = ["Step 1", "Step 2", "Write tests", "Fix it"];
const LONG = "which is longer than a line, as people write when they explain at length what is wrong";

/** What several people do by chance, and the ledger of it. */
export class HistoryOfChanges {
  readonly ledger = new Ledger();
  readonly #random: Random;
  readonly #options: HistoryOptions;
  #seconds = 0;
  #made = 0;
  /** Links and labels that were made once are never made anew by somebody else. */
  readonly #once = new Set<string>();

  constructor(random: Random, options: HistoryOptions) {
    this.#random = random;
    this.#options = options;
  }

  /** Sometimes several things happen in one second. */
  now(): string {
    if (!this.#random.chance(0.15)) this.#seconds += 1;
    return new Date(START + this.#seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
  }

  newTag(): string {
    this.#made += 1;
    return `#${this.#made}`;
  }

  async step(clone: HistoryClone): Promise<void> {
    const target = this.#random.pick(rowsOf(clone.snapshot, "issues"));
    if (this.#random.chance(0.03)) return this.#do(clone, this.#setting());
    if (target === undefined || this.#random.chance(0.3)) return this.#create(clone);
    const change = this.#touch(target, clone);
    if (change !== undefined) await this.#do(clone, { ...change, now: this.now() });
  }

  async #do(clone: HistoryClone, change: Dated): Promise<void> {
    this.ledger.note(change, clone.snapshot);
    await clone.apply(change);
  }

  async #create(clone: HistoryClone): Promise<void> {
    const [random, now] = [this.#random, this.now()];
    // Two machines of one person, at times.
    const by = random.chance(0.2) ? "ann" : clone.actor;
    const made = { ...newIssue(clone.snapshot, random), by, now, kind: "create" as const };
    const create = () => this.#do(clone, { ...made, tag: this.newTag(), title: this.#title(), event: random.uuid() });
    if (clone.snapshot.get("issues")?.has(keyText([made.id])) === true) return;
    await create();
    if (!this.#options.deletions || made.parent !== undefined || !random.chance(0.1)) return;
    // Deleted and made anew in the same second, under the same id, by the same person.
    await this.#do(clone, { kind: "remove", id: made.id, now });
    await create();
  }

  #title(): string {
    return this.#random.pick(TITLES) ?? "";
  }

  #setting(): Dated {
    this.#seconds += 1;
    const value = `v${this.#random.below(1e9)}`;
    return { kind: "configure", key: this.#random.pick(["theme", "issue_prefix"]) ?? "", value, now: this.now() };
  }

  #touch(row: Row, { actor, snapshot }: HistoryClone): Change | undefined {
    const [dice, id, tag] = [this.#random.next(), textOf(row, "id"), tagOf(row)];
    if (dice < 0.2) return { kind: "comment", id, uuid: this.#random.uuid(), text: this.#text(tag) };
    if (dice < 0.25) return { kind: "note", id, uuid: this.#random.uuid() };
    if (dice < 0.6) return this.#edit(row, snapshot);
    if (dice < 0.78) return this.#label(id, `${tag} ${actor}`, snapshot);
    if (dice < 0.88) return this.#link(row, snapshot);
    if (dice < 0.95) return this.#options.deletions ? { kind: "remove", id } : undefined;
    return this.#options.renames ? { kind: "rename", id, newId: `x-r${this.#random.below(1e9)}` } : undefined;
  }

  #text(tag: string): string {
    const text = `${tag} n${this.#random.below(1e9)}`;
    return this.#random.chance(0.4) ? `${text} ${LONG}` : text;
  }

  /** Each label belongs to one person, who puts it on and takes it off again. */
  #label(id: string, owner: string, snapshot: Snapshot): Change {
    const label = `${owner} ${this.#random.below(3)}`;
    return { kind: snapshot.get("labels")?.has(keyText([id, label])) === true ? "unlabel" : "label", id, label };
  }

  #link(row: Row, snapshot: Snapshot): Change | undefined {
    const [id, issues] = [textOf(row, "id"), rowsOf(snapshot, "issues")];
    const [on, thread] = [this.#random.pick(issues), this.#random.pick(issues)];
    if (on === undefined || tagOf(on) === tagOf(row)) return undefined;
    const target = textOf(on, "id");
    const known = snapshot.get("dependencies")?.get(keyText([id, target]));
    if (known?.["type"] === "related") return { kind: "unlink", id, on: target };
    const name = `${tagOf(row)} ${tagOf(on)}`;
    if (known !== undefined || this.#once.has(name)) return undefined;
    this.#once.add(name);
    return { kind: "link", id, on: target, thread: textOf(thread, "id") };
  }

  #edit(row: Row, snapshot: Snapshot): Change | undefined {
    const [dice, id, tag] = [this.#random.next(), textOf(row, "id"), tagOf(row)];
    // Whether a copy of it is the same one is told by its dates.
    if (this.ledger.get(tag).isDateless) return undefined;
    if (dice < 0.3) return { kind: "edit", id, cells: { notes: this.#text(tag) } };
    if (dice < 0.45) return { kind: "edit", id, cells: { title: this.#title() } };
    if (dice < 0.55) return { kind: "edit", id, cells: { priority: 3 + this.#random.below(1e9) } };
    if (dice < 0.65) {
      return { kind: "edit", id, cells: { hook_bead: textOf(this.#random.pick(rowsOf(snapshot, "issues")), "id") } };
    }
    if (dice < 0.8) return { kind: "edit", id, cells: { metadata: this.#metadata(row) } };
    return { kind: "edit", id, cells: this.#status(row) };
  }

  /** A key that was removed once is never set again. */
  #metadata(row: Row): string {
    const [members, key] = [new Map(jsonMembers(row["metadata"])), this.#random.pick(["a", "b", "c"]) ?? ""];
    if (members.has(key) && this.#random.chance(0.2)) members.delete(key);
    else if (!this.ledger.get(tagOf(row)).removedKeys.has(key))
      members.set(key, JSON.stringify(this.#text(tagOf(row))));
    return `{${[...members].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
  }

  #status(row: Row): Row {
    if (row["status"] === "closed") return { status: "open", closed_at: null, close_reason: "" };
    if (this.#random.chance(0.4)) return { status: `stage ${this.#random.below(1e9)}` };
    const at = new Date(START + this.#seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
    return { status: "closed", closed_at: at, close_reason: this.#text(tagOf(row)) };
  }

  noteImport(lines: readonly FileLine[]): void {
    this.ledger.noteImport(lines);
  }
}
