import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { Interruption } from "../../../src/errors.ts";
import { execute, rows } from "../../../src/store/query.ts";
import type { SessionOptions } from "../../../src/store/session-types.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { listen, mysqlGreeting } from "../../support/scripted-listener.ts";
import { type Script, startScriptedProxy } from "../../support/scripted-proxy.ts";
import {
  ANN,
  endpointAt,
  makeStoreDatabase,
  type StoreDatabase,
  type TestSession,
} from "../../support/store-database.ts";

const COUNTERS = rows(sql`SELECT id FROM counters ORDER BY id`, (row) => row["id"]);
const mark = (id: string) => execute(sql`INSERT INTO marks VALUES (${id})`);
const IMPATIENT = { answerLimitMs: 300, retryMaxMs: 300 };

let database: StoreDatabase;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
});
beforeEach(async () => {
  await database.open().write({ message: "empty", author: ANN }, (tx) => tx.all([execute(sql`DELETE FROM marks`)]));
});
afterAll(() => database.remove());

async function openScripted(script: Script, options: Partial<SessionOptions> = IMPATIENT): Promise<TestSession> {
  const proxy = await startScriptedProxy(database.port, script);
  onTestFinished(() => proxy.close());
  return database.open({ endpoint: endpointAt(proxy.port), ...options });
}

const never = () => new Promise<void>(() => {});
const writeMark = (session: TestSession) =>
  session.write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

test("a server that greets and then says nothing is given up", async () => {
  const listener = await listen(mysqlGreeting("8.0.33"));
  onTestFinished(() => listener.close());
  const session = database.open({ endpoint: endpointAt(listener.port), ...IMPATIENT });

  await expect(session.read((reader) => reader.all([COUNTERS]))).rejects.toMatchObject({
    kind: "unavailable",
    code: "SERVER_SILENT",
  });
});

test.each([
  ["a read", "FROM counters", (session: TestSession) => session.read((reader) => reader.all([COUNTERS]))],
  ["a write", "GET_LOCK", writeMark],
  ["a call", "FROM counters", (session: TestSession) => session.call(COUNTERS)],
  [
    "a migration",
    "FROM counters",
    (session: TestSession) => session.migrate((connection) => connection.query("SELECT id FROM counters")),
  ],
] as const)("%s ends when the server falls silent after the login", async (_what, moment, work) => {
  let isSilent = false;
  const session = await openScripted((flight) => {
    isSilent ||= flight.includes(moment);
    return isSilent ? never() : undefined;
  });

  await expect(work(session)).rejects.toMatchObject({ kind: "unavailable", code: "SERVER_SILENT" });
});

test("a read whose answer is lost on the way is made again", async () => {
  let isLost = false;
  const session = await openScripted(
    (flight, wire) => {
      if (isLost || !flight.includes("FROM counters")) return;
      isLost = true;
      wire.deafenClient();
    },
    { answerLimitMs: 300, retryMaxMs: 10_000 },
  );

  expect(await session.read((reader) => reader.all([COUNTERS]))).toEqual([[1, 2]]);
});

test("a server that says that it is still working is waited for", async () => {
  const session = database.open(IMPATIENT);
  const slow = rows(sql`SELECT SLEEP(1.2) AS slept`, (row) => Number(row["slept"]));

  expect(await session.read((reader) => reader.all([slow, COUNTERS]))).toEqual([[0], [1, 2]]);
});

test("a commit whose answer never comes is looked up on another connection", async () => {
  let isDeaf = false;
  const session = await openScripted(
    (flight, wire) => {
      if (isDeaf || !flight.includes("DOLT_COMMIT")) return;
      isDeaf = true;
      wire.deafenClient();
    },
    { answerLimitMs: 300, retryMaxMs: 10_000 },
  );

  await writeMark(session);

  expect(session.notes).toEqual([
    expect.stringContaining("the connection was lost while committing; the change had landed"),
  ]);
  expect(await database.column("SELECT id FROM marks AS OF 'HEAD'")).toEqual(["a"]);
});

test("a commit that nobody can say anything about ends within the limits, and says how to look", async () => {
  let isSilent = false;
  const session = await openScripted((flight) => {
    isSilent ||= flight.includes("DOLT_COMMIT");
    return isSilent ? never() : undefined;
  });

  await expect(writeMark(session)).rejects.toMatchObject({
    kind: "unavailable",
    code: "COMMIT_UNCERTAIN",
    message: expect.stringMatching(
      /the outcome is unknown: it landed if the log has a commit with operation_id [0-9a-f-]{36}$/,
    ),
    hint: "bd dolt log --json",
  });
});

test("Ctrl-C during a commit waits and says so, and a second one ends with the truth", async () => {
  const controller = new AbortController();
  const again = new AbortController();
  const notes: string[] = [];
  const session = await openScripted(
    async (flight) => {
      if (!flight.includes("DOLT_COMMIT")) return;
      controller.abort(new Interruption(again.signal));
      await never();
    },
    {
      signal: controller.signal,
      note: (line) => {
        notes.push(line);
        again.abort();
      },
    },
  );

  await expect(writeMark(session)).rejects.toMatchObject({
    kind: "interrupted",
    code: "COMMIT_UNCERTAIN",
    message: expect.stringMatching(
      /^interrupted while committing; the outcome is unknown: .* operation_id [0-9a-f-]{36}$/,
    ),
  });
  expect(notes).toEqual(["the change is being committed: waiting up to 10 s for the answer (Ctrl-C again gives up)"]);
});
