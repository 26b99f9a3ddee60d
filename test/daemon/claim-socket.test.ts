import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClaimedSocket, claimSocket } from "../../src/daemon/claim-socket.ts";
import { PROTOCOL } from "../../src/rpc/protocol.ts";
import { socketPath } from "../../src/rpc/socket-path.ts";
import { listening } from "../support/listening.ts";

let folder: string;
let claimed: ClaimedSocket[];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "bd-claim-")));
  claimed = [];
});
afterEach(() => {
  for (const socket of claimed) socket.release();
  rmSync(folder, { recursive: true, force: true });
});

let pids = 0;
async function claim(dir = folder): Promise<ClaimedSocket> {
  pids += 1;
  const socket = await claimSocket(dir, { pid: pids, umask: (mask) => process.umask(mask) });
  claimed.push(socket);
  const greeting = { protocol: PROTOCOL, version: "0", pid: pids, workspace: dir, umask: 0, salt: "" };
  socket.server.on("connection", (client) => client.on("error", () => {}).write(`${JSON.stringify(greeting)}\n`));
  return socket;
}

test("the socket is the person's alone, and gone with the daemon", async () => {
  const socket = await claim();
  expect(statSync(socketPath(folder)).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual(["bd.sock"]);
  expect(socket.isOurs()).toBe(true);
  socket.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("the umask is afterwards what it was", async () => {
  const before = process.umask();
  await claim();
  expect(process.umask()).toBe(before);
});

test("of two that are started at once, one wins, 50 times, and nothing is left of the other", async () => {
  for (let round = 0; round < 50; round += 1) {
    const both = await Promise.allSettled([claim(), claim()]);
    const won = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const lost = both.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(won.filter((socket) => socket.isOurs())).toHaveLength(1);
    for (const error of lost) expect(error).toMatchObject({ kind: "rejected", code: "DAEMON_RUNS" });
    for (const socket of won) socket.release();
    expect(readdirSync(folder)).toEqual([]);
  }
});

test("what a dead daemon left is removed, by one of two", async () => {
  const dead = await listening(join(folder, "first.sock"));
  // As kill -9 leaves it: the file is there, and nobody listens.
  linkSync(join(folder, "first.sock"), socketPath(folder));
  await dead.close();
  expect(existsSync(socketPath(folder))).toBe(true);
  const both = await Promise.allSettled([claim(), claim()]);
  const won = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(won.filter((socket) => socket.isOurs())).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(["bd.sock"]);
});

test("whoever lost the name sees that, and does not take it from the winner when it ends", async () => {
  const first = await claim();
  rmSync(socketPath(folder));
  const second = await claim();
  expect([first.isOurs(), second.isOurs()]).toEqual([false, true]);
  first.release();
  expect(existsSync(socketPath(folder))).toBe(true);
});

test("a file that is no socket is left as it is", async () => {
  writeFileSync(socketPath(folder), "precious");
  await expect(claim()).rejects.toMatchObject({ kind: "config", code: "DAEMON_SOCKET_BLOCKED" });
  expect(statSync(socketPath(folder)).size).toBe(8);
});

test("somebody who holds the socket and says nothing is not replaced", async () => {
  const silent = await listening(socketPath(folder));
  await expect(claim()).rejects.toMatchObject({
    code: "DAEMON_RUNS",
    message: expect.stringContaining("does not answer"),
  });
  await silent.close();
});

describe("a folder whose path is longer than a socket's may be", () => {
  test("has its socket like any other", async () => {
    const deep = join(folder, "a".repeat(100), "b".repeat(100));
    mkdirSync(deep, { recursive: true });
    const socket = await claim(deep);
    expect(socket.isOurs()).toBe(true);
    await expect(claim(deep)).rejects.toMatchObject({ code: "DAEMON_RUNS" });
  });
});
