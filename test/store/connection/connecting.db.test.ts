import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { rows } from "../../../src/store/query.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { freePort, startPrivateDolt } from "../../support/private-dolt.ts";
import { listen, mysqlPacket } from "../../support/scripted-listener.ts";
import { startScriptedProxy } from "../../support/scripted-proxy.ts";
import {
  ANN,
  endpointAt,
  makeStoreDatabase,
  type StoreDatabase,
  type TestSession,
  virtualTime,
} from "../../support/store-database.ts";

const COUNTERS = rows(sql`SELECT id FROM counters ORDER BY id`, (row) => row["id"]);
const readCounters = (session: TestSession) => session.read((reader) => reader.all([COUNTERS]));

let database: StoreDatabase;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
});

afterAll(() => database.remove());

describe("a server that refuses connections", () => {
  test("is waited for ten seconds, whatever the longest wait is", async () => {
    const timing = virtualTime();
    const session = database.open({ endpoint: endpointAt(await freePort()), timing, retryMaxMs: 30_000 });

    await expect(readCounters(session)).rejects.toMatchObject({
      kind: "unavailable",
      code: "SERVER_UNREACHABLE",
      hint: "bd server start",
    });
    expect(timing.sleptMs()).toBeGreaterThan(5000);
    expect(timing.sleptMs()).toBeLessThanOrEqual(10_000);
  });

  test("is not waited for where the longest wait is shorter", async () => {
    const timing = virtualTime();
    const session = database.open({ endpoint: endpointAt(await freePort()), timing, retryMaxMs: 0 });

    await expect(readCounters(session)).rejects.toMatchObject({ code: "SERVER_UNREACHABLE" });
    expect(timing.sleptMs()).toBe(0);
  });

  test("is announced after a second, and Ctrl-C ends the wait", async () => {
    const controller = new AbortController();
    const notes: string[] = [];
    const port = await freePort();
    const session = database.open({
      endpoint: endpointAt(port),
      signal: controller.signal,
      note: (line) => {
        notes.push(line);
        controller.abort();
      },
    });

    await expect(readCounters(session)).rejects.toMatchObject({ kind: "interrupted", code: "INTERRUPTED" });
    expect(notes).toEqual([`no answer from 127.0.0.1:${port} yet, still trying (bd server start)`]);
  });
});

test("a server that stays away is announced once, however often it is asked", async () => {
  const notes: string[] = [];
  const endpoint = endpointAt(await freePort());
  const session = database.open({ endpoint, retryMaxMs: 4000, note: (line) => notes.push(line) });
  for (let times = 0; times < 3; times += 1)
    await expect(readCounters(session)).rejects.toMatchObject({ code: "SERVER_UNREACHABLE" });
  expect(notes).toHaveLength(1);
});

test("a server that has as many connections as it takes is waited for", async () => {
  const full = Buffer.concat([Buffer.of(0xff, 0x10, 0x04), Buffer.from("#08004Too many connections")]);
  const listener = await listen(mysqlPacket(full));
  onTestFinished(() => listener.close());
  const timing = virtualTime();
  const session = database.open({ endpoint: endpointAt(listener.port), timing, retryMaxMs: 5000 });

  await expect(readCounters(session)).rejects.toMatchObject({ kind: "unavailable", code: "TOO_MANY_CONNECTIONS" });
  expect(timing.sleptMs()).toBeGreaterThan(3000);
});

test("a connection that is lost again and again is tried for as long as the longest wait", async () => {
  const proxy = await startScriptedProxy(database.port, (flight, wire) => {
    if (flight.includes("FROM counters")) wire.cutClient();
  });
  onTestFinished(() => proxy.close());
  const timing = virtualTime();
  const session = database.open({ endpoint: endpointAt(proxy.port), timing, retryMaxMs: 2000 });

  await expect(readCounters(session)).rejects.toMatchObject({ kind: "unavailable", code: "CONNECTION_LOST" });
  expect(timing.sleptMs()).toBeGreaterThan(1500);
  expect(timing.sleptMs()).toBeLessThan(3000);
});

test("Ctrl-C does not wait for a server that never greets", async () => {
  const silent = await listen(undefined);
  onTestFinished(() => silent.close());
  const controller = new AbortController();
  const session = database.open({
    endpoint: endpointAt(silent.port),
    signal: controller.signal,
    note: () => controller.abort(),
  });

  await expect(readCounters(session)).rejects.toMatchObject({ kind: "interrupted" });
});

test("a wrong password is refused by name, without the password", async () => {
  const foreign = await database.foreign();
  await foreign.query("CREATE USER 'carl'@'%' IDENTIFIED BY 'the right one'");
  await foreign.query("GRANT ALL ON *.* TO 'carl'@'%'");
  onTestFinished(async () => void (await foreign.query("DROP USER 'carl'@'%'")));
  const as = (password: string) =>
    database.open({ endpoint: { ...endpointAt(database.port), user: "carl", password } });

  expect(await readCounters(as("the right one"))).toEqual([[1, 2]]);
  const refused = await readCounters(as("a wrong one")).catch((error: unknown) => error);
  expect(refused).toMatchObject({ kind: "config", code: "ACCESS_DENIED" });
  expect(String(refused)).not.toContain("a wrong one");
});

test("TLS that the server does not have is an error, not a fallback", async () => {
  const session = database.open({ endpoint: { ...endpointAt(database.port), tls: true } });

  await expect(readCounters(session)).rejects.toMatchObject({ kind: "config", code: "TLS_FAILED" });
});

test("a unix socket is enough to read and to write", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bd-socket-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const socketPath = join(folder, "dolt.sock");
  const server = await startPrivateDolt({ arguments: ["--socket", socketPath] });
  onTestFinished(() => server.stop());
  const here = await makeStoreDatabase(server.port);
  const session = here.open({ endpoint: { ...endpointAt(1), socketPath } });

  await session.write({ message: "mark", author: ANN }, (tx) =>
    tx.all([{ statements: [sql`INSERT INTO marks VALUES ('a')`], decode: () => {} }]),
  );

  expect(await readCounters(session)).toEqual([[1, 2]]);
  expect(await here.column("SELECT id FROM marks AS OF 'HEAD'")).toEqual(["a"]);
});
