import { realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createTracker } from "../../src/tracker/redis/index.ts";
import { runThin, startDaemon } from "../support/daemon.ts";
import { type Mirrored, mirrored } from "../support/mirrored.ts";
import { testWorkspace } from "../support/workspace.ts";

/** A daemon of the workspace that mirrors the store. */
async function startMirror({ workspace, env }: Pick<Mirrored, "workspace" | "env">): Promise<void> {
  const beadsDir = realpathSync(join(workspace.dir, ".beads"));
  const daemon = await startDaemon(beadsDir, { env: { ...workspace.env, ...env }, options: { mirrors: true } });
  onTestFinished(() => daemon.stop());
}

const status = async ({ workspace }: Pick<Mirrored, "workspace">) =>
  JSON.parse((await runThin(["daemon", "status", "--json"], { cwd: workspace.dir, env: workspace.env })).stdout)
    .tracker;

test("a daemon brings over what happens on either side, and says so in its status", async () => {
  const both = await mirrored();
  await startMirror(both);
  await both.tracker.create({ title: "From the web" });
  await expect.poll(both.issues).toMatchObject(new Map([["From the web", { status: "open" }]]));
  await runThin(["create", "From bd", "-q"], { cwd: both.workspace.dir, env: both.workspace.env });
  await expect.poll(async () => [...(await both.tasks()).keys()].toSorted()).toEqual(["From bd", "From the web"]);
  await expect.poll(() => status(both)).toMatchObject({ last: expect.stringContaining("tasks: 1 new") });
});

test("a daemon whose project nobody has set up mirrors nothing, says so once, and begins when somebody does", async () => {
  const both = await mirrored();
  await both.tracker.connection.send(["FLUSHALL"]);
  await startMirror(both);
  await both.tracker.create({ title: "Early" });
  await expect.poll(() => status(both)).toMatchObject({ last_error: expect.stringContaining("not set up") });
  expect([...(await both.issues()).keys()]).toEqual([]);
  expect((await both.bd("tracker", "setup", "--statuses")).code).toBe(0);
  await expect.poll(async () => [...(await both.issues()).keys()], { timeout: 20_000 }).toEqual(["Early"]);
});

test("a store that is away is waited for", async () => {
  const workspace = await testWorkspace();
  const env = { REDIS_URL: "redis://127.0.0.1:1" };
  await startMirror({ workspace, env });
  await expect.poll(() => status({ workspace })).toMatchObject({ last_error: expect.any(String) });
  const { code } = await runThin(["create", "Meanwhile", "-q"], { cwd: workspace.dir, env: workspace.env });
  expect(code).toBe(0);
});

test("a daemon that is told of a change looks at once", async () => {
  const both = await mirrored();
  await startMirror(both);
  await expect.poll(() => status(both)).toEqual({});
  const tracker = createTracker({ env: { ...both.env, BEADS_DIR: join(both.workspace.dir, ".beads") } });
  onTestFinished(() => tracker.close());
  await tracker.create({ title: "Told" });
  await expect.poll(async () => [...(await both.issues()).keys()]).toEqual(["Told"]);
});
