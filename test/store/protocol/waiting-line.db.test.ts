import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { execute } from "../../../src/store/query.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { startScriptedProxy } from "../../support/scripted-proxy.ts";
import { ANN, endpointAt, makeStoreDatabase, REAL_TIME, type StoreDatabase } from "../../support/store-database.ts";

let database: StoreDatabase;
let holder: Connection;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
  holder = await database.foreign();
});
beforeEach(async () => {
  await holder.query("SELECT GET_LOCK(?, 5)", [`${database.name}:write`]);
  onTestFinished(async () => void (await holder.query("SELECT RELEASE_ALL_LOCKS()")));
});
afterAll(() => database.remove());

const write = (name: string, options: Parameters<StoreDatabase["open"]>[0] = {}) =>
  database
    .open({ retryMaxMs: 60_000, ...options })
    .write({ message: name, author: ANN }, (tx) => tx.all([execute(sql`INSERT INTO marks VALUES (${name})`)]));

const isTaken = async (lock: string) =>
  (await database.column(`SELECT IS_FREE_LOCK('${database.name}:write:${lock}')`))[0] === 0;

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) if (Date.now() > deadline) throw new Error("it never came to that");
}

test("writers get the lock in the order in which they came", async () => {
  const names = Array.from({ length: 8 }, (_, n) => `writer ${n}`);
  const writing: Promise<unknown>[] = [];
  for (const [place, name] of names.entries()) {
    writing.push(write(name));
    await until(() => isTaken(String(place)));
  }

  await holder.query("SELECT RELEASE_ALL_LOCKS()");
  await Promise.all(writing);

  expect((await database.commits()).toReversed()).toEqual(names);
});

test("who gives up in the middle of the line holds nobody up", async () => {
  const controller = new AbortController();
  const first = write("first");
  await until(() => isTaken("0"));
  const leaving = write("leaving", { signal: controller.signal });
  await until(() => isTaken("1"));
  const last = write("last");
  await until(() => isTaken("2"));

  controller.abort();
  await expect(leaving).rejects.toMatchObject({ code: "INTERRUPTED" });
  await holder.query("SELECT RELEASE_ALL_LOCKS()");

  await Promise.all([first, last]);
  expect((await database.commits()).slice(0, 2)).toEqual(["last", "first"]);
});

/** A writer to whom each look at the lock takes as long as it would wait for one that stands still. */
async function slowWriter(name: string, onLook: (looks: number) => Promise<unknown>) {
  let now = 0;
  let looks = 0;
  const proxy = await startScriptedProxy(database.port, async (flight) => {
    if (!flight.includes("DOLT_HASHOF_DB")) return;
    looks += 1;
    now += 900;
    await onLook(looks);
  });
  onTestFinished(() => proxy.close());
  const timing = { ...REAL_TIME, now: () => now };
  return write(name, { endpoint: endpointAt(proxy.port), timing, retryMaxMs: 1000 });
}

test("the time of waiting begins anew whenever the lock's holder has done something", async () => {
  const worker = await database.foreign();

  await slowWriter("patient", async (looks) => {
    await worker.query("UPDATE counters SET n = n + 1 WHERE id = 1");
    await worker.query("CALL DOLT_COMMIT('-Am', 'work')");
    await worker.query("COMMIT");
    if (looks === 4) await holder.query("SELECT RELEASE_ALL_LOCKS()");
  });

  expect((await database.commits())[0]).toBe("patient");
});

test("a lock that stands still is given up", async () => {
  await expect(slowWriter("hopeless", async () => {})).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
});
