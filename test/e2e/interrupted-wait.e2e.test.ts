import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { connectForeign } from "../support/foreign-programs.ts";
import { startScriptedProxy } from "../support/scripted-proxy.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
let holder: Connection;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "iw" });
});
beforeEach(async () => {
  holder = await connectForeign(workspace);
  onTestFinished(() => holder.end());
  await hold("write");
});
afterAll(() => workspace.remove());

async function hold(...names: string[]): Promise<void> {
  for (const name of names) {
    const [rows] = await holder.query("SELECT GET_LOCK(?, 20) AS held", [`${workspace.database}:${name}`]);
    expect(rows).toEqual([{ held: 1 }]);
  }
}

const places = Array.from({ length: 64 }, (_, place) => `write:${place}`);

/** Where a write stands while it waits: which locks others hold besides, and what it says when it has come there. */
test.for<[string, { held?: readonly string[]; says: string; times?: number }]>([
  ["outside of the line", { says: "IF(IS_FREE_LOCK(" }],
  ["looking at the line", { says: "DOLT_HASHOF_DB" }],
  ["behind another one", { held: ["write:0", "write:front"], says: ":write:1" }],
  ["behind another one, for a while", { held: ["write:0", "write:front"], says: "DOLT_HASHOF_DB", times: 3 }],
  ["before the front", { held: ["write:front"], says: ":write:front', 2" }],
  ["at the front", { says: "1 + 0 * (" }],
  ["at the front, for a while", { says: "1 + 0 * (", times: 2 }],
  ["where the line is full", { held: places, says: "DOLT_HASHOF_DB", times: 2 }],
])("one Ctrl-C ends a write that waits for the lock %s", async ([, { held = [], says, times = 1 }]) => {
  await hold(...held);
  let said = 0;
  const proxy = await startScriptedProxy(workspace.port, (flight) => {
    if (!flight.includes(says)) return;
    said += 1;
    // The words are under way, the answer is not: it waits.
    if (said === times) setImmediate(() => child.kill("SIGINT"));
  });
  onTestFinished(() => proxy.close());
  const { child, done } = workspace.spawn(["create", "Never"], {
    env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) },
  });
  onTestFinished(() => void child.kill("SIGKILL"));

  // Far more than it takes, and far less than the limit for an answer.
  await expect.poll(() => child.exitCode, { timeout: 20_000 }).toBe(130);

  const { stdout, stderr } = await done;
  expect(stdout).toBe("");
  // Before it may stand notes: about the lock, on a busy machine also about the server.
  expect(stderr).toMatch(/(?:^|\n)Error: interrupted; nothing was written\n$/);
  expect(await workspace.sql("SELECT id FROM issues")).toEqual([]);
});

test("a write says what it waits for before it is interrupted", async () => {
  const { child, done } = workspace.spawn(["create", "Never"]);
  child.stderr.on("data", (chunk) => {
    if (String(chunk).includes("waiting for")) child.kill("SIGINT");
  });

  await expect.poll(() => child.exitCode, { timeout: 20_000 }).toBe(130);

  expect((await done).stderr).toContain(
    `waiting for the write lock of '${workspace.database}' (bd dolt status)\nError: interrupted; nothing was written\n`,
  );
});
