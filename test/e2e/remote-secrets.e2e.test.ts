import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { doltBinary } from "../support/dolt-binary.ts";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

const CANARY = "canary-b41c9e7d";

let remote: RemoteServer;
let server: PrivateDolt;
let workspace: TestWorkspace;

beforeAll(async () => {
  [remote, server] = await Promise.all([startRemoteServer(CANARY), startPrivateDolt()]);
  workspace = await makeWorkspace({ prefix: "sec", port: server.port });
  await workspace.json(["create", "Secret", "--id", "sec-1"]);
  await workspace.json(["dolt", "remote", "add", "origin", await remote.create("sec")]);
});

afterAll(async () => {
  await workspace.remove();
  await Promise.all([server.stop(), remote.stop()]);
});

test("the password of a push is in no output, argument, environment, table, commit, log or file", async () => {
  const seen = watchProcesses();
  const printed: string[] = [];
  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { child, done } = workspace.spawn(args, { env: { ...remote.credentials, ...env } });
    seen.allow(child.pid);
    const { code, stdout, stderr } = await done;
    printed.push(stdout, stderr);
    return code;
  };
  const wrong = { DOLT_REMOTE_PASSWORD: `${CANARY}-wrong` };
  expect(await run(["dolt", "push", "-v"], wrong)).toBe(4);
  expect(await run(["dolt", "push", "-v", "--json"], wrong)).toBe(4);
  expect(await run(["dolt", "push", "-v", "--dry-run"])).toBe(0);
  expect(await run(["dolt", "push", "-v"])).toBe(0);
  expect(await run(["create", "Another", "--id", "sec-2"])).toBe(0);
  expect(await run(["dolt", "push", "-v", "--json"])).toBe(0);
  expect(await run(["dolt", "fetch", "-v"])).toBe(0);
  expect(await run(["dolt", "fetch", "-v"], { BEADS_DOLT_BIN: "/nowhere/dolt" })).toBe(4);
  await remote.sql("sec", "UPDATE issues SET title = 'Theirs' WHERE id = 'sec-1'", "CALL DOLT_COMMIT('-am', 'x')");
  expect(await run(["dolt", "push", "-v"])).toBe(6);
  for (const args of [["status"], ["show"], ["remote", "list"], ["log"]]) {
    expect(await run(["dolt", ...args, "-v", "--json"])).toBe(0);
  }
  expect(await run(["config", "list"])).toBe(0);

  const { holders, talkers } = seen.stop();
  expect(printed.join("\n")).not.toContain(CANARY);
  expect(talkers).toEqual([]);
  // One dolt at a time, and it is the only child that has the password.
  expect(holders.size).toBeGreaterThan(0);
  expect([...holders]).toEqual([`${doltBinary()} sql -r json`]);
  expect(await server.log()).not.toContain(CANARY);
  expect(await remote.server.log()).not.toContain(CANARY);
  expect(await rowsWith(server.port, "", CANARY)).toEqual([]);
  expect(await rowsWith(remote.server.port, "root-password", CANARY)).toEqual([]);
  const folders = [workspace.home, workspace.dir, server.home, server.dataDir];
  expect(folders.flatMap((folder) => filesWith(folder, CANARY))).toEqual([]);
});

/** Looks at every process of the machine until it is told to stop. */
function watchProcesses() {
  const allowed = new Set<number>();
  const holders = new Set<string>();
  const talkers: string[] = [];
  const look = () => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const holds = textOf(`/proc/${pid}/environ`).includes(CANARY);
      const command = textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
      if (command.includes(CANARY)) talkers.push(command);
      if (allowed.has(Number(pid))) continue;
      // Between its birth and its own program a child is a copy of bd; one that has just ended has no arguments.
      if (holds && command !== "" && !command.includes("bd.cjs")) holders.add(command);
    }
  };
  const timer = setInterval(look, 1);
  return {
    /** `bd` itself: the person's shell gave it the password. */
    allow: (pid: number | undefined) => void allowed.add(pid ?? 0),
    stop() {
      clearInterval(timer);
      return { holders, talkers };
    },
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function filesWith(folder: string, needle: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .filter((path) => textOf(path).includes(needle));
}

/** Every table of every database that has the text in some row, Dolt's own tables included; grants hold only hashes. */
async function rowsWith(port: number, password: string, needle: string): Promise<string[]> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", password });
  const select = async (text: string) => (await connection.query<RowDataPacket[]>(text))[0];
  const found: string[] = [];
  const tables = await select("SELECT table_schema AS d, table_name AS t FROM information_schema.tables");
  const names = tables.map(({ d, t }) => `\`${String(d)}\`.\`${String(t)}\``);
  const databases = [...new Set(tables.map(({ d }) => String(d)))].filter((name) => /^(?:beads_)?sec$/.test(name));
  const own = ["dolt_log", "dolt_remotes", "dolt_branches", "dolt_remote_branches", "dolt_status"];
  names.push(...databases.flatMap((name) => own.map((table) => `\`${name}\`.${table}`)));
  for (const name of names) {
    const rows = await select(`SELECT * FROM ${name}`).catch(() => []);
    if (JSON.stringify(rows).includes(needle)) found.push(name);
  }
  expect(names.length).toBeGreaterThan(60);
  await connection.end();
  return found;
}
