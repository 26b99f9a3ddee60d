import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { BdError } from "../../../src/errors.ts";
import { execute } from "../../../src/store/query.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { type AnswerHostility, answerHostilely } from "../../support/hostile-server.ts";
import { startScriptedProxy } from "../../support/scripted-proxy.ts";
import {
  ANN,
  endpointAt,
  makeStoreDatabase,
  type StoreDatabase,
  type TestSession,
} from "../../support/store-database.ts";

/** All that can stand in an answer's place, but a refusal, which is an answer. */
const UNCLEAR: Readonly<Record<Exclude<AnswerHostility, "speaks to the terminal">, true>> = {
  "asks for a file": true,
  "sends a packet without end": true,
  "sends rows without end": true,
  "sends columns without end": true,
  "announces a huge packet": true,
  "numbers its packets wrongly": true,
  "gives a length that is none": true,
  "gives text for numbers": true,
  "gives bytes for everything": true,
  "answers too much": true,
  "answers with nothing": true,
  "answers in pieces of nonsense": true,
  "falls silent in a packet": true,
  "falls silent after the login": true,
  "closes at the question": true,
};
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what Object.keys can't know
const CASES = (Object.keys(UNCLEAR) as (keyof typeof UNCLEAR)[]).flatMap((hostility) =>
  [true, false].map((serverActs) => ({ hostility, serverActs })),
);
const LIMITS = { answerLimitMs: 300, answerMaxBytes: 1024 ** 2 };

let database: StoreDatabase;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
});
afterAll(() => database.remove());

// The driver says what it thinks of such answers.
beforeEach(() => {
  for (const name of ["error", "trace"] as const) vi.spyOn(console, name).mockImplementation(() => {});
  return () => vi.restoreAllMocks();
});

/** A session that hears that, once, in place of the answer to what holds these words. */
async function openAt(words: string, { hostility, serverActs }: (typeof CASES)[number]): Promise<TestSession> {
  let isDone = false;
  const proxy = await startScriptedProxy(database.port, (flight, wire) => {
    if (isDone || !flight.includes(words)) return;
    isDone = true;
    wire.answer((client) => answerHostilely(hostility, client), { serverActs });
  });
  onTestFinished(() => proxy.close());
  return database.open({ endpoint: endpointAt(proxy.port), ...LIMITS });
}

describe("a commit that gets no clear answer", () => {
  beforeEach(async () => {
    const session = database.open();
    await session.write({ message: "empty", author: ANN }, (tx) => tx.all([execute(sql`DELETE FROM marks`)]));
  });

  const commits = async () => (await database.commits()).filter((message) => message === "mark").length;

  test.each(CASES)("($hostility, and it landed: $serverActs) ends as the history says", async (unclear) => {
    const before = await commits();
    const session = await openAt("DOLT_COMMIT", unclear);
    const written = session.write({ message: "mark", author: ANN }, (tx) =>
      tx.all([execute(sql`INSERT INTO marks VALUES ('a')`)]),
    );
    const failed = await written.then(
      () => undefined,
      (error: unknown) => error,
    );

    // What did not land is made again where the connection was lost, and else is an error of ours.
    const landed = (await commits()) - before;
    expect({ landed, failed: failed !== undefined }).toEqual({
      landed: failed === undefined ? 1 : 0,
      failed: landed === 0,
    });
    if (unclear.serverActs) expect(landed).toBe(1);
    if (failed !== undefined) expect(failed).toBeInstanceOf(BdError);
    const outcome = unclear.serverActs ? "had landed" : "had not landed";
    expect(session.notes).toEqual([
      expect.stringMatching(
        new RegExp(
          `^(?:the connection was lost while committing|the commit got no clear answer); the change ${outcome}`,
        ),
      ),
    ]);
    expect(await database.column("SELECT id FROM marks AS OF 'HEAD'")).toEqual(landed === 1 ? ["a"] : []);
    expect(await database.column(`SELECT IS_FREE_LOCK('${database.name}:write')`)).toEqual([1]);
  });
});

describe("a branch that is moved forward, without a clear answer", () => {
  test.each(CASES)("($hostility, and it moved: $serverActs) is looked up", async (unclear) => {
    const name = `ahead-${CASES.indexOf(unclear)}`;
    const foreign = await database.foreign();
    for (const statement of [
      `CALL DOLT_CHECKOUT('-b', '${name}', 'main')`,
      `INSERT INTO counters VALUES (${100 + CASES.indexOf(unclear)}, 0)`,
      "CALL DOLT_COMMIT('-Am', 'ahead')",
      "COMMIT",
    ])
      await foreign.query(statement);
    const theirs = String((await database.column(`SELECT hash FROM dolt_branches WHERE name = '${name}'`))[0]);
    const session = await openAt("--ff-only", unclear);

    const moved = await session
      .merge({ commit: { message: "merge", author: ANN }, theirs }, async () => "value")
      .then(
        ({ head }) => head,
        (error: unknown) => error,
      );

    const [head] = await database.column("SELECT DOLT_HASHOF('main')");
    if (unclear.serverActs) expect(moved).toBe(theirs);
    if (moved instanceof BdError) expect(head).not.toBe(theirs);
    else expect([moved, head]).toEqual([theirs, theirs]);
  });
});
