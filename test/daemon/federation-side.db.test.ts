import { realpathSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DaemonFacts, runThin, startDaemon, type TestDaemon } from "../support/daemon.ts";
import { makeTwoMachines, type TwoMachines } from "../support/two-machines.ts";
import type { TestWorkspace } from "../support/workspace.ts";

let machines: TwoMachines;
const daemons: TestDaemon[] = [];
beforeEach(async () => {
  machines = await makeTwoMachines({ prefix: `auto${daemons.length}` });
});
afterEach(async () => {
  await Promise.all(daemons.splice(0).map((daemon) => daemon.stop()));
  await machines.remove();
});

async function start(workspace: TestWorkspace, facts: DaemonFacts = {}): Promise<void> {
  const beadsDir = realpathSync(join(workspace.dir, ".beads"));
  daemons.push(await startDaemon(beadsDir, { env: workspace.env, options: { roundMs: 300 }, ...facts }));
}

const thin = (workspace: TestWorkspace, ...args: string[]) => runThin(args, { cwd: workspace.dir, env: workspace.env });
const federation = async (workspace: TestWorkspace) =>
  JSON.parse((await thin(workspace, "daemon", "status", "--json")).stdout).federation;
const titles = async (workspace: TestWorkspace) =>
  (await workspace.sql("SELECT title FROM issues ORDER BY title")).map(({ title }) => title);

test("two machines whose daemons pull and push come to have the same, and commands wait for nothing", async () => {
  const { ann, bob } = machines;
  await Promise.all([start(ann), start(bob)]);
  await thin(ann, "create", "By Ann", "-q");
  await thin(bob, "create", "By Bob", "-q");
  await expect.poll(() => titles(ann)).toEqual(["By Ann", "By Bob"]);
  await expect.poll(() => titles(bob)).toEqual(["By Ann", "By Bob"]);
  await expect.poll(() => federation(ann)).toMatchObject({ last_round: expect.any(String) });
  expect(await federation(ann)).not.toHaveProperty("last_error");
});

test("a remote that is away is said once, in the log and the status, and commands go on", async () => {
  const { ann } = machines;
  const remote = join(ann.home, "remote");
  renameSync(remote, `${remote}-away`);
  await start(ann);
  await expect.poll(() => federation(ann)).toHaveProperty("last_error");
  expect((await thin(ann, "create", "Meanwhile", "-q")).code).toBe(0);
  const { last_error } = await federation(ann);
  const { stdout: log } = await thin(ann, "daemon", "logs");
  expect(log.split(last_error).length - 1).toBe(1);
  const { stdout } = await thin(ann, "daemon", "status");
  expect(stdout).toContain("failed: ");
});

test("a daemon that was not asked to does neither", async () => {
  const { ann } = machines;
  await start(ann, { options: {} });
  expect(await federation(ann)).toBeUndefined();
});
