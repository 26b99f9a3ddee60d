import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { execute } from "../../../src/store/query.ts";
import type { SessionOptions } from "../../../src/store/session-types.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { startScriptedProxy } from "../../support/scripted-proxy.ts";
import { ANN, endpointAt, makeStoreDatabase, type StoreDatabase } from "../../support/store-database.ts";

const mark = (id: string) => execute(sql`INSERT INTO marks VALUES (${id})`);

let database: StoreDatabase;
let foreign: Connection;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
  foreign = await database.foreign();
});

beforeEach(async () => {
  await database.open().write({ message: "empty", author: ANN }, (tx) => tx.all([execute(sql`DELETE FROM marks`)]));
});

afterAll(() => database.remove());

async function leaveUncommitted(n: number): Promise<void> {
  await foreign.query("UPDATE counters SET n = ? WHERE id = 2", [n]);
  await foreign.query("COMMIT");
}

async function holdLock(): Promise<void> {
  await foreign.query("SELECT GET_LOCK(?, 5)", [`${database.name}:write`]);
  onTestFinished(async () => void (await foreign.query("SELECT RELEASE_ALL_LOCKS()")));
}

test("a write waits for the lock, says so after a second, and goes on", async () => {
  await holdLock();
  const notes: string[] = [];
  const session = database.open({
    note: (line) => {
      notes.push(line);
      void foreign.query("SELECT RELEASE_ALL_LOCKS()");
    },
  });

  await session.write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

  expect(notes).toEqual([`waiting for the write lock of '${database.name}' (bd dolt status)`]);
  expect(await database.column("SELECT id FROM marks AS OF 'HEAD'")).toEqual(["a"]);
});

test("the time of a write is that of its transaction, however long it waited for the lock", async () => {
  await holdLock();
  let clock = new Date("2026-01-01T10:00:00Z");
  const session = database.open({
    clock: () => clock,
    note: () => {
      clock = new Date("2026-01-01T10:00:30Z");
      void foreign.query("SELECT RELEASE_ALL_LOCKS()");
    },
  });

  const at = await session.write({ message: "mark", author: ANN }, async (tx) => {
    expect(() => tx.now()).toThrow("no time before its first answer");
    await tx.all([mark("a")]);
    clock = new Date("2026-01-01T11:00:00Z");
    return tx.now().toISOString();
  });

  expect(at).toBe("2026-01-01T10:00:30.000Z");
});

test("a write that gives up on the lock names its holder and has written nothing", async () => {
  await holdLock();
  const [holder] = await database.column(`SELECT IS_USED_LOCK('${database.name}:write')`);

  const waiting = database
    .open({ retryMaxMs: 1000 })
    .write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

  await expect(waiting).rejects.toMatchObject({
    kind: "unavailable",
    code: "LOCK_TIMEOUT",
    message: expect.stringMatching(
      `^the write lock '${database.name}:write' is held by connection ${String(holder)} \\(root@localhost.*\\); gave up after 1 s, nothing was written; if its program is gone, an admin frees the lock by KILL ${String(holder)}$`,
    ),
    hint: "bd dolt status",
    details: { kill: `KILL ${String(holder)}` },
  });
  expect(await database.rows("SELECT id FROM marks")).toEqual([]);
});

test("Ctrl-C ends the wait for the lock", async () => {
  await holdLock();
  const controller = new AbortController();
  const session = database.open({ signal: controller.signal, note: () => controller.abort() });

  const waiting = session.write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

  await expect(waiting).rejects.toMatchObject({ kind: "interrupted", message: "interrupted; nothing was written" });
});

test("the lock is the same for every spelling of the database's name", async () => {
  await holdLock();
  const session = database.open({ database: database.name.toUpperCase(), retryMaxMs: 0 });

  const waiting = session.write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

  await expect(waiting).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
});

test("what another program left uncommitted is committed apart, as bd-recovery", async () => {
  await leaveUncommitted(7);
  const session = database.open();

  await session.write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

  expect(session.notes).toEqual(["committed what another program had left uncommitted in counters (as bd-recovery)"]);
  expect(await database.rows("SELECT committer, message FROM dolt_log LIMIT 2")).toEqual([
    { committer: "ann", message: expect.stringMatching(/^mark\n\nBd-Op: /) },
    { committer: "bd-recovery", message: "bd-recovery: uncommitted changes in counters" },
  ]);
  expect(await database.column("SELECT n FROM counters AS OF 'HEAD' WHERE id = 2")).toEqual([7]);
  expect(await database.column("SELECT n FROM counters AS OF 'HEAD~1' WHERE id = 2")).toEqual([7]);
  expect(await database.column("SELECT id FROM marks AS OF 'HEAD~1'")).toEqual([]);
});

/** Whenever that client's write opens, a foreign program has just left a change. */
async function alwaysDirty(times = Number.POSITIVE_INFINITY): Promise<Partial<SessionOptions>> {
  let n = 0;
  const proxy = await startScriptedProxy(database.port, async (flight) => {
    if (!flight.includes("GET_LOCK") || n >= times) return;
    n += 1;
    await leaveUncommitted(1000 + n);
  });
  onTestFinished(() => proxy.close());
  return { endpoint: endpointAt(proxy.port) };
}

test("a working set that is dirty three times over delays a write", async () => {
  const session = database.open(await alwaysDirty(3));

  await session.write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

  expect((await database.commits()).slice(0, 5)).toEqual([
    "mark",
    "bd-recovery: uncommitted changes in counters",
    "bd-recovery: uncommitted changes in counters",
    "bd-recovery: uncommitted changes in counters",
    "empty",
  ]);
});

test("a working set that stays dirty ends a write, which has written nothing", async () => {
  const session = database.open(await alwaysDirty());

  const writing = session.write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

  await expect(writing).rejects.toMatchObject({
    kind: "unavailable",
    code: "WORKING_SET_DIRTY",
    message: "another program keeps leaving uncommitted changes in counters; nothing was written",
  });
  expect(await database.rows("SELECT id FROM marks")).toEqual([]);
  expect((await database.commits()).slice(0, 4)).toEqual([
    "bd-recovery: uncommitted changes in counters",
    "bd-recovery: uncommitted changes in counters",
    "bd-recovery: uncommitted changes in counters",
    "empty",
  ]);
});

test("committing the working set takes it as it is, under the actor's name", async () => {
  const session = database.open();
  await session.commitWorkingSet({ message: "tidy", author: ANN });
  await leaveUncommitted(8);

  const hash = await session.commitWorkingSet({ message: "take it", author: ANN });

  expect(await database.rows("SELECT commit_hash, committer FROM dolt_log LIMIT 1")).toEqual([
    { commit_hash: hash, committer: "ann" },
  ]);
  expect(await session.commitWorkingSet({ message: "take it", author: ANN })).toBeUndefined();
});
