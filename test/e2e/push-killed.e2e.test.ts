import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let remote: RemoteServer;
let server: PrivateDolt;
let workspace: TestWorkspace;

beforeAll(async () => {
  [remote, server] = await Promise.all([startRemoteServer(), startPrivateDolt()]);
  workspace = await makeWorkspace({ prefix: "kill", port: server.port });
  await workspace.json(["dolt", "remote", "add", "origin", await remote.create("kill")]);
});

afterAll(async () => {
  await workspace.remove();
  await Promise.all([server.stop(), remote.stop()]);
});

/** Moments after the start at which something dies, in milliseconds: from before the first packet to the last. */
const MOMENTS = [0, 40, 80, 110, 140, 170, 200, 230, 270, 320];

describe("the next push works after a kill -9", () => {
  test.each(MOMENTS)("of bd after %d ms", async (moment) => {
    await change();
    const { child, done } = push();
    await delay(moment);
    child.kill("SIGKILL");
    await done;
    await expectPushed();
  });

  test.each(MOMENTS)("of the relay's dolt after %d ms", async (moment) => {
    await change();
    const { child, done } = push();
    const relay = await childOf(child.pid ?? 0, done);
    await delay(moment / 4);
    if (relay !== undefined) kill(relay);
    await done;
    await expectPushed();
  });

  test.each(MOMENTS)("of the server after %d ms", async (moment) => {
    await change();
    const { done } = push();
    await delay(moment);
    await server.crash();
    await server.start();
    await done;
    await expectPushed();
  });
});

test("two pushes at once both succeed", async () => {
  await change();
  const results = await Promise.all([push().done, push().done, push().done]);
  expect(results.map(({ code, stderr }) => (code === 0 ? code : stderr))).toEqual([0, 0, 0]);
  await expectPushed();
});

async function change(): Promise<void> {
  await workspace.json(["create", "One more"]);
}

function push() {
  return workspace.spawn(["dolt", "push", "--json"], { env: remote.credentials });
}

async function expectPushed(): Promise<void> {
  const { code, stdout } = await push().done;
  expect(code, stdout).toBe(0);
  // Only now: the connection that looks may have died with the server.
  const { local }: { local?: string } = JSON.parse(stdout);
  expect(await remote.head("kill")).toBe(local);
  const status: unknown = await workspace.json(["dolt", "status"]);
  expect(status).toMatchObject({
    head: local,
    dirty_tables: [],
    remotes: [{ remote_hash: local, ahead: 0, behind: 0 }],
  });
}

/** The dolt that carries the data, as soon as there is one; undefined where the push ended without. */
async function childOf(parent: number, done: Promise<unknown>): Promise<number | undefined> {
  const watch = new AbortController();
  void done.then(() => watch.abort());
  while (!watch.signal.aborted) {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const parentOf = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        if (parentOf === parent && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("\0sql\0")) return Number(pid);
      } catch {
        // It has ended in the meantime.
      }
    }
    await delay(1);
  }
  return undefined;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was done already.
  }
}
