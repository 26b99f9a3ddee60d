import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { create, type GitProject } from "./git-project.ts";
import { statusOf, type WeekWay } from "./week-ways.ts";

const STEPS = 90;
/** A busy machine leaves hooks no time: at the end somebody commits until they had it. */
const MOST_SAVES = 30;

/** What was done and acknowledged. */
export interface WeekLedger {
  readonly ids: string[];
  readonly deleted: Set<string>;
  /** By issue. */
  readonly comments: Map<string, string[]>;
  readonly titles: Map<string, Set<string>>;
  /** What one person alone ever says of an issue, so that the last word is known. */
  readonly kept: Map<string, { priority: number; readonly labels: Set<string> }>;
}

interface WeekOptions {
  readonly seed: number;
  readonly withRemote: boolean;
  readonly way: WeekWay;
}

/** A week of two people with two branches each. */
export class GitWeek {
  readonly #people: readonly [GitProject, GitProject];
  readonly #random: (below: number) => number;
  readonly #withRemote: boolean;
  readonly #way: WeekWay;
  readonly ledger: WeekLedger = {
    ids: [],
    deleted: new Set(),
    comments: new Map(),
    titles: new Map(),
    kept: new Map(),
  };
  readonly trace: string[] = [];
  #isResting = false;
  /** By issue, who changed it last, and up to which second of the epoch. */
  readonly #touched = new Map<string, { readonly who: number; readonly second: number }>();

  constructor(people: readonly [GitProject, GitProject], { seed, withRemote, way }: WeekOptions) {
    this.#people = people;
    this.#random = chances(seed);
    this.#withRemote = withRemote;
    this.#way = way;
  }

  async pass(): Promise<void> {
    for (let step = 0; step < STEPS; step += 1) {
      const who = this.#random(2);
      const one = who === 0 ? this.#people[0] : this.#people[1];
      await (this.#random(3) === 0 ? this.#git(one, who, step) : this.#work(one, who, step));
    }
  }

  /** Everything is merged and shared until nothing moves any more. */
  async rest(): Promise<void> {
    this.#isResting = true;
    for (const [who, one] of this.#people.entries()) {
      await this.#save(one);
      one.git("checkout", "-q", "main");
      if (this.#hasBranch(one, who)) this.#merge(one, [`side-${who}`]);
    }
    for (let round = 0; round < 3; round += 1) {
      if (this.#withRemote) for (const one of this.#people) await this.#exchange(one);
      for (const one of this.#people) await this.#share(one, "merge");
    }
    for (const one of this.#people) {
      await this.#way.settle(one);
      const status = await statusOf(one);
      expect(status).toMatchObject({ unimported: false, unflushed: 0 });
      expect(status).not.toHaveProperty("last_error");
    }
  }

  async #work(one: GitProject, who: number, step: number): Promise<void> {
    const { ids, deleted, comments, titles, kept } = this.ledger;
    const id = ids[this.#random(Math.max(1, ids.length))];
    const choice = this.#random(10);
    this.trace.push(`${who} work ${choice} ${id}`);
    if (choice <= 1 || id === undefined) {
      const made = await create(one, `Issue ${step}`);
      ids.push(made);
      titles.set(made, new Set([`Issue ${step}`]));
      kept.set(made, { priority: 2, labels: new Set() });
      return;
    }
    if ((await one.ws.bd(["show", id])).code !== 0) return;
    await this.#untilItsTurn(id, who);
    if (choice === 2) {
      await one.bd("update", id, "--title", `Title ${step}`);
      titles.get(id)?.add(`Title ${step}`);
    } else if (choice <= 5) {
      if (ids.indexOf(id) % 2 === who) await this.#keep(one, id, choice);
    } else if (choice <= 7) {
      await one.bd("comment", id, `Comment ${step}`);
      comments.set(id, [...(comments.get(id) ?? []), `Comment ${step}`]);
    } else if (choice === 8) await one.ws.bd([this.#random(2) === 0 ? "close" : "reopen", id]);
    else if (this.#random(4) === 0) {
      await one.bd("delete", id, "--force");
      deleted.add(id);
    }
  }

  async #keep(one: GitProject, id: string, choice: number): Promise<void> {
    const kept = this.ledger.kept.get(id);
    if (kept === undefined) return;
    const label = `l${this.#random(2)}`;
    if (choice === 3) {
      kept.priority = this.#random(5);
      await one.bd("update", id, "--priority", String(kept.priority));
    } else if (kept.labels.delete(label)) await one.bd("label", "remove", id, label);
    else {
      kept.labels.add(label);
      await one.bd("label", "add", id, label);
    }
  }

  /** No two people change an issue in the same second: nothing would tell who was the later. */
  async #untilItsTurn(id: string, who: number): Promise<void> {
    const now = Date.now();
    const last = this.#touched.get(id);
    const second = Math.floor(now / 1000);
    if (last !== undefined && last.who !== who && last.second >= second)
      await delay(1000 * (last.second + 1) - now + 5);
    this.#touched.set(id, { who, second: Math.floor(Date.now() / 1000) + 1 });
  }

  async #git(one: GitProject, who: number, step: number): Promise<void> {
    const choice = this.#random(this.#withRemote ? 9 : 7);
    this.trace.push(`${who} git ${choice}`);
    if (choice <= 1) return this.#share(one, choice === 0 ? "merge" : "rebase");
    if (choice === 2) return void (await this.#save(one, `step ${step}`));
    if (choice === 3) {
      await this.#save(one);
      one.git("checkout", "-q", this.#branch(one) === "main" ? this.#side(one, who) : "main");
      return;
    }
    if (choice === 4) {
      await this.#save(one);
      const other = this.#branch(one) === "main" ? `side-${who}` : "main";
      if (this.#hasBranch(one, who)) this.#merge(one, [other]);
      return;
    }
    if (choice === 5) {
      await this.#way.write(one, `code-${who}-${step}`);
      if (one.git("status", "--porcelain") === "") return;
      one.git("stash", "-q");
      await one.bd("list");
      one.git("stash", "pop", "-q");
      return;
    }
    if (choice === 6) {
      await this.#save(one);
      one.git("checkout", "-q", "--detach", "HEAD~1");
      await one.bd("list");
      one.git("checkout", "-q", "-");
      return;
    }
    return this.#exchange(one);
  }

  async #share(one: GitProject, how: "merge" | "rebase"): Promise<void> {
    await this.#save(one);
    one.git("checkout", "-q", "main");
    one.git("pull", "-q", ...(how === "merge" ? ["--no-rebase", "--no-edit"] : ["--rebase"]), "origin", "main");
    const left = await this.#save(one);
    const before = one.hookWords.length;
    one.git("push", "-q", "origin", "main");
    if (left.length > 0) return;
    for (const word of one.hookWords.slice(before)) expect(word).toMatch(/^bd pre-push: it took too long/);
  }

  async #exchange(one: GitProject): Promise<void> {
    await one.bd("dolt", "pull");
    await one.bd("dolt", "push");
  }

  #merge(one: GitProject, branches: readonly string[]): void {
    one.git("merge", "-q", "--no-edit", ...branches);
  }

  async #save(one: GitProject, message = "work"): Promise<readonly string[]> {
    const [first, second] = this.#people;
    const isResting = this.#isResting;
    const moment = { message, other: one === first ? second : first, random: this.#random, isResting };
    let words = await this.#way.save(one, moment);
    let savesLeft = isResting ? MOST_SAVES : 0;
    for (; words.length > 0 && savesLeft > 0; savesLeft -= 1) words = await this.#way.save(one, moment);
    return words;
  }

  #branch(one: GitProject): string {
    return one.git("rev-parse", "--abbrev-ref", "HEAD");
  }

  #hasBranch(one: GitProject, who: number): boolean {
    return one.git("branch", "--list", `side-${who}`) !== "";
  }

  #side(one: GitProject, who: number): string {
    if (!this.#hasBranch(one, who)) one.git("branch", `side-${who}`);
    return `side-${who}`;
  }
}

function chances(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 9) % below;
  };
}
