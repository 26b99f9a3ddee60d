import { execFile, execFileSync } from "node:child_process";
import { chownSync, cpSync, existsSync, readFileSync, realpathSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { greet } from "../../src/rpc/ask-daemon.ts";
import { socketPath } from "../../src/rpc/socket-path.ts";
import { fencedBlocks, readDocuments } from "../support/documents.ts";
import { BD_PATH, PACKAGE_ROOT } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
let beadsDir: string;
beforeEach(async () => {
  workspace = await makeWorkspace();
  beadsDir = realpathSync(join(workspace.dir, ".beads"));
});
afterEach(async () => {
  await bd("daemon", "stop");
  await workspace.remove();
});

const bd = (...args: string[]) => workspace.spawn(args).done;
const status = async () => JSON.parse((await bd("daemon", "status", "--json")).stdout);
const pid = async () => {
  const greeting = await greet(beadsDir);
  return typeof greeting === "object" ? greeting.pid : undefined;
};

test("it is started and stopped by name, once, and serves what comes in between", { timeout: 120_000 }, async () => {
  expect(await status()).toMatchObject({ running: false });
  expect((await bd("daemon", "start")).stdout).toMatch(/✓ Daemon started \(PID \d+\)/);
  const first = await pid();
  expect((await bd("daemon", "start")).stdout).toContain(`runs already (PID ${first})`);
  expect(await bd("create", "Through", "-q")).toMatchObject({ code: 0 });
  const by = await bd("list", "-v");
  expect(by.stdout).toContain("Through");
  expect(by.stderr).not.toContain("not through the daemon");
  expect((await bd("server", "status", "-v")).code).toBe(0);
  const push = await bd("dolt", "push", "-v");
  expect(push.stderr).toContain("not through the daemon: it may need the password of a remote");
  const { requests } = await status();
  expect(requests.served).toBeGreaterThanOrEqual(3);
  expect(requests.direct).toMatchObject({ "it may need the password of a remote": 1 });
  expect((await bd("daemon", "restart")).stdout).toContain("Daemon started");
  expect(await pid()).not.toBe(first);
  expect((await bd("daemon", "stop")).stdout).toMatch(/✓ Daemon stopped/);
  expect((await bd("daemon", "stop")).stdout).toBe("No daemon runs here\n");
  expect(await bd("list")).toMatchObject({ code: 0, stderr: "" });
});

test("a daemon of another installation runs nothing for this one, and a start replaces it", {
  timeout: 120_000,
}, async () => {
  const other = join(workspace.home, "other");
  for (const part of ["dist", "migrations", "package.json"])
    cpSync(join(PACKAGE_ROOT, part), join(other, part), { recursive: true });
  await promisify(execFile)(process.execPath, [join(other, "dist/bd.cjs"), "daemon", "start"], {
    cwd: workspace.dir,
    env: workspace.env,
  });
  const first = await pid();
  expect(first).toEqual(expect.any(Number));
  expect((await bd("list", "-v")).stderr).toContain("the daemon runs another bd");
  expect((await bd("daemon", "start")).stdout).toContain("Daemon started");
  expect(await pid()).not.toBe(first);
  expect((await bd("list", "-v")).stderr).not.toContain("not through the daemon");
});

test("SIGHUP does nothing; after kill -9 the next command works at once, and a start finds its way", {
  timeout: 120_000,
}, async () => {
  await bd("daemon", "start");
  const first = (await pid()) ?? 0;
  process.kill(first, "SIGHUP");
  expect(await bd("list")).toMatchObject({ code: 0 });
  expect(await pid()).toBe(first);
  process.kill(first, "SIGKILL");
  expect(await bd("create", "By itself")).toMatchObject({ code: 0, stderr: "" });
  expect((await bd("daemon", "start")).stdout).toContain("Daemon started");
  expect((await bd("list")).stdout).toContain("By itself");
});

test("Ctrl-C ends what runs in the daemon, and not the daemon", { timeout: 120_000 }, async () => {
  await bd("daemon", "start");
  const watch = workspace.spawn(["watch"]);
  await expect.poll(async () => (await status()).requests.running).toBeGreaterThan(1);
  watch.child.kill("SIGINT");
  expect(await watch.done).toMatchObject({ code: 130 });
  await expect.poll(async () => (await status()).requests.running).toBe(1);
});

test("of clients whose daemon is killed again and again, each makes its change once or says why not", {
  timeout: 300_000,
}, async () => {
  await bd("daemon", "start");
  const titles = Array.from({ length: 24 }, (_, n) => `Under fire ${n}`);
  const state = { isOver: false };
  const killing = (async () => {
    while (!state.isOver) {
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 300));
      const victim = await pid();
      if (victim !== undefined) process.kill(victim, "SIGKILL");
      await bd("daemon", "start");
    }
  })();
  const results = new Map<string, { code: number; stdout: string }>();
  const lane = async (mine: string[]) => {
    for (const title of mine) results.set(title, await bd("create", title, "--json"));
  };
  await Promise.all([0, 1, 2, 3].map((n) => lane(titles.filter((_, at) => at % 4 === n))));
  state.isOver = true;
  await killing;
  const made = (await workspace.sql("SELECT title FROM issues")).map(({ title }) => String(title));
  for (const [title, { code, stdout }] of results) {
    const times = made.filter((one) => one === title).length;
    if (code === 0) expect([title, times]).toEqual([title, 1]);
    else expect([title, JSON.parse(stdout).code, times]).toEqual([title, "LANDED_BEFORE", 1]);
  }
});

test("a workspace that is moved gets a daemon of its own with the next start, and the old one leaves", {
  timeout: 120_000,
}, async () => {
  await bd("daemon", "start");
  const old = await pid();
  const moved = join(workspace.dir, "../moved");
  renameSync(workspace.dir, moved);
  try {
    const there = (...args: string[]) => workspace.spawn(args, { cwd: moved }).done;
    expect((await there("daemon", "start")).stdout).toContain("Daemon started");
    expect((await there("list", "-v")).stderr).not.toContain("not through the daemon");
    expect((await there("daemon", "restart")).stdout).toContain("Daemon started");
    expect((await there("list", "-v")).stderr).not.toContain("not through the daemon");
    await there("daemon", "stop");
    const isThere = () => existsSync(`/proc/${old}`) && !readFileSync(`/proc/${old}/stat`, "utf8").includes(") Z ");
    await expect.poll(isThere, { timeout: 10_000 }).toBe(false);
  } finally {
    renameSync(moved, workspace.dir);
  }
});

test("who says hello and then nothing, or is somebody else, holds no command up", { timeout: 120_000 }, async () => {
  const greeting = { protocol: 1, version: "0", pid: 1, program: "x", workspace: beadsDir, umask: 18, salt: "00" };
  const silent = createServer((client) => void client.on("error", () => {}).write(`${JSON.stringify(greeting)}\n`));
  await new Promise<void>((resolve) => void silent.listen(socketPath(beadsDir), resolve));
  onTestFinished(() => void silent.close());
  expect(await bd("daemon", "event", "export-needed")).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(await bd("daemon", "status", "--json")).toMatchObject({
    code: 5,
    stdout: expect.stringContaining("DAEMON_SILENT"),
  });
  if (process.geteuid?.() !== 0) return;
  chownSync(socketPath(beadsDir), 65_534, 65_534);
  for (const word of ["status", "start", "stop"]) {
    expect(await bd("daemon", word, "--json"), word).toMatchObject({
      code: 5,
      stdout: expect.stringContaining("DAEMON_SILENT"),
    });
  }
});

test("a pipe in the place of the log is refused", { timeout: 120_000 }, async () => {
  execFileSync("mkfifo", [join(beadsDir, "daemon.log")]);
  for (const word of ["start", "logs"]) {
    expect(await bd("daemon", word, "--json"), word).toMatchObject({
      code: 4,
      stdout: expect.stringContaining("FILE_NOT_REGULAR"),
    });
  }
});

test("a daemon whose folder is removed leaves nothing that answers", { timeout: 120_000 }, async () => {
  await bd("daemon", "start");
  rmSync(beadsDir, { recursive: true });
  expect((await bd("list")).code).toBe(4);
});

test("the program of docs/daemon.md talks to it", { timeout: 120_000 }, async () => {
  await bd("daemon", "start");
  const document = readDocuments().find(({ path }) => path === "docs/daemon.md") ?? expect.fail("no such document");
  const program = fencedBlocks(document, "js").flat().join("\n");
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    cwd: workspace.dir,
  });
  expect(stdout).toMatch(/^made \S+-\S+\nevent \w+\n$/);
});

test("output that nobody takes ends a line as it does without a daemon", { timeout: 120_000 }, async () => {
  await bd("daemon", "start");
  const shell = (line: string, env: Record<string, string> = {}) =>
    promisify(execFile)("bash", ["-c", `set -o pipefail; ${line}`], {
      cwd: workspace.dir,
      env: { ...workspace.env, ...env, NODE: process.execPath, BD: BD_PATH },
    }).then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }) => ({ code, stderr }),
    );
  for (const line of [
    '"$NODE" "$BD" list >/dev/full',
    '"$NODE" "$BD" show none-1 --json >/dev/full',
    '"$NODE" "$BD" nonsense --json >/dev/full',
    '"$NODE" "$BD" changes --from-start | true',
    '"$NODE" "$BD" list >&-',
  ]) {
    expect(await shell(line), line).toEqual(await shell(line, { BEADS_NO_DAEMON: "1" }));
  }
});

test("standard input of megabytes reaches the daemon in order", { timeout: 120_000 }, async () => {
  await bd("daemon", "start");
  const titles = Array.from({ length: 6000 }, (_, n) => `Issue ${n} ${"x".repeat(200)}`);
  const lines = titles.map((title, n) => JSON.stringify({ id: `in-${n}`, title }));
  const imported = await workspace.spawn(["import", "-", "-v"], { stdin: `${lines.join("\n")}\n` }).done;
  expect(imported).toMatchObject({ code: 0 });
  expect(imported.stderr).not.toContain("not through the daemon");
  const rows = await workspace.sql("SELECT title FROM issues");
  expect(rows.map(({ title }) => String(title)).toSorted()).toEqual(titles.toSorted());
});

test("with daemon.autostart, the first command starts one behind itself, and no other does", {
  timeout: 120_000,
}, async () => {
  const env = { BD_DAEMON_AUTOSTART: "true" };
  expect(await workspace.spawn(["list"], { env: { ...env, BEADS_NO_DAEMON: "1" } }).done).toMatchObject({ code: 0 });
  expect(await pid()).toBeUndefined();
  expect(await workspace.spawn(["list"], { env }).done).toMatchObject({ code: 0, stderr: "" });
  await expect.poll(pid).toEqual(expect.any(Number));
  const first = await pid();
  expect(await workspace.spawn(["list"], { env }).done).toMatchObject({ code: 0, stderr: "" });
  expect(await pid()).toBe(first);
});
