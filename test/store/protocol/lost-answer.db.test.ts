import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { execute } from "../../../src/store/query.ts";
import type { SessionOptions } from "../../../src/store/session-types.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { type Fault, startFaultProxy } from "../../support/fault-proxy.ts";
import { type Script, startScriptedProxy } from "../../support/scripted-proxy.ts";
import {
  ANN,
  endpointAt,
  makeStoreDatabase,
  type StoreDatabase,
  type TestSession,
} from "../../support/store-database.ts";

let database: StoreDatabase;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
});

beforeEach(async () => {
  await database.open().write({ message: "empty", author: ANN }, (tx) => tx.all([execute(sql`DELETE FROM marks`)]));
});

afterAll(() => database.remove());

/** Two rows with ids of their own in every run of the body, so that a doubled write can't hide. */
async function writeTwoRows(session: TestSession): Promise<number> {
  let runs = 0;
  await session.write({ message: "mark", author: ANN }, async (tx) => {
    runs += 1;
    await tx.all([execute(sql`INSERT INTO marks VALUES (${`a${runs}`}), (${`b${runs}`})`)]);
  });
  return runs;
}

async function openThrough(fault: Fault): Promise<TestSession> {
  const proxy = await startFaultProxy({ targetPort: database.port, fault });
  onTestFinished(() => proxy.close());
  return database.open({ endpoint: endpointAt(proxy.port) });
}

async function openScripted(script: Script, options: Partial<SessionOptions> = {}): Promise<TestSession> {
  const proxy = await startScriptedProxy(database.port, script);
  onTestFinished(() => proxy.close());
  return database.open({ endpoint: endpointAt(proxy.port), ...options });
}

const landed = () => database.column("SELECT id FROM marks AS OF 'HEAD' ORDER BY id");
const markCommits = async () => (await database.commits()).filter((message) => message === "mark").length;

describe("when the connection is cut", () => {
  let before = 0;

  beforeEach(async () => {
    before = await markCommits();
  });

  test.for<[string, Fault, { runs: number; notes: unknown[] }]>([
    [
      "before the server got the write",
      { whenClientSends: "GET_LOCK", cut: "before-forwarding" },
      { runs: 2, notes: [] },
    ],
    ["before the write was answered", { whenClientSends: "GET_LOCK", cut: "before-answer" }, { runs: 2, notes: [] }],
    [
      "before the server got the commit",
      { whenClientSends: "DOLT_COMMIT", cut: "before-forwarding" },
      { runs: 2, notes: ["the connection was lost while committing; the change had not landed"] },
    ],
    [
      "between the commit and its answer",
      { whenClientSends: "DOLT_COMMIT", cut: "before-answer" },
      {
        runs: 1,
        notes: [
          expect.stringMatching(
            /^the connection was lost while committing; the change had landed \(commit [0-9a-v]{8}\)$/,
          ),
        ],
      },
    ],
    [
      "twice, at the commit and while looking whether it landed",
      { whenClientSends: "Bd-Op", cut: "before-answer", times: 2 },
      { runs: 1, notes: [expect.stringContaining("the change had landed")] },
    ],
    ["after the commit", { whenClientSends: "RELEASE_LOCK", cut: "before-forwarding" }, { runs: 1, notes: [] }],
    [
      "after the commit, before the last answer",
      { whenClientSends: "RELEASE_LOCK", cut: "before-answer" },
      { runs: 1, notes: [] },
    ],
  ])("%s, the change is made once", async ([, fault, expected]) => {
    const session = await openThrough(fault);

    const runs = await writeTwoRows(session);

    expect({ runs, notes: session.notes }).toEqual(expected);
    expect(await landed()).toEqual([`a${runs}`, `b${runs}`]);
    expect(await markCommits()).toBe(before + 1);
    expect(await database.rows("SELECT * FROM dolt_status")).toEqual([]);
    expect(await database.column(`SELECT IS_FREE_LOCK('${database.name}:write')`)).toEqual([1]);
  });

  test("a commit that lands while the command waits to look is not made again", async () => {
    const asked = Promise.withResolvers<void>();
    let isCut = false;
    const session = await openScripted(async (flight, wire) => {
      if (isCut && flight.includes("GET_LOCK")) asked.resolve();
      if (isCut || !flight.includes("DOLT_COMMIT")) return;
      isCut = true;
      wire.cutClient();
      await asked.promise;
      // The look must be waiting for the lock by the time that the commit goes on.
      await waitUntil(async () => {
        const waiting = await database.column(
          "SELECT COUNT(*) FROM information_schema.processlist WHERE INFO LIKE '%GET_LOCK%Bd-Op%'",
        );
        return Number(waiting[0]) > 1;
      });
    });

    expect(await writeTwoRows(session)).toBe(1);

    expect(session.notes).toEqual([expect.stringContaining("the change had landed")]);
    expect(await landed()).toEqual(["a1", "b1"]);
    expect(await markCommits()).toBe(before + 1);
  });

  test("a server that does not come back leaves it open whether the change landed", async () => {
    let isDown = false;
    const session = await openScripted(
      (flight, wire) => {
        if (flight.includes("DOLT_COMMIT")) isDown = true;
        if (isDown) wire.cutClient();
      },
      { retryMaxMs: 300 },
    );

    await expect(writeTwoRows(session)).rejects.toMatchObject({
      kind: "unavailable",
      code: "COMMIT_UNCERTAIN",
      details: { operation_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  test.for<[string, Fault["cut"], number]>([
    ["landed", "before-answer", 1],
    ["had not landed", "before-forwarding", 2],
  ])(
    "at the commit of a change that Dolt ignores, which %s, the change is made once",
    async ([outcome, cut, expected]) => {
      const session = await openThrough({ whenClientSends: "DOLT_COMMIT", cut });
      let runs = 0;

      await session.write({ message: "wisp", author: ANN }, async (tx) => {
        runs += 1;
        await tx.all([execute(sql`INSERT INTO wisps VALUES (${`${cut} ${runs}`})`)]);
      });

      expect({ runs, notes: session.notes }).toEqual({
        runs: expected,
        notes: [
          `the connection was lost while committing; the change ${outcome === "landed" ? "had landed" : outcome}`,
        ],
      });
      expect(await database.column(`SELECT id FROM wisps WHERE id LIKE '${cut}%'`)).toEqual([`${cut} ${runs}`]);
      expect(await database.rows("SELECT * FROM local_metadata")).toEqual([]);
    },
  );

  test("what is looked for lies behind the commit at which the change began", async () => {
    const looks: string[] = [];
    let isCut = false;
    const session = await openScripted((flight, wire) => {
      if (flight.includes("FROM dolt_log")) looks.push(flight);
      if (isCut || !flight.includes("DOLT_COMMIT")) return;
      isCut = true;
      wire.cutClient();
    });
    const [head] = await database.column("SELECT DOLT_HASHOF('HEAD')");

    await writeTwoRows(session);

    expect(looks).toEqual([expect.stringContaining(`'--not', '${String(head)}'`)]);
  });

  test("committing the working set is told the truth about", async () => {
    const foreign = await database.foreign();
    await foreign.query("UPDATE counters SET n = n + 1 WHERE id = 2");
    await foreign.query("COMMIT");
    const session = await openThrough({ whenClientSends: "DOLT_COMMIT", cut: "before-answer" });

    const hash = await session.commitWorkingSet({ message: "take it", author: ANN });

    expect(await database.column("SELECT commit_hash FROM dolt_log LIMIT 1")).toEqual([hash]);
    expect(session.notes).toEqual([expect.stringContaining("the change had landed")]);
  });
});

test("marks that lost answers leave behind are gone after a day", async () => {
  const foreign = await database.foreign();
  await foreign.query(`INSERT INTO local_metadata VALUES ('bd.operation.old', '2020-01-01 00:00:00'),
    ('bd.operation.new', CAST(UTC_TIMESTAMP() AS CHAR)), ('bd_version', '1.0.3')`);
  await foreign.query("COMMIT");

  await database
    .open()
    .write({ message: "wisp", author: ANN }, (tx) => tx.all([execute(sql`INSERT INTO wisps VALUES ('x')`)]));

  expect(await database.column("SELECT `key` FROM local_metadata ORDER BY `key`")).toEqual([
    "bd.operation.new",
    "bd_version",
  ]);
});

describe("moving the branch forward", () => {
  /** A commit that is ahead of ours. */
  async function commitAhead(name: string): Promise<string> {
    const foreign = await database.foreign();
    await foreign.query(`CALL DOLT_CHECKOUT('-b', '${name}')`);
    await foreign.query(`INSERT INTO marks VALUES ('${name}')`);
    await foreign.query("CALL DOLT_COMMIT('-Am', 'ahead')");
    await foreign.query("COMMIT");
    return String((await database.column(`SELECT hash FROM dolt_branches WHERE name = '${name}'`))[0]);
  }

  const forward = (session: TestSession, theirs: string) =>
    session.merge({ commit: { message: "merge", author: ANN }, theirs }, async () => "value");

  test("whose answer is lost has happened, although Ctrl-C came meanwhile", async () => {
    const theirs = await commitAhead("landed");
    const controller = new AbortController();
    let isCut = false;
    const session = await openScripted(
      (flight, wire) => {
        if (isCut || !flight.includes("--ff-only")) return;
        isCut = true;
        controller.abort();
        wire.cutClient();
      },
      { signal: controller.signal },
    );

    expect(await forward(session, theirs)).toMatchObject({ kind: "fast-forward", head: theirs, value: "value" });
    expect(await database.column("SELECT DOLT_HASHOF('HEAD')")).toEqual([theirs]);
  });

  test("that never reached the server has not happened, and Ctrl-C says so", async () => {
    const theirs = await commitAhead("not-landed");
    const controller = new AbortController();
    const proxy = await startFaultProxy({
      targetPort: database.port,
      fault: { whenClientSends: "--ff-only", cut: "before-forwarding" },
    });
    onTestFinished(() => proxy.close());
    const session = database.open({
      endpoint: endpointAt(proxy.port),
      signal: controller.signal,
    });
    const merging = session.merge({ commit: { message: "merge", author: ANN }, theirs }, async (merge) => {
      setImmediate(() => controller.abort());
      return merge.kind;
    });

    await expect(merging).rejects.toMatchObject({ code: "INTERRUPTED", message: "interrupted; nothing was written" });
    expect(await database.column("SELECT DOLT_HASHOF('HEAD')")).not.toEqual([theirs]);
  });
});

describe("Ctrl-C", () => {
  test("before the commit ends a write that has written nothing", async () => {
    const controller = new AbortController();
    const session = await openScripted(
      (flight) => {
        if (flight.includes("INSERT INTO marks")) controller.abort();
      },
      { signal: controller.signal },
    );

    await expect(writeTwoRows(session)).rejects.toMatchObject({
      kind: "interrupted",
      message: "interrupted; nothing was written",
    });
    expect(await landed()).toEqual([]);
  });

  test("during the commit waits for its end, and the write succeeds", async () => {
    const controller = new AbortController();
    const session = await openScripted(
      (flight) => {
        if (flight.includes("DOLT_COMMIT")) controller.abort();
      },
      { signal: controller.signal },
    );

    expect(await writeTwoRows(session)).toBe(1);
    expect(await landed()).toEqual(["a1", "b1"]);
  });

  test("after a write of the session does not claim that nothing was written", async () => {
    const controller = new AbortController();
    const session = database.open({ signal: controller.signal });
    await writeTwoRows(session);
    controller.abort();

    await expect(session.read((reader) => reader.all([execute(sql`SELECT 1`)]))).rejects.toMatchObject({
      message: "interrupted; what was committed before stays",
    });
  });
});

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) if (Date.now() > deadline) throw new Error("it never came to that");
}
