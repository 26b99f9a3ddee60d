import { expect } from "vitest";
import { applyChanges } from "../../../src/core/changes/apply-changes.ts";
import { type ChangeEvent, changeEventSchema } from "../../../src/core/changes/change-event.ts";
import { parseCursor } from "../../../src/core/changes/cursor.ts";
import type { TrackerState } from "../../../src/core/changes/tracker-state.ts";
import type { Random } from "../../core/merge/histories/random.ts";
import type { WorkspaceChanges } from "./workspace-changes.ts";

/** As a reader does that drops with an issue what hangs on it. */
function applyDropping(before: TrackerState, events: readonly ChangeEvent[]): TrackerState {
  let state = before;
  for (const event of events) {
    if (event.type === "deleted") state = withoutParts(state, event.issue_id);
    state = applyChanges(state, [event]);
  }
  return state;
}

function withoutParts(state: TrackerState, id: string): TrackerState {
  return new Map(
    [...state].map(([table, rows]) => [table, new Map([...rows].filter(([, row]) => row["issue_id"] !== id))]),
  );
}

/** A history, and what it holds at each of its commits. */
export class CheckedHistory {
  readonly #changes: WorkspaceChanges;
  readonly #states = new Map<string, Promise<TrackerState>>();
  /** By commit, its parents; the newest first. */
  readonly #parents: ReadonlyMap<string, readonly string[]>;

  constructor(changes: WorkspaceChanges, parents: ReadonlyMap<string, readonly string[]>) {
    this.#changes = changes;
    this.#parents = parents;
  }

  /** The first-parent line, the oldest commit first. */
  get line(): string[] {
    const line: string[] = [];
    for (let [commit] = this.#parents.keys(); commit !== undefined; commit = this.#parents.get(commit)?.[0])
      line.push(commit);
    return line.toReversed();
  }

  /** A commit, and one that leads to it; `other` has both, too. */
  anyPair(random: Random, other: CheckedHistory = this): { from: string; to: string } {
    const known = [...this.#parents.keys()].filter((commit) => other.#parents.has(commit));
    const to = random.pick(known) ?? "";
    const before = new Set(this.#parents.get(to));
    // A set's iterator also gives what is added meanwhile.
    for (const commit of before) for (const parent of this.#parents.get(commit) ?? []) before.add(parent);
    return { from: random.pick([...before]) ?? to, to };
  }

  #stateAt(commit: string): Promise<TrackerState> {
    const known = this.#states.get(commit) ?? this.#changes.stateAt(commit);
    this.#states.set(commit, known);
    return known;
  }

  /** Expects that the events lead from the one commit to the other, whole, valid and numbered. Gives them. */
  async expectLeads(from: string, to: string): Promise<readonly ChangeEvent[]> {
    const { events } = await this.#changes.between({ from, to });
    const [before, after] = [await this.#stateAt(from), await this.#stateAt(to)];
    expect(applyChanges(before, events), `${from}..${to}`).toEqual(after);
    if (events.some(({ type }) => type === "deleted")) expect(applyDropping(before, events)).toEqual(after);
    const range = this.#parents.get(to)?.[0] === from ? to : `${from}..${to}`;
    expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, index) => `${range}:${index + 1}`));
    for (const event of events) changeEventSchema.parse(JSON.parse(JSON.stringify(event)));
    return events;
  }

  /**
   * Expects that whoever follows from one commit to a later one comes to its state, also when they are stopped after any
   * event and go on from its cursor.
   */
  async expectFollowed(random: Random, { from, to }: { readonly from: string; readonly to: string }): Promise<void> {
    const events = await this.#changes.follow({ commit: from }, to);
    const [before, after] = [await this.#stateAt(from), await this.#stateAt(to)];
    const heard: ChangeEvent[] = [];
    for (const event of events) {
      if (event.type === "resync") throw new Error(`${from} leads to ${to}, and that was not seen`);
      heard.push(event);
    }
    expect(applyChanges(before, heard), `${from} to ${to}`).toEqual(after);
    const stopped = random.pick(heard);
    if (stopped === undefined) return;
    const first = heard.slice(0, heard.indexOf(stopped) + 1);
    const rest = await this.#changes.follow(parseCursor(stopped.cursor), to);
    expect([...first, ...rest], `${from} to ${to}, stopped at ${stopped.cursor}`).toEqual(heard);
  }

  /** Expects that commit by commit the events of the line lead from its beginning to its end. */
  async expectLineLeads(): Promise<readonly ChangeEvent[]> {
    const all: ChangeEvent[] = [];
    const { line } = this;
    for (const [index, to] of line.entries()) {
      const from = line[index - 1];
      if (from === undefined) continue;
      const events = await this.expectLeads(from, to);
      const isMerge = (this.#parents.get(to)?.length ?? 0) > 1;
      for (const { via } of events) expect(via).toBe(isMerge ? "pull" : undefined);
      all.push(...events);
    }
    const [first = "", last = ""] = [line[0], line.at(-1)];
    expect(applyChanges(await this.#stateAt(first), all)).toEqual(await this.#stateAt(last));
    return all;
  }
}
