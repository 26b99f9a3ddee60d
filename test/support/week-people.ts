import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { create, type GitProject, projectIn, setUpDriver, withBdOnPath } from "./git-project.ts";
import { makeCopy } from "./two-machines.ts";
import type { WeekWay } from "./week-ways.ts";
import { type TestWorkspace, testWorkspace } from "./workspace.ts";

export interface WeekSetting {
  /** Whether they have a Dolt remote in common, beside git. */
  readonly withRemote: boolean;
  readonly way: WeekWay;
}

export interface WeekPeople {
  readonly people: readonly [GitProject, GitProject];
  /** Nobody touches these: among so many, few deletions are many. */
  readonly quiet: readonly string[];
}

const QUIET = 20;

/** Two clones of one repository, with whose commits a tracker travels. */
export async function weekPeople({ withRemote, way }: WeekSetting): Promise<WeekPeople> {
  const ws = await testWorkspace();
  const bare = join(ws.home, "bare.git");
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", bare], { stdio: "pipe" });
  const ada = await clone(ws, bare, way);
  const quiet: string[] = [];
  while (quiet.length < QUIET) quiet.push(await create(ada, `Quiet ${quiet.length}`));
  await ada.bd("sync");
  ada.commit("begin");
  ada.commit("and go on");
  ada.git("push", "-q", "-u", "origin", "main");
  const bob = await clone(withRemote ? await copyOf(ada.ws) : await testWorkspace(), bare, way);
  bob.git("fetch", "-q");
  bob.git("checkout", "-q", "-f", "main");
  return { people: [ada, bob], quiet };
}

async function copyOf(ws: TestWorkspace): Promise<TestWorkspace> {
  const url = `file://${join(ws.home, "remote")}`;
  await ws.sql("CALL DOLT_REMOTE('add', 'origin', ?)", [url]);
  await ws.json(["dolt", "push"]);
  const copy = await makeCopy(ws, url, "bob");
  onTestFinished(() => copy.remove());
  return copy;
}

async function clone(ws: TestWorkspace, bare: string, way: WeekWay): Promise<GitProject> {
  const one = projectIn(ws, ws.dir, withBdOnPath(ws));
  one.git("init", "-q", "-b", "main");
  one.git("remote", "add", "origin", bare);
  setUpDriver(one);
  await one.bd("config", "set", "sync.jsonl", "true");
  await way.enter(one);
  return one;
}
