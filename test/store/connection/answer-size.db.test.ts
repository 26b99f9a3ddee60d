import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { execute, rows } from "../../../src/store/query.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { type AnswerHostility, startHostileServer } from "../../support/hostile-server.ts";
import {
  ANN,
  endpointAt,
  makeStoreDatabase,
  type StoreDatabase,
  type TestSession,
} from "../../support/store-database.ts";

const COUNTERS = rows(sql`SELECT id FROM counters`, (row) => row["id"]);
const REPEATED = rows(sql`SELECT REPEAT('x', 60000) AS id`, (row) => row["id"]);
const MAX_BYTES = 1024 ** 2;

let database: StoreDatabase;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
});
afterAll(() => database.remove());

const ENDLESS: readonly AnswerHostility[] = [
  "sends a packet without end",
  "sends rows without end",
  "sends columns without end",
];
const WORKS: readonly (readonly [string, (session: TestSession) => Promise<unknown>])[] = [
  ["a read", (session) => session.read((reader) => reader.all([COUNTERS]))],
  [
    "a write",
    (session) => session.write({ message: "m", author: ANN }, (tx) => tx.all([execute(sql`DELETE FROM marks`)])),
  ],
  ["a call", (session) => session.call(COUNTERS)],
  ["a migration", (session) => session.migrate((connection) => connection.query("SELECT 1"))],
];

test.each(ENDLESS.flatMap((hostility) => WORKS.map(([what, work]) => ({ hostility, what, work }))))(
  "a server that $hostility is cut off during $what, and not asked again",
  async ({ hostility, work }) => {
    const server = await startHostileServer(hostility);
    onTestFinished(() => server.close());
    const session = database.open({ endpoint: endpointAt(server.port), answerMaxBytes: MAX_BYTES });

    await expect(work(session)).rejects.toMatchObject({
      kind: "unavailable",
      code: "ANSWER_TOO_LARGE",
      details: { max_bytes: MAX_BYTES },
    });
  },
);

test("many answers that are small one by one may be large together", async () => {
  const session = database.open({ answerMaxBytes: 100_000 });

  await session.read(async (reader) => {
    for (let question = 0; question < 5; question += 1)
      expect(await reader.all([REPEATED])).toEqual([["x".repeat(60_000)]]);
  });
});
