import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AdoptOptions, adoptDatabases } from "../../../src/server/adopt/adopt-databases.ts";
import { type DoltBinary, findDolt } from "../../../src/server/dolt/find-dolt.ts";
import { serverPaths } from "../../../src/server/server-paths.ts";
import { startServer } from "../../../src/server/start-server.ts";
import { stopServer } from "../../../src/server/stop-server.ts";
import { bytesOf } from "../../support/bytes-of.ts";
import { doltBinary } from "../../support/dolt-binary.ts";
import { freePort, startPrivateDolt } from "../../support/private-dolt.ts";
import { type TestEnvironment, testEnvironment } from "../../support/server-environment.ts";

let environment: TestEnvironment;
let dolt: DoltBinary;
let dataDir: string;
let project: string;
let old: string;
let port: number;
/** The old data folder as each test finds it: to make it takes seconds. */
const template = join(mkdtempSync(join(tmpdir(), "bd-old-")), "dolt");

/** A project with two databases. */
beforeEach(async () => {
  password = "";
  environment = testEnvironment({ env: { BEADS_DOLT_BIN: doltBinary() } });
  dolt = await findDolt({ ...environment, say: () => undefined });
  ({ dataDir } = serverPaths(environment));
  project = join(environment.home, "project");
  old = join(project, ".beads/dolt");
  port = await freePort();
  if (existsSync(template)) cpSync(template, old, { recursive: true });
  else {
    makeDatabases();
    cpSync(old, template, { recursive: true });
  }
});

afterAll(() => rmSync(dirname(template), { recursive: true, force: true }));

afterEach(async () => {
  await stopServer({ ...environment, signal: undefined });
  environment.remove();
});

function run(args: readonly string[], cwd: string, input?: string): string {
  const env = { ...environment.env };
  const { status, stdout, stderr } = spawnSync(dolt.path, args, { cwd, env, input, encoding: "utf8" });
  expect({ args, status, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

/** One with two branches, rows that no commit has and an ignored table; and another. */
function makeDatabases(): void {
  makeDatabase("alpha", [
    "CREATE TABLE marks (id INT PRIMARY KEY, word TEXT)",
    "INSERT INTO marks VALUES (1, 'one'), (2, 'two')",
    "INSERT INTO dolt_ignore VALUES ('wisps', true)",
    "CALL dolt_commit('-Am', 'marks')",
    "CALL dolt_branch('side')",
    "CALL dolt_tag('first')",
    "INSERT INTO marks VALUES (3, 'not committed')",
    "CREATE TABLE wisps (id INT PRIMARY KEY)",
    "INSERT INTO wisps VALUES (7)",
  ]);
  makeDatabase("beta", ["CREATE TABLE other (id INT PRIMARY KEY)", "CALL dolt_commit('-Am', 'other')"]);
}

function makeDatabase(name: string, statements: readonly string[], parent = old): void {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  run(["init", "--name", "Ann", "--email", "ann@example.test"], folder);
  run(["sql"], folder, statements.join(";\n"));
}

function adopt(options: Partial<AdoptOptions> = {}) {
  return adoptDatabases(environment, { folder: project, only: [], dryRun: false, removeOld: false, dolt, ...options });
}

function start() {
  return startServer(environment, { dolt, port });
}

let password = "";

async function ask(...statements: readonly string[]): Promise<unknown> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", password });
  try {
    let rows: unknown;
    for (const statement of statements) [rows] = await connection.query(statement);
    return rows;
  } finally {
    await connection.end();
  }
}

const HELD = [
  { id: 1, word: "one" },
  { id: 2, word: "two" },
  { id: 3, word: "not committed" },
];

describe("takes all databases of an old data folder", () => {
  test("for a server that is started later; the old folder stays, byte for byte", async () => {
    const before = bytesOf(old);
    const { databases, from, serverPid } = await adopt();
    expect({ from, serverPid, names: databases.map(({ name, outcome }) => [name, outcome]) }).toEqual({
      from: old,
      serverPid: undefined,
      names: [
        ["alpha", "adopted"],
        ["beta", "adopted"],
      ],
    });
    expect(databases[0]?.state.branches.map(({ name }) => name)).toEqual(["main", "side"]);
    expect(databases[0]?.state.tables.map(({ name, rows }) => [name, rows])).toEqual(
      expect.arrayContaining([
        ["marks", 3],
        ["wisps", 1],
      ]),
    );
    expect(bytesOf(old)).toEqual(before);
    await start();
    expect(await ask("SELECT * FROM alpha.marks")).toEqual(HELD);
    expect(await ask("SELECT * FROM alpha.wisps")).toEqual([{ id: 7 }]);
    expect(await ask("SELECT message FROM beta.dolt_log LIMIT 1")).toEqual([{ message: "other" }]);
  });

  test("into a server that runs, which has them at once, whatever its password", async () => {
    await start();
    await ask("ALTER USER root@localhost IDENTIFIED BY 'secret'");
    password = "secret";
    const { databases, serverPid } = await adopt();
    expect(serverPid).toEqual(expect.any(Number));
    expect(databases.map(({ isServed }) => isServed)).toEqual([true, true]);
    expect(await ask("SELECT * FROM alpha.marks")).toEqual(HELD);
    expect(await ask("USE beta", "INSERT INTO other VALUES (1)", "CALL dolt_commit('-am', 'goes on')")).toBeDefined();
  });

  test("beside a database of that name that was dropped there: it can still be had back, the new one comes with a restart", async () => {
    await start();
    await ask("CREATE DATABASE alpha", "CREATE TABLE alpha.dropped (id INT PRIMARY KEY)", "DROP DATABASE alpha");
    const { databases } = await adopt({ only: ["alpha"] });
    expect(databases.map(({ isServed }) => isServed)).toEqual([false]);
    expect(existsSync(join(dataDir, ".dolt_dropped_databases/alpha"))).toBe(true);
    await stopServer({ ...environment, signal: undefined });
    await start();
    expect(await ask("SELECT * FROM alpha.marks")).toEqual(HELD);
  });
});

test("a dry run copies, verifies, and leaves nothing behind", async () => {
  const { databases } = await adopt({ dryRun: true, removeOld: true });
  expect(databases.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["alpha", "adopted"],
    ["beta", "adopted"],
  ]);
  expect(readdirSync(dataDir)).toEqual([]);
  expect(readdirSync(old)).toEqual(expect.arrayContaining(["alpha", "beta"]));
});

test("what ours holds already is there, also when ours has gone on; then the old may be removed", async () => {
  await adopt();
  expect((await adopt()).databases.map(({ outcome }) => outcome)).toEqual(["there", "there"]);
  await start();
  await ask("USE beta", "INSERT INTO other VALUES (1)", "CALL dolt_commit('-am', 'goes on')");
  const { databases } = await adopt({ only: ["beta"], removeOld: true });
  expect(databases.map(({ name, outcome }) => [name, outcome])).toEqual([["beta", "there"]]);
  expect(readdirSync(old)).toEqual(["alpha"]);
  expect(await ask("SELECT * FROM beta.other")).toEqual([{ id: 1 }]);
});

describe("takes nothing, and leaves both folders as they are,", () => {
  test("where one name has another history in ours", async () => {
    makeDatabase("beta", ["CREATE TABLE mine (id INT PRIMARY KEY)", "CALL dolt_commit('-Am', 'mine')"], dataDir);
    const before = bytesOf(dataDir);
    await expect(adopt()).rejects.toMatchObject({ kind: "rejected", code: "DATABASE_NAME_TAKEN" });
    expect(Object.keys(bytesOf(dataDir)).toSorted()).toEqual(Object.keys(before).toSorted());
    expect((await adopt({ only: ["alpha"] })).databases).toHaveLength(1);
  });

  test("where the old one has rows that no commit has, and ours has gone on", async () => {
    await adopt();
    run(["sql"], join(dataDir, "alpha"), "DELETE FROM marks WHERE id = 3");
    await expect(adopt({ only: ["alpha"], removeOld: true })).rejects.toMatchObject({ code: "DATABASE_NAME_TAKEN" });
    expect(readdirSync(old)).toContain("alpha");
  });

  test("while a server works on the old folder", async () => {
    const holder = await startPrivateDolt();
    try {
      await expect(adopt({ folder: holder.dataDir })).rejects.toMatchObject({ code: "DATA_FOLDER_EMPTY" });
      const connection = await createConnection({ host: "127.0.0.1", port: holder.port, user: "root" });
      await connection.query("CREATE DATABASE held");
      await connection.end();
      await expect(adopt({ folder: holder.dataDir })).rejects.toMatchObject({
        kind: "unavailable",
        code: "DATA_FOLDER_HELD",
        message: expect.stringContaining(`Process ${holder.pid}`),
      });
      // Its own note may be missing; the lock is there.
      if (process.platform !== "linux") return;
      rmSync(join(holder.dataDir, ".dolt/sql-server.info"));
      await expect(adopt({ folder: holder.dataDir })).rejects.toMatchObject({ code: "DATA_FOLDER_HELD" });
      expect(existsSync(join(dataDir, "held"))).toBe(false);
    } finally {
      await holder.stop();
    }
  });

  test("where the old data is damaged", async () => {
    const noms = join(old, "beta/.dolt/noms");
    const journal = join(noms, "v".repeat(32));
    const bytes = readFileSync(journal);
    bytes.fill(0x55, Math.floor(bytes.length / 4), Math.floor(bytes.length / 2));
    writeFileSync(journal, bytes);
    await expect(adopt()).rejects.toMatchObject({ kind: "rejected", code: "DATABASE_UNREADABLE" });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test("where a link leads out of the old folder", async () => {
    symlinkSync("/etc/hostname", join(old, "beta/.dolt/linked"));
    await expect(adopt()).rejects.toMatchObject({ code: "FILE_NOT_REGULAR" });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test.each([
    ["our own data folder", () => dataDir, "DATA_FOLDER_OURS"],
    ["a folder without databases", () => join(old, "alpha"), "DATA_FOLDER_EMPTY"],
    ["a folder that is not there", () => join(environment.home, "nope"), "DATA_FOLDER_EMPTY"],
  ])("of %s", async (_what, folder, code) => {
    await adopt();
    await expect(adopt({ folder: folder() })).rejects.toMatchObject({ kind: "usage", code });
  });

  test("of a name that is not in it", async () => {
    await expect(adopt({ only: ["gamma"] })).rejects.toMatchObject({
      kind: "not-found",
      code: "DATABASE_NOT_FOUND",
      message: expect.stringContaining("alpha, beta"),
    });
  });
});

test("what a killed run left is removed by the next, and what another one copies stays", async () => {
  const other = spawn("sleep", ["60"]);
  try {
    const left = join(dataDir, ".bd-adopt-999999999/alpha");
    const going = join(dataDir, `.bd-adopt-${other.pid}/alpha`);
    mkdirSync(left, { recursive: true });
    mkdirSync(going, { recursive: true });
    await adopt();
    expect({ left: existsSync(left), going: existsSync(going) }).toEqual({ left: false, going: true });
    await start();
    expect(await ask("SHOW DATABASES LIKE '%a%'")).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ Database: expect.stringContaining("bd-adopt") })]),
    );
  } finally {
    other.kill();
  }
});
