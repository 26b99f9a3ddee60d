import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { GitProject } from "./git-project.ts";

/** How somebody's tracker and commits learn of each other. */
export interface WeekWay {
  readonly usesHooks: boolean;
  /** Commits all that is there; gives what a hook has left undone. */
  readonly save: (one: GitProject, message: string) => Promise<readonly string[]>;
  /** Leaves the file as the tracker has it, and commits it not. */
  readonly write: (one: GitProject, name: string) => Promise<void>;
  /** Until the tracker has what the file has. */
  readonly settle: (one: GitProject) => Promise<void>;
}

/** Before each commit somebody says so. */
export const BY_SYNC: WeekWay = {
  usesHooks: false,
  async save(one, message) {
    await one.bd("sync");
    one.commit(message);
    return [];
  },
  write: async (one) => void (await one.bd("sync")),
  settle: async () => {},
};

/** Nobody ever says `bd sync`. */
export const BY_HOOKS: WeekWay = {
  usesHooks: true,
  async save(one, message) {
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
  settle: async (one) => {
    await expect.poll(() => statusOf(one)).toMatchObject({ unimported: false });
  },
};

/** What the hook said. Git looks whether there is anything to commit before the hook has its turn. */
function commit(one: GitProject, message: string, ...files: readonly string[]): readonly string[] {
  const before = one.hookWords.length;
  const args = ["commit", "-m", message, ...files];
  for (let attempt = 0; attempt < 2 && !succeeds(one, args); attempt += 1);
  const words = one.hookWords.slice(before);
  for (const word of words) expect(word).toMatch(HOOK_WORDS);
  return words;
}

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
