import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { execute, rows } from "../../../src/store/query.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { ANN, makeStoreDatabase, type StoreDatabase } from "../../support/store-database.ts";

const MARKS = rows(sql`SELECT id FROM marks ORDER BY id`, (row) => row["id"]);
const COUNTER = rows(sql`SELECT n FROM counters WHERE id = 1`, (row) => Number(row["n"]));
const mark = (id: string) => execute(sql`INSERT INTO marks VALUES (${id})`);
const setCounter = (n: number) => execute(sql`UPDATE counters SET n = ${n} WHERE id = 1`);

let database: StoreDatabase;

beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
});

afterAll(() => database.remove());

describe("a write", () => {
  beforeEach(async () => {
    await database
      .open()
      .write({ message: "empty", author: ANN }, (tx) => tx.all([execute(sql`DELETE FROM marks`), setCounter(0)]));
  });

  test("is one Dolt commit under the actor's name, with the operation's id as a trailer", async () => {
    const before = await database.commits();

    const id = await database.open().write({ message: () => "mark two", author: ANN }, async (tx) => {
      await tx.all([mark("a")]);
      await tx.all([mark("b")]);
      return tx.operationId;
    });

    expect(await database.column("SELECT id FROM marks AS OF 'HEAD' ORDER BY id")).toEqual(["a", "b"]);
    expect(await database.rows("SELECT committer, email, message FROM dolt_log LIMIT 1")).toEqual([
      { committer: "ann", email: "ann@example.test", message: `mark two\n\nBd-Op: ${id}` },
    ]);
    expect(await database.commits()).toEqual(["mark two", ...before]);
    expect(await database.rows("SELECT * FROM dolt_status")).toEqual([]);
  });

  test("that touches no row makes no commit and gives the lock up", async () => {
    const before = await database.commits();

    expect(await database.open().write({ message: "look", author: ANN }, (tx) => tx.all([MARKS]))).toEqual([[]]);

    expect(await database.commits()).toEqual(before);
    expect(await database.column(`SELECT IS_FREE_LOCK('${database.name}:write')`)).toEqual([1]);
  });

  test("whose statement is refused leaves nothing behind", async () => {
    const failing = database
      .open()
      .write({ message: "mark twice", author: ANN }, (tx) => tx.all([mark("a"), mark("a"), mark("b")]));

    await expect(failing).rejects.toMatchObject({ kind: "internal", code: "SQL_ERROR" });
    expect(await database.rows("SELECT id FROM marks")).toEqual([]);
  });

  test("goes on over no other connection when its body hides an error", async () => {
    const writing = database.open().write({ message: "mark", author: ANN }, async (tx) => {
      await tx.all([mark("a"), mark("a"), mark("b")]).catch(() => {});
      return tx.all([mark("c")]);
    });

    await expect(writing).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    expect(await database.rows("SELECT id FROM marks")).toEqual([]);
  });

  test("whose body throws is undone, and the error passes unchanged", async () => {
    const bug = new TypeError("a bug of ours");
    const failing = database.open().write({ message: "mark", author: ANN }, async (tx) => {
      await tx.all([mark("a")]);
      throw bug;
    });

    await expect(failing).rejects.toBe(bug);
    expect(await database.rows("SELECT id FROM marks")).toEqual([]);
  });

  test("sees what others committed after an earlier read of the same session", async () => {
    const session = database.open();
    expect(await session.read((reader) => reader.all([MARKS]))).toEqual([[]]);

    await database.open().write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

    expect(await session.write({ message: "look", author: ANN }, (tx) => tx.all([MARKS]))).toEqual([["a"]]);
  });

  test("loses no increment to seven others that read before they write", async () => {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 5; round += 1) {
          await database.open().write({ message: "increment", author: ANN }, async (tx) => {
            const [[n = 0]] = await tx.all([COUNTER]);
            await tx.all([setCounter(n + 1)]);
          });
        }
      }),
    );

    expect(await database.column("SELECT n FROM counters AS OF 'HEAD' WHERE id = 1")).toEqual([40]);
    expect((await database.commits()).slice(0, 41)).toEqual([...Array(40).fill("increment"), "empty"]);
  });

  test("runs its body again after a race lost to a program that ignores the lock", async () => {
    const foreign = await database.foreign();
    let runs = 0;

    await database.open().write({ message: "count", author: ANN }, async (tx) => {
      runs += 1;
      const [[n = 0]] = await tx.all([COUNTER, setCounter(100 + runs)]);
      if (runs > 2) return;
      await foreign.query("UPDATE counters SET n = ? WHERE id = 1", [n + 1]);
      await foreign.query("CALL DOLT_COMMIT('-Am', 'foreign')");
      await foreign.query("COMMIT");
    });

    expect(runs).toBe(3);
    expect(await database.column("SELECT n FROM counters AS OF 'HEAD' WHERE id = 1")).toEqual([103]);
    expect((await database.commits()).slice(0, 4)).toEqual(["count", "foreign", "foreign", "empty"]);
  });

  test("gives up after eight repetitions, and has written nothing", async () => {
    const foreign = await database.foreign();
    let runs = 0;
    const losing = database.open().write({ message: "count", author: ANN }, async (tx) => {
      runs += 1;
      await tx.all([setCounter(100)]);
      await foreign.query("UPDATE counters SET n = ? WHERE id = 1", [runs]);
      await foreign.query("CALL DOLT_COMMIT('-Am', 'foreign')");
      await foreign.query("COMMIT");
    });

    await expect(losing).rejects.toMatchObject({ kind: "unavailable", code: "TOO_BUSY" });
    expect(runs).toBe(9);
    expect(await database.column("SELECT n FROM counters WHERE id = 1")).toEqual([9]);
  });

  test("is refused for another project, and has written nothing", async () => {
    const session = database.open({ projectId: "project-two" });

    const refused = session.write({ message: "mark", author: ANN }, (tx) => tx.all([mark("a")]));

    await expect(refused).rejects.toMatchObject({ kind: "config", code: "OTHER_PROJECT" });
    expect(await database.rows("SELECT id FROM marks")).toEqual([]);
  });
});

test("a read has one snapshot, however many packets it sends", async () => {
  await database.open().write({ message: "zero", author: ANN }, (tx) => tx.all([setCounter(0)]));

  const seen = await database.open().read(async (reader) => {
    const [[before]] = await reader.all([COUNTER]);
    await database.open().write({ message: "one", author: ANN }, (tx) => tx.all([setCounter(1)]));
    const [[after]] = await reader.all([COUNTER]);
    return [before, after];
  });

  expect(seen).toEqual([0, 0]);
});

test("a read that outlives its connection runs again", async () => {
  const killer = await database.foreign();
  const id = rows(sql`SELECT CONNECTION_ID() AS id`, (row) => Number(row["id"]));
  let runs = 0;

  const seen = await database.open().read(async (reader) => {
    runs += 1;
    const [[connection]] = await reader.all([id]);
    if (runs === 1) await killer.query(`KILL ${connection}`);
    return reader.all([COUNTER]);
  });

  expect(runs).toBe(2);
  expect(seen).toEqual([[1]]);
});
