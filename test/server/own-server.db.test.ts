import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DoltBinary, findDolt } from "../../src/server/dolt/find-dolt.ts";
import { inspectProcess } from "../../src/server/process-identity.ts";
import { serverLogs } from "../../src/server/server-logs.ts";
import { type ServerPaths, serverPaths } from "../../src/server/server-paths.ts";
import { serverStatus } from "../../src/server/server-status.ts";
import { startServer } from "../../src/server/start-server.ts";
import { stopServer } from "../../src/server/stop-server.ts";
import { all } from "../support/async-iterable.ts";
import { doltBinary } from "../support/dolt-binary.ts";
import { fakeProgram } from "../support/fake-program.ts";
import { freePort, startPrivateDolt } from "../support/private-dolt.ts";
import { listen, mysqlGreeting } from "../support/scripted-listener.ts";
import { type TestEnvironment, testEnvironment } from "../support/server-environment.ts";

let environment: TestEnvironment;
let paths: ServerPaths;
let dolt: DoltBinary;
let port: number;

beforeEach(async () => {
  environment = testEnvironment({ env: { BEADS_DOLT_BIN: doltBinary() } });
  paths = serverPaths(environment);
  dolt = await findDolt({ ...environment, say: () => undefined });
  port = await freePort();
});

afterEach(async () => {
  await stopServer({ ...environment, signal: undefined });
  environment.remove();
});

async function query(sql: string, at = port): Promise<unknown> {
  const connection = await createConnection({ host: "127.0.0.1", port: at, user: "root" });
  try {
    const [rows] = await connection.query(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

async function identify(_host: string, at: number): Promise<string> {
  return `Dolt ${JSON.stringify(await query("SELECT dolt_version() AS version", at))}`;
}

async function untilGone(pid: number): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await delay(20)) {
    if ((await inspectProcess(environment, pid)) === undefined) return;
  }
  throw new Error(`process ${pid} is still there`);
}

async function logLines(lines: number): Promise<readonly string[]> {
  return all(serverLogs(environment, { lines }));
}

/** What start would have written of this process, as if it were the server. */
async function recordOf(pid: number): Promise<string> {
  const identity = await inspectProcess(environment, pid);
  return JSON.stringify({
    state: "running",
    pid,
    processStarted: identity?.startedAt ?? "",
    host: "127.0.0.1",
    port,
    dataDir: paths.dataDir,
    doltPath: dolt.path,
    doltVersion: dolt.version,
  });
}

function writePidFile(text: string): void {
  mkdirSync(paths.dataDir, { recursive: true });
  writeFileSync(paths.pidFile, text);
}

async function accessDenied(): Promise<never> {
  throw new Error("access denied");
}

function notPermitted(): never {
  throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
}

describe("starting and stopping", () => {
  it("returns when the server answers a query, tells its state, and stops it", async () => {
    const { outcome, server } = await startServer(environment, { dolt, port });
    const autocommit = await query("SELECT @@autocommit AS autocommit");
    await query("CREATE DATABASE `beads_a-b`");
    const running = await serverStatus(environment);
    const stopped = await stopServer(environment);
    const after = await serverStatus(environment, { port });

    expect(outcome).toBe("started");
    expect(server).toMatchObject({ host: "127.0.0.1", port, dataDir: paths.dataDir, doltVersion: dolt.version });
    expect(autocommit).toEqual([{ autocommit: 0 }]);
    expect(running).toMatchObject({ state: "running", server, port, databases: ["beads_a-b"] });
    expect(stopped).toEqual({ outcome: "stopped", server });
    expect(environment.signalled).toEqual([server.pid]);
    expect(await inspectProcess(environment, server.pid)).toBeUndefined();
    expect(after).toMatchObject({ state: "stopped", server: undefined, answer: { kind: "free" }, answers: "nobody" });
    expect(existsSync(paths.pidFile)).toBe(false);
  });

  it("keeps data, log and pid file for the person alone", async () => {
    await startServer(environment, { dolt, port });

    const modes = [dirname(paths.dataDir), paths.dataDir, paths.logFile, paths.pidFile].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600]);
  });

  it("keeps the person's secrets out of the server, and starts in spite of DOLT_CLI_PASSWORD", async () => {
    const secrets = { DOLT_CLI_PASSWORD: "s3cret", DOLT_REMOTE_PASSWORD: "s3cret", BEADS_DOLT_PASSWORD: "s3cret" };
    const env = { ...environment.env, ...secrets };

    const { server } = await startServer({ ...environment, env }, { dolt, port });

    expect(readFileSync(`/proc/${server.pid}/environ`, "utf8")).not.toContain("s3cret");
  });

  it("started twice, says so and leaves the first one running", async () => {
    const first = await startServer(environment, { dolt, port });
    const second = await startServer(environment, { dolt, port });

    expect(second).toEqual({ outcome: "already-running", server: first.server });
    expect(environment.said.at(-1)).toBe(`Our server runs already: 127.0.0.1:${port}, pid ${first.server.pid}`);
  });

  it("started by four at once, makes one server", async () => {
    const starts = await Promise.all([1, 2, 3, 4].map(() => startServer(environment, { dolt, port })));

    expect(starts.map((start) => start.outcome).toSorted()).toEqual([
      "already-running",
      "already-running",
      "already-running",
      "started",
    ]);
    expect(new Set(starts.map((start) => start.server.pid)).size).toBe(1);
  });

  it("refuses to start on another port while it runs", async () => {
    const { server } = await startServer(environment, { dolt, port });

    await expect(startServer(environment, { dolt, port: port + 1 })).rejects.toMatchObject({
      kind: "rejected",
      code: "SERVER_RUNS_ELSEWHERE",
      message: `Our server runs already (pid ${server.pid}), but on 127.0.0.1:${port} and not on 127.0.0.1:${port + 1}`,
    });
  });

  it("stopped when nothing runs, says so", async () => {
    expect(await stopServer(environment)).toEqual({ outcome: "not-running" });
    expect(await serverStatus(environment, { port })).toMatchObject({ state: "stopped", databases: [] });
  });

  it("starts again after kill -9 with its data", async () => {
    const first = await startServer(environment, { dolt, port });
    await query("CREATE DATABASE kept");
    process.kill(first.server.pid, "SIGKILL");
    await untilGone(first.server.pid);

    expect(await serverStatus(environment, { port })).toMatchObject({ state: "stale", server: undefined });
    const second = await startServer(environment, { dolt, port });

    expect(second.outcome).toBe("started");
    expect(environment.said).toContain(`The process ${first.server.pid} of our pid file is gone: removing the file`);
    expect(await query("SHOW DATABASES LIKE 'kept'")).toHaveLength(1);
  });
});

describe("a port that somebody else holds", () => {
  it("is refused with what another Dolt says of itself, and that server stays", async () => {
    const foreign = await startPrivateDolt();
    try {
      await expect(startServer(environment, { dolt, port: foreign.port, identify })).rejects.toMatchObject({
        kind: "unavailable",
        code: "PORT_TAKEN",
        message: `Port ${foreign.port} on 127.0.0.1 is held by a server that we did not start: Dolt [{"version":"${dolt.version}"}] answers there`,
      });
      expect(await stopServer(environment)).toEqual({ outcome: "not-running" });
      expect(await query("SELECT 1 AS one", foreign.port)).toEqual([{ one: 1 }]);
    } finally {
      await foreign.stop();
    }
    expect(existsSync(paths.pidFile)).toBe(false);
    expect(environment.signalled).toEqual([]);
  });

  it("is refused by its greeting when it won't tell what it is", async () => {
    const foreign = await listen(mysqlGreeting("8.0.33"));
    try {
      await expect(
        startServer(environment, { dolt, port: foreign.port, identify: accessDenied }),
      ).rejects.toMatchObject({ code: "PORT_TAKEN", details: { answers: expect.stringContaining("greets as MySQL") } });
    } finally {
      await foreign.close();
    }
  });

  it.each([
    ["MariaDB", mysqlGreeting("5.5.5-10.11.6-MariaDB"), "MariaDB 10.11.6"],
    ["another protocol", "220 mail.example ESMTP\r\n", "something that does not speak MySQL"],
  ])("is refused with the name of %s", async (_what, greeting, named) => {
    const foreign = await listen(greeting);
    try {
      await expect(startServer(environment, { dolt, port: foreign.port })).rejects.toMatchObject({
        code: "PORT_TAKEN",
        message: expect.stringContaining(`we did not start: ${named} answers there`),
      });
    } finally {
      await foreign.close();
    }
  });
});

describe("a server that does not come up", () => {
  it("is reported with the end of its log when dolt ends", async () => {
    const other = await startPrivateDolt();
    await query("CREATE DATABASE held", other.port);
    const env = { ...environment.env, BEADS_DOLT_DATA_DIR: other.dataDir };
    try {
      const started = startServer({ ...environment, env }, { dolt, port });

      await expect(started).rejects.toMatchObject({
        kind: "unavailable",
        code: "SERVER_FAILED",
        message: expect.stringContaining('database "held" is locked by another dolt process'),
        hint: "bd server logs",
        details: { log_file: join(other.dataDir, "bd-server.log") },
      });
      expect(existsSync(join(other.dataDir, "bd-server.pid"))).toBe(false);
    } finally {
      await other.stop();
    }
  });

  it("is ended again when it stays silent", async () => {
    const silent = fakeProgram(join(environment.home, "silent"), 'echo "thinking"; exec sleep 600');

    const started = startServer(environment, { dolt: { ...dolt, path: silent }, port, readyTimeoutMs: 300 });

    await expect(started).rejects.toMatchObject({ code: "SERVER_START_TIMEOUT", details: { log: ["thinking"] } });
    expect(existsSync(paths.pidFile)).toBe(false);
  });

  it("is ended again at Ctrl-C", async () => {
    const controller = new AbortController();
    const silent = fakeProgram(join(environment.home, "silent"), "exec sleep 600");
    const say = (): void => controller.abort();

    const started = startServer(
      { ...environment, say, signal: controller.signal },
      { dolt: { ...dolt, path: silent }, port },
    );

    await expect(started).rejects.toMatchObject({ kind: "interrupted" });
    expect(existsSync(paths.pidFile)).toBe(false);
  });

  it("is reported when the program can't be run", async () => {
    const gone = { ...dolt, path: join(environment.home, "gone") };

    await expect(startServer(environment, { dolt: gone, port })).rejects.toMatchObject({
      code: "SERVER_FAILED",
      message: `${environment.home}/gone does not start (ENOENT)`,
    });
    expect(existsSync(paths.pidFile)).toBe(false);
  });

  it("is reported when the data folder can't be made", async () => {
    const file = join(environment.home, "file");
    writeFileSync(file, "");
    const env = { ...environment.env, BEADS_DOLT_DATA_DIR: join(file, "dolt") };

    await expect(startServer({ ...environment, env }, { dolt, port })).rejects.toMatchObject({
      kind: "config",
      code: "DATA_DIR_UNUSABLE",
    });
  });
});

describe("the pid file", () => {
  it("never makes us signal a process that is not our server", async () => {
    const bystander = spawn("sleep", ["600"], { stdio: "ignore" });
    await once(bystander, "spawn");
    writePidFile(await recordOf(bystander.pid ?? 0));

    const stopped = await stopServer(environment);

    expect(stopped).toEqual({ outcome: "not-running" });
    expect(environment.signalled).toEqual([]);
    expect(bystander.exitCode).toBeNull();
    expect(environment.said).toEqual([
      `The pid ${bystander.pid} of our pid file belongs to another process now: removing the file`,
    ]);
    expect(existsSync(paths.pidFile)).toBe(false);
    bystander.kill();
  });

  it("never makes us signal a server that has got the pid of ours", async () => {
    const { server } = await startServer(environment, { dolt, port });
    const real = readFileSync(paths.pidFile, "utf8");
    writePidFile(real.replace(server.processStarted, "1"));

    const stopped = await stopServer(environment);

    expect(stopped).toEqual({ outcome: "not-running" });
    expect(await query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    writePidFile(real);
  });

  it.each(["", "{", '{"state":"running"}', "4711\n"])("that reads %j is removed with a word", async (text) => {
    writePidFile(text);

    const { outcome } = await startServer(environment, { dolt, port });

    expect(outcome).toBe("started");
    expect(environment.said[0]).toBe(`The pid file ${paths.pidFile} is unreadable: removing the file`);
  });

  it("of a start that is under way is respected by stop", async () => {
    const self = await inspectProcess(environment, process.pid);
    writePidFile(JSON.stringify({ state: "starting", pid: process.pid, processStarted: self?.startedAt }));

    await expect(stopServer(environment)).rejects.toMatchObject({ kind: "conflict", code: "SERVER_STARTING" });
    await expect(startServer(environment, { dolt, port, readyTimeoutMs: 100 })).rejects.toMatchObject({
      code: "SERVER_START_TIMEOUT",
    });
    expect(await serverStatus(environment, { port })).toMatchObject({ state: "starting" });
    writePidFile("{}");
  });

  it("of a server that we may not signal stays, and stop says so", async () => {
    const { server } = await startServer(environment, { dolt, port });

    await expect(stopServer({ ...environment, kill: notPermitted })).rejects.toMatchObject({
      kind: "rejected",
      code: "SERVER_NOT_SIGNALLED",
      message: `We may not signal our server, process ${server.pid} (EPERM)`,
    });
    expect(existsSync(paths.pidFile)).toBe(true);
  });

  it("of a server that ignores SIGTERM stays, and stop says so", async () => {
    await startServer(environment, { dolt, port });
    const deaf = { ...environment, kill: () => undefined };

    await expect(stopServer(deaf, { timeoutMs: 100 })).rejects.toMatchObject({
      kind: "unavailable",
      code: "SERVER_STOP_TIMEOUT",
    });
    expect(existsSync(paths.pidFile)).toBe(true);
  });
});

describe("the log", () => {
  it("is missing before the first start, with a hint", async () => {
    await expect(logLines(10)).rejects.toMatchObject({
      kind: "not-found",
      code: "SERVER_LOG_MISSING",
      hint: "bd server start",
    });
  });

  it("has the server's own words, and keeps those of earlier starts", async () => {
    await startServer(environment, { dolt, port });
    await stopServer(environment);
    await startServer(environment, { dolt, port });

    const ready = (await logLines(1000)).filter((line) => line.includes("Server ready"));

    expect(ready).toHaveLength(2);
  });
});
