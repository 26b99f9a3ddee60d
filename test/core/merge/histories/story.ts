import { textOf } from "../../../../src/core/merge/snapshot.ts";
import type { Change } from "./change.ts";
import { violations } from "./check-ledger.ts";
import { Commits } from "./commits.ts";
import { Ledger } from "./ledger.ts";
import { MemoryClone, type Merge, type Remote } from "./memory-clone.ts";
import { firstTables, rowsOf, tagOf } from "./tables.ts";

/** A few people with a clone each and one shared place, who do what a test says. */
export class Story {
  readonly #merge: Merge;
  readonly #commits = new Commits();
  readonly #ledger = new Ledger();
  readonly #remote: Remote;
  readonly #clones: ReadonlyMap<string, MemoryClone>;
  #seconds = 0;

  constructor(people: readonly string[], merge: Merge) {
    this.#merge = merge;
    const root = this.#commits.add([], firstTables({ tombstones: true }), new Map());
    this.#remote = { tip: root };
    this.#clones = new Map(people.map((actor) => [actor, new MemoryClone(actor, root, this.#commits)]));
  }

  #clone(name: string): MemoryClone {
    const clone = this.#clones.get(name);
    if (clone === undefined) throw new Error(`nobody is called ${name}`);
    return clone;
  }

  /** Does it a second after whatever came before. */
  does(name: string, change: Change): void {
    this.#seconds += 1;
    const now = `2026-03-01 00:00:${String(this.#seconds).padStart(2, "0")}`;
    this.#ledger.note({ ...change, now }, this.#clone(name).snapshot);
    this.#clone(name).apply({ ...change, now });
  }

  /** The issue is known to the ledger by the name of its maker and its title. */
  makes(name: string, id: string, title: string): void {
    const tag = `${title} of ${name}`;
    this.does(name, { kind: "create", id, tag, title, by: name, event: `made ${tag} ${this.#seconds}` });
  }

  async pulls(name: string): Promise<void> {
    await this.#clone(name).pull(this.#remote.tip, this.#merge);
  }

  /** Only what moves the shared place on is taken there. */
  pushes(name: string): void {
    const { tip } = this.#clone(name);
    if (!this.#commits.get(tip).ancestors.has(this.#remote.tip)) throw new Error(`${name} has to pull first`);
    this.#remote.tip = tip;
  }

  /** By id, the tag, the title and the status of each issue, and what was said to it. */
  issuesOf(name: string): Record<string, readonly string[]> {
    const { snapshot } = this.#clone(name);
    const comments = Map.groupBy(rowsOf(snapshot, "comments"), (row) => textOf(row, "issue_id"));
    const shown = [...(snapshot.get("issues") ?? [])].map(([, row]) => {
      const said = (comments.get(textOf(row, "id")) ?? []).map((comment) => textOf(comment, "text"));
      return [textOf(row, "id"), [tagOf(row), textOf(row, "title"), textOf(row, "status"), ...said]] as const;
    });
    return Object.fromEntries(shown.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  violationsAt(name: string): string[] {
    return violations(this.#clone(name).snapshot, this.#ledger);
  }
}

/** Three people each make the next child of one epic, before they hear of each other. */
export async function threeNextChildren(merge: Merge): Promise<Story> {
  const story = new Story(["ann", "bob", "carl"], merge);
  story.makes("ann", "x-p", "Epic");
  story.pushes("ann");
  await story.pulls("bob");
  await story.pulls("carl");
  story.makes("bob", "x-p.1", "Step");
  story.makes("carl", "x-p.1", "Step");
  story.makes("ann", "x-p.1", "Step");
  story.pushes("ann");
  await story.pulls("bob");
  await story.pulls("carl");
  story.pushes("carl");
  await story.pulls("bob");
  return story;
}

/** Two make the same child; one of them works on hers on, without having heard that the other has merged both. */
export async function workOnWhatMoved(merge: Merge): Promise<Story> {
  const story = new Story(["ann", "bob"], merge);
  story.makes("bob", "x-p.1", "Step");
  story.makes("ann", "x-p.1", "Step");
  story.pushes("ann");
  await story.pulls("bob");
  story.pushes("bob");
  story.does("ann", { kind: "comment", id: "x-p.1", uuid: "c1", text: "half done" });
  story.does("ann", { kind: "edit", id: "x-p.1", cells: { title: "Step, by ann" } });
  const cells = { status: "closed", closed_at: "2026-03-01 00:00:05", close_reason: "done" };
  story.does("ann", { kind: "edit", id: "x-p.1", cells });
  await story.pulls("ann");
  return story;
}

/** One deletes an issue and makes another one under its id, while the other comments on the old one. */
export async function madeAnew(merge: Merge): Promise<Story> {
  const story = new Story(["ann", "bob"], merge);
  story.makes("ann", "x-1", "Old");
  story.pushes("ann");
  await story.pulls("bob");
  story.does("ann", { kind: "remove", id: "x-1" });
  story.makes("ann", "x-1", "New");
  story.does("bob", { kind: "comment", id: "x-1", uuid: "c1", text: "to the old one" });
  story.pushes("ann");
  await story.pulls("bob");
  return story;
}
