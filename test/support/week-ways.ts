import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { GitProject } from "./git-project.ts";

/** Whose save it is, and what else may happen at that moment. */
export interface WeekMoment {
  readonly message: string;
  readonly other: GitProject;
  /** A number below another one. */
  readonly random: (below: number) => number;
  /** Nobody makes trouble any more. */
  readonly isResting: boolean;
}

/** How somebody's tracker and commits learn of each other. */
export interface WeekWay {
  /** Once in each clone. */
  readonly enter: (one: GitProject) => Promise<void>;
  /** Commits all that is there; gives what a hook has left undone. */
  readonly save: (one: GitProject, moment: WeekMoment) => Promise<readonly string[]>;
  /** Leaves the file as the tracker has it, with something that is not committed. */
  readonly write: (one: GitProject, name: string) => Promise<void>;
  /** Until the tracker has what the file has. */
  readonly settle: (one: GitProject) => Promise<void>;
  /** The file. */
  readonly text: (one: GitProject) => string;
}

/** Before each commit somebody says so. */
export const BY_SYNC: WeekWay = {
  enter: keepTheFile,
  async save(one, { message }) {
    await one.bd("sync");
    one.commit(message);
    return [];
  },
  write: async (one) => void (await one.bd("sync")),
  settle: async () => {},
  text: (one) => one.text(),
};

/** Nobody ever says `bd sync`. */
export const BY_HOOKS: WeekWay = {
  async enter(one) {
    await keepTheFile(one);
    await one.bd("hooks", "install");
  },
  async save(one, { message }) {
    one.git("add", "-A");
    const words = commit(one, message);
    expect(one.git("status", "--porcelain")).toBe("");
    return words;
  },
  async write(one, name) {
    writeFileSync(join(one.dir, name), "");
    one.git("add", name);
    commit(one, name, name);
    expect(one.git("show", "--format=", "--name-only", "HEAD")).toBe(name);
    expect(one.git("diff", "--cached", "--name-only")).toBe("");
  },
  async settle(one) {
    await expect.poll(() => statusOf(one)).toMatchObject({ unimported: false });
  },
  text: (one) => one.text(),
};

const BRANCH = "beads-sync";

/**
 * The file is on a branch that nobody checks out. Hooks are installed and have no part in it; both sync at once, and somebody
 * deletes the branch at the remote, or sets it back.
 */
export const BY_BRANCH: WeekWay = {
  async enter(one) {
    keep(one, ".beads/\n");
    await one.bd("hooks", "install");
    one.git("config", "sync.branch", BRANCH);
  },
  async save(one, { message, other, random, isResting }) {
    one.commit(message);
    expect(one.git("ls-files", "--", ".beads")).toBe("");
    if (!isResting) spoil(one, random(8));
    const both = random(3) === 0 ? [one, other] : [one];
    await Promise.all(both.map((each) => each.bd("sync")));
    return [];
  },
  async write(one, name) {
    writeFileSync(join(one.dir, name), "");
    one.git("add", name);
    await one.bd("sync", "--flush-only");
    expect(one.git("status", "--porcelain")).not.toContain(".beads");
  },
  settle: async () => {},
  text: (one) => one.git("show", `${BRANCH}:.beads/issues.jsonl`),
};

function spoil(one: GitProject, choice: number): void {
  const [, tip] = /^([0-9a-f]+)\t/.exec(one.git("ls-remote", "origin", `refs/heads/${BRANCH}`)) ?? [];
  if (tip === undefined) return;
  if (choice === 0) one.git("push", "-q", "origin", `:${BRANCH}`);
  else if (choice === 1) {
    one.git("fetch", "-q", "origin", BRANCH);
    const back = one.git("rev-list", "-4", "FETCH_HEAD").split("\n").at(-1) ?? tip;
    one.git("push", "-qf", "origin", `${back}:refs/heads/${BRANCH}`);
  }
}

async function keepTheFile(one: GitProject): Promise<void> {
  keep(one, ".beads/*\n!.beads/issues.jsonl\n");
}

/** What git is to leave out. */
function keep(one: GitProject, exclude: string): void {
  writeFileSync(join(one.dir, ".git", "info", "exclude"), exclude);
}

/** What the hook said. Git looks whether there is anything to commit before the hook has its turn. */
function commit(one: GitProject, message: string, ...files: readonly string[]): readonly string[] {
  const before = one.hookWords.length;
  const args = ["commit", "-m", message, ...files];
  // A hook whose time was up has staged nothing: then the next one does, and its commit comes after that.
  const isStaged = () => one.git("diff", "--cached", "--name-only") !== "";
  for (let attempt = 0; attempt < MOST_COMMITS && !succeeds(one, args); attempt += 1)
    if (attempt > 0 && !isStaged()) break;
  const words = one.hookWords.slice(before);
  for (const word of words) expect(word).toMatch(HOOK_WORDS);
  return words;
}

const MOST_COMMITS = 5;

/** All that a hook has to say in such a week: its time was up on a busy machine, or it was a commit of one file. */
const HOOK_WORDS =
  /^bd pre-commit: (?:it took too long, and was left|\.beads\/issues\.jsonl has changed, and is not in this commit: this commit is of some files alone)/;

function succeeds(one: GitProject, args: readonly string[]): boolean {
  try {
    one.git(...args);
    return true;
  } catch (error) {
    if (error instanceof Error && /nothing to commit|nothing added to commit/.test(error.message)) return false;
    throw error;
  }
}

export async function statusOf(one: GitProject): Promise<unknown> {
  return one.bd("sync", "--status");
}
