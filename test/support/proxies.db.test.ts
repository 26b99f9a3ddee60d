import { createConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type CountingProxy, startCountingProxy } from "./counting-proxy.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { type PrivateDolt, startPrivateDolt } from "./private-dolt.ts";

let dolt: PrivateDolt;
let proxy: CountingProxy | FaultProxy | undefined;

beforeAll(async () => {
  dolt = await startPrivateDolt();
  const connection = await connectTo(dolt.port);
  await connection.query("CREATE DATABASE cut; CREATE TABLE cut.t (id INT PRIMARY KEY)");
  await connection.end();
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});
afterAll(() => dolt.stop());

function connectTo(port: number) {
  return createConnection({ host: "127.0.0.1", port, user: "root", multipleStatements: true, charset: "utf8mb4" });
}

async function rowsOf(id: number): Promise<unknown> {
  const connection = await connectTo(dolt.port);
  const [rows] = await connection.query({ sql: "SELECT id FROM cut.t WHERE id = ?", rowsAsArray: true }, [id]);
  await connection.end();
  return rows;
}

test("a login is three round trips, each awaited packet one more, and the goodbye none", async () => {
  const counting = await startCountingProxy({ targetPort: dolt.port });
  proxy = counting;

  const connection = await connectTo(counting.port);
  expect(counting.counts()).toEqual({ connections: 1, roundTrips: 3 });
  await connection.query("SELECT 1; SELECT 2; SELECT 3");
  expect(counting.counts()).toEqual({ connections: 1, roundTrips: 4 });
  await connection.query("SELECT 4");
  await connection.end();

  expect(counting.counts()).toEqual({ connections: 1, roundTrips: 5 });
});

test("counting starts again from zero, over several connections", async () => {
  const counting = await startCountingProxy({ targetPort: dolt.port });
  proxy = counting;
  await (await connectTo(counting.port)).end();

  counting.reset();
  const both = await Promise.all([connectTo(counting.port), connectTo(counting.port)]);
  await Promise.all(both.map((connection) => connection.end()));

  expect(counting.counts()).toEqual({ connections: 2, roundTrips: 6 });
});

test("latency is paid once for every round trip", async () => {
  const counting = await startCountingProxy({ targetPort: dolt.port, latencyMs: 40 });
  proxy = counting;

  const start = performance.now();
  const connection = await connectTo(counting.port);
  await connection.query("SELECT 1");
  const elapsed = performance.now() - start;
  connection.destroy();

  expect(counting.counts().roundTrips).toBe(4);
  expect(elapsed).toBeGreaterThanOrEqual(4 * 40 - 4);
});

test("cut before forwarding: the server never saw the statement", async () => {
  const faulty = await startFaultProxy({
    targetPort: dolt.port,
    fault: { whenClientSends: "INSERT INTO cut.t", cut: "before-forwarding" },
  });
  proxy = faulty;
  const connection = await connectTo(faulty.port);

  await expect(connection.query("SET autocommit = 1; INSERT INTO cut.t VALUES (1)")).rejects.toThrow();

  expect(faulty.cuts()).toBe(1);
  expect(await rowsOf(1)).toEqual([]);
});

test("cut before the answer: the server has done it and the client does not know", async () => {
  const faulty = await startFaultProxy({
    targetPort: dolt.port,
    fault: { whenClientSends: "INSERT INTO cut.t", cut: "before-answer" },
  });
  proxy = faulty;
  const connection = await connectTo(faulty.port);
  await connection.query("SET autocommit = 1");

  await expect(connection.query("INSERT INTO cut.t VALUES (2)")).rejects.toThrow();

  expect(await rowsOf(2)).toEqual([[2]]);
});

test("after its strikes the proxy is harmless", async () => {
  const faulty = await startFaultProxy({
    targetPort: dolt.port,
    fault: { whenClientSends: "SELECT 7", cut: "before-answer", times: 2 },
  });
  proxy = faulty;

  for (const _ of [1, 2]) {
    const connection = await connectTo(faulty.port);
    await expect(connection.query("SELECT 7")).rejects.toThrow();
  }
  const connection = await connectTo(faulty.port);
  const [rows] = await connection.query({ sql: "SELECT 7", rowsAsArray: true });
  await connection.end();

  expect(rows).toEqual([[7]]);
  expect(faulty.cuts()).toBe(2);
});
