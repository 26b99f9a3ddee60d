import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { create, type GitProject, gitProject, projectIn } from "../support/git-project.ts";
import { makeCopy } from "../support/two-machines.ts";

/** Weeks of two people with two branches each: connected by git alone, or by a Dolt remote besides. */

const SEEDS = Number(process.env["BEADS_WEEKS"] ?? 2);
const FIRST = Number(process.env["BEADS_WEEK_FIRST"] ?? 1);
const STEPS = 90;

/** What was done and acknowledged. */
interface Ledger {
  readonly ids: string[];
  readonly deleted: Set<string>;
  /** By issue. */
  readonly comments: Map<string, string[]>;
  readonly titles: Map<string, Set<string>>;
}

function chances(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 9) % below;
  };
}

/** A folder under git with the merge driver, that shares a bare repository. */
function connect(one: GitProject, bare: string): void {
  one.git("remote", "add", "origin", bare);
  execFileSync("sh", ["-c", `printf '.beads/*\\n!.beads/issues.jsonl\\n' > '${one.dir}/.git/info/exclude'`]);
}

async function twoPeople(withRemote: boolean): Promise<[GitProject, GitProject]> {
  const ada = await gitProject();
  const bare = join(ada.ws.home, "bare.git");
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", bare], { stdio: "pipe" });
  connect(ada, bare);
  ada.save("");
  await ada.bd("config", "set", "sync.jsonl", "true");
  ada.commit("begin");
  ada.git("push", "-q", "-u", "origin", "main");
  if (withRemote) {
    const url = `file://${join(ada.ws.home, "remote")}`;
    await ada.ws.sql("CALL DOLT_REMOTE('add', 'origin', ?)", [url]);
    await ada.bd("dolt", "push");
    const copy = await makeCopy(ada.ws, url, "bob");
    onTestFinished(() => copy.remove());
    const bob = projectIn(copy, copy.dir);
    bob.git("clone", "-q", "--no-checkout", bare, "clone");
    execFileSync("mv", [join(copy.dir, "clone", ".git"), copy.dir]);
    configure(ada, bob);
    return [ada, bob];
  }
  const bob = await gitProject();
  connect(bob, bare);
  bob.save("");
  bob.git("fetch", "-q");
  await bob.bd("config", "set", "sync.jsonl", "true");
  bob.git("checkout", "-q", "-f", "main");
  return [ada, bob];
}

/** The second clone is made past `gitProject`: it gets the same driver. */
function configure(from: GitProject, to: GitProject): void {
  for (const key of ["merge.bd.driver", "merge.bd.recursive"]) to.git("config", key, from.git("config", key));
  execFileSync("sh", ["-c", `printf '.beads/*\\n!.beads/issues.jsonl\\n' > '${to.dir}/.git/info/exclude'`]);
  to.git("checkout", "-q", "-f", "main");
}

class Week {
  readonly #people: readonly [GitProject, GitProject];
  readonly #random: (below: number) => number;
  readonly #withRemote: boolean;
  readonly ledger: Ledger = { ids: [], deleted: new Set(), comments: new Map(), titles: new Map() };
  readonly trace: string[] = [];
  /** By issue, who changed it last, and up to which second of the epoch. */
  readonly #touched = new Map<string, { readonly who: number; readonly second: number }>();

  constructor(people: readonly [GitProject, GitProject], seed: number, withRemote: boolean) {
    this.#people = people;
    this.#random = chances(seed);
    this.#withRemote = withRemote;
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
    for (const [who, one] of this.#people.entries()) {
      await this.#save(one);
      one.git("checkout", "-q", "main");
      if (this.#hasBranch(one, who)) this.#merge(one, [`side-${who}`]);
    }
    for (let round = 0; round < 3; round += 1) {
      for (const one of this.#people) await this.#share(one, "merge");
      if (this.#withRemote) for (const one of this.#people) await this.#exchange(one);
    }
  }

  async #work(one: GitProject, who: number, step: number): Promise<void> {
    const { ids, deleted, comments, titles } = this.ledger;
    const id = ids[this.#random(Math.max(1, ids.length))];
    const choice = this.#random(10);
    this.trace.push(`${who} work ${choice} ${id}`);
    if (choice <= 1 || id === undefined) {
      const made = await create(one, `Issue ${step}`);
      ids.push(made);
      titles.set(made, new Set([`Issue ${step}`]));
      return;
    }
    if ((await one.ws.bd(["show", id])).code !== 0) return;
    await this.#untilItsTurn(id, who);
    if (choice === 2) {
      await one.bd("update", id, "--title", `Title ${step}`);
      titles.get(id)?.add(`Title ${step}`);
    } else if (choice === 3) await one.bd("update", id, "--priority", String(this.#random(5)));
    else if (choice === 4) await one.bd("label", "add", id, `l${this.#random(4)}`);
    else if (choice === 5) await one.ws.bd(["label", "remove", id, `l${this.#random(4)}`]);
    else if (choice <= 7) {
      await one.bd("comment", id, `Comment ${step}`);
      comments.set(id, [...(comments.get(id) ?? []), `Comment ${step}`]);
    } else if (choice === 8) await one.ws.bd([this.#random(2) === 0 ? "close" : "reopen", id]);
    else if (this.#random(4) === 0) {
      await one.bd("delete", id, "--force");
      deleted.add(id);
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
    if (choice === 2) return this.#save(one, `step ${step}`);
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
      await one.bd("sync");
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
    await this.#save(one);
    one.git("push", "-q", "origin", "main");
  }

  async #exchange(one: GitProject): Promise<void> {
    await one.bd("dolt", "pull");
    await one.bd("dolt", "push");
  }

  #merge(one: GitProject, branches: readonly string[]): void {
    one.git("merge", "-q", "--no-edit", ...branches);
  }

  /** So few issues are there that two deletions are many. */
  async #save(one: GitProject, message = "work"): Promise<void> {
    await one.bd("sync", "--allow-deletes");
    one.commit(message);
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

interface Issue {
  readonly id: string;
  readonly title: string;
  readonly comments?: readonly { readonly text: string }[];
}

test.each(
  Array.from({ length: SEEDS }, (_, n) => FIRST + n).flatMap(
    (seed) =>
      [
        [seed, "git alone"],
        [seed, "git and a Dolt remote"],
      ] as const,
  ),
)(
  "week %i of two people by %s comes to rest, and both have what the ledger has",
  async (seed, how) => {
    const people = await twoPeople(how !== "git alone");
    const week = new Week(people, seed, how !== "git alone");
    onTestFinished(({ task }) => {
      if (task.result?.state === "fail") console.log(week.trace.join("\n"));
    });
    await week.pass();
    await week.rest();
    const [ada, bob] = people;
    expect(await bob.state()).toBe(await ada.state());
    expect(bob.text()).toBe(ada.text());
    const state: Issue[] = (await ada.state())
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const { ids, deleted, comments, titles } = week.ledger;
    expect(state.map(({ id }) => id).toSorted()).toEqual(ids.filter((id) => !deleted.has(id)).toSorted());
    for (const issue of state) {
      expect([...(titles.get(issue.id) ?? [])]).toContain(issue.title);
      const said = (issue.comments ?? []).map(({ text }) => text);
      expect(said).toEqual(expect.arrayContaining(comments.get(issue.id) ?? []));
      expect(new Set(said).size).toBe(said.length);
    }
  },
  600_000,
);
