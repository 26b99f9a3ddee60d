import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { command } from "../../src/errors.ts";
import { execute, rows } from "../../src/store/query.ts";
import { shareConnection } from "../../src/store/session.ts";
import type { Caller, ConnectionOptions, SharedConnection } from "../../src/store/session-types.ts";
import { sql } from "../../src/store/sql.ts";
import { doltPort } from "../support/dolt-port.ts";
import { startScriptedProxy } from "../support/scripted-proxy.ts";
import { ANN, endpointAt, makeStoreDatabase, REAL_TIME, type StoreDatabase } from "../support/store-database.ts";

const COUNTER = rows(sql`SELECT n FROM counters WHERE id = 1`, (row) => Number(row["n"]));
const OWN_ID = rows(sql`SELECT CONNECTION_ID() AS id`, (row) => Number(row["id"]));
const mark = (id: string) => execute(sql`INSERT INTO marks VALUES (${id})`);
const QUIET: Caller = { signal: new AbortController().signal, note: () => {} };

let database: StoreDatabase;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
});
afterAll(() => database.remove());

function share(options: Partial<ConnectionOptions> = {}): SharedConnection {
  const shared = shareConnection({
    endpoint: endpointAt(database.port),
    database: database.name,
    projectId: "project-one",
    timing: REAL_TIME,
    clock: () => new Date(),
    retryMaxMs: 10_000,
    newId: () => crypto.randomUUID(),
    startHint: () => command`bd server start`,
    ...options,
  });
  onTestFinished(() => shared.close());
  return shared;
}

async function increment(): Promise<void> {
  const foreign = await database.foreign();
  await foreign.query("UPDATE counters SET n = n + 1 WHERE id = 1");
  await foreign.query("CALL DOLT_COMMIT('-Am', 'foreign')");
  await foreign.query("COMMIT");
}

test("a session does one thing at a time: what begins before the last has ended is refused, and spoils nothing", async () => {
  const session = database.open();

  await session.write({ message: "two", author: ANN }, async (tx) => {
    await tx.all([mark("one")]);
    await expect(session.read((reader) => reader.all([COUNTER]))).rejects.toThrow(
      "read on a session that is busy with write",
    );
    await tx.all([mark("two")]);
  });

  expect(await database.column("SELECT id FROM marks AS OF 'HEAD' ORDER BY id")).toEqual(["one", "two"]);
});

test("a connection is in one hand at a time, and its next user is told of nothing that was before", async () => {
  const shared = share();
  const controller = new AbortController();
  const first = shared.lease({ signal: controller.signal, note: () => {} });
  expect(() => shared.lease(QUIET)).toThrow("in somebody's hands");
  const [[id]] = await first.read((reader) => reader.all([OWN_ID]));
  expect(await first.release()).toBe(true);
  controller.abort();

  const second = shared.lease(QUIET);

  expect(await second.read((reader) => reader.all([OWN_ID]))).toEqual([[id]]);
  await expect(first.read((reader) => reader.all([OWN_ID]))).rejects.toThrow("given back");
});

test("a connection that is given back in the middle of something is not used again", async () => {
  const shared = share();
  const lease = shared.lease(QUIET);
  const [writing] = [
    lease.write({ message: "half", author: ANN }, async (tx) => {
      await tx.all([mark("half")]);
      expect(await lease.release()).toBe(false);
      await tx.all([mark("rest")]);
    }),
  ];

  await expect(writing).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  expect(await shared.lease(QUIET).read((reader) => reader.all([COUNTER]))).toEqual([[expect.any(Number)]]);
  expect(await database.rows("SELECT id FROM marks WHERE id IN ('half', 'rest')")).toEqual([]);
});

test("a read leaves no transaction behind for what follows", async () => {
  const session = database.open();
  const [[before = 0]] = await session.read((reader) => reader.all([COUNTER]));
  await increment();

  expect(await session.call(COUNTER)).toEqual([before + 1]);
});

test("a read's transaction ends although nothing follows", async () => {
  const ended = Promise.withResolvers<void>();
  const proxy = await startScriptedProxy(database.port, (flight) => {
    if (flight.includes("ROLLBACK")) ended.resolve();
  });
  onTestFinished(() => proxy.close());
  const session = database.open({ endpoint: endpointAt(proxy.port) });

  await session.read((reader) => reader.all([COUNTER]));
  await setImmediate();

  await ended.promise;
});

test("a lock is held on one connection for as long as the work lasts, and its loss ends that", async () => {
  const killer = await database.foreign();
  const [holding, waiting] = [database.open(), database.open()];
  const lock = { name: `${database.name}:work`, waitMs: 0, onWait: () => {}, busy: () => new Error("busy") };

  const work = holding.locked(lock, async () => {
    const [id] = await holding.call(OWN_ID);
    await expect(waiting.locked(lock, async () => {})).rejects.toThrow("busy");
    await killer.query(`KILL ${id}`);
    await holding.call(OWN_ID).catch(() => {});
    return holding.read((reader) => reader.all([COUNTER]));
  });

  await expect(work).rejects.toMatchObject({
    code: "CONNECTION_LOST",
    message: "the connection to the server was lost, and with it the lock that this needs",
  });
  expect(await waiting.locked(lock, async () => "got it")).toBe("got it");
  expect(await holding.call(OWN_ID)).toEqual([expect.any(Number)]);
});
