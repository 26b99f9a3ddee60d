import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { createTracker } from "../../src/tracker/index.ts";
import { mirrorTeller } from "../../src/tracker/tell-mirror.ts";
import { connectionTo, privateRedis } from "../support/private-redis.ts";

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "bd-tell-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** What listens where the daemon of a workspace does, and hears who knocks. */
async function listener(): Promise<{ readonly beadsDir: string; readonly heard: string[] }> {
  const beadsDir = join(folder(), ".beads");
  mkdirSync(beadsDir);
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.write('{"protocol":1}\n');
    socket.on("data", (chunk) => heard.push(String(chunk)));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => void server.listen(join(beadsDir, "bd.sock"), resolve));
  onTestFinished(() => void server.close());
  return { beadsDir, heard };
}

test("each change of a store is told to the daemon there, and to nobody where functions run or nobody is to be told", async () => {
  const url = await privateRedis();
  const { beadsDir, heard } = await listener();
  const silent = [
    createTracker({ connection: connectionTo(url), env: { BEADS_DIR: beadsDir, VERCEL: "1" } }),
    createTracker({ connection: connectionTo(url), env: { BEADS_DIR: beadsDir }, mirror: "off" }),
    createTracker({ connection: connectionTo(url), env: { BEADS_DIR: join(beadsDir, "nowhere") } }),
  ];
  for (const tracker of silent) await tracker.create({ title: "Silent" });
  await delay(200);
  expect(heard).toEqual([]);

  const tracker = createTracker({ connection: connectionTo(url), env: { BEADS_DIR: beadsDir } });
  await tracker.create({ title: "Told" });
  await expect.poll(() => heard).toHaveLength(1);
  expect(JSON.parse(heard[0] ?? "")).toEqual({ id: 1, op: "daemon.event", input: { event: "tracker-changed" } });
});

test("a change asks the store as much, whether somebody mirrors it, nobody does, or nobody is told", async () => {
  const url = await privateRedis();
  const { beadsDir } = await listener();
  const connection = connectionTo(url);
  const ways = [
    { env: { BEADS_DIR: beadsDir } },
    { env: { BEADS_DIR: join(beadsDir, "nowhere") } },
    { env: {}, mirror: "off" as const },
    { env: { VERCEL: "1" } },
  ];
  const asked = ways.map(async (options) => {
    const commands: string[] = [];
    const counting = {
      ...connection,
      send(command: readonly string[]) {
        commands.push(String(command[0]));
        return connection.send(command);
      },
    };
    const tracker = createTracker({ ...options, connection: counting });
    const { task } = await tracker.create({ title: "One" });
    await tracker.update(task.id, { title: "Two" });
    await tracker.remove(task.id);
    await tracker.purge(task.id);
    return commands;
  });
  const [first, ...others] = await Promise.all(asked);
  expect(first).toEqual(["EVAL", "GET", "EVAL", "GET", "EVAL", "GET", "EVAL"]);
  for (const other of others) expect(other).toEqual(first);
});

test("many changes are told in two goes, one that runs and one for the rest", async () => {
  const { beadsDir, heard } = await listener();
  const tell = mirrorTeller("daemon", { BEADS_DIR: beadsDir });
  for (let n = 0; n < 100; n += 1) tell();
  await expect.poll(() => heard).toHaveLength(2);
  await delay(100);
  expect(heard).toHaveLength(2);
});

test("a mirror that is to be a process is started, and not waited for", async () => {
  const dir = folder();
  const said = join(dir, "said");
  writeFileSync(join(dir, "bd"), `#!/bin/sh\necho "$@" >> ${said}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${dir}${delimiter}${process.env["PATH"]}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const tell = mirrorTeller("process", {});
  for (let n = 0; n < 10; n += 1) tell();
  const lines = () => readFileSync(said, { encoding: "utf8", flag: "a+" }).split("\n").filter(Boolean);
  await expect.poll(lines).toEqual(["tracker sync --once --quiet", "tracker sync --once --quiet"]);
});

test("where there is no bd, no Node, and no folder, nothing happens", async () => {
  vi.stubEnv("PATH", folder());
  onTestFinished(() => void vi.unstubAllEnvs());
  const tells = [
    mirrorTeller("process", {}),
    mirrorTeller("daemon", {}, {}),
    mirrorTeller("daemon", { BEADS_DIR: "/nowhere" }),
  ];
  for (const tell of tells) expect(tell()).toBeUndefined();
  await delay(100);
});

test("what lies where the socket would be, and is none, is left alone", async () => {
  const beadsDir = folder();
  writeFileSync(join(beadsDir, "bd.sock"), "");
  expect(mirrorTeller("daemon", { BEADS_DIR: beadsDir })()).toBeUndefined();
  await delay(50);
});
