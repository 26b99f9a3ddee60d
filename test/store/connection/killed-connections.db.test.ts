import { setTimeout as delay } from "node:timers/promises";
import type { RowDataPacket } from "mysql2/promise";
import { expect, onTestFinished, test } from "vitest";
import { execute } from "../../../src/store/query.ts";
import { sql } from "../../../src/store/sql.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { ANN, makeStoreDatabase, type StoreDatabase } from "../../support/store-database.ts";

const WRITERS = 6;
const WRITES = 25;

test("writers whose connections are killed at random make each change once", async () => {
  const database = await makeStoreDatabase(doltPort());
  onTestFinished(() => database.remove());
  const killer = startKiller(database);
  let runs = 0;

  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; n < WRITES; n += 1) {
        const session = database.open({ retryMaxMs: 30_000 });
        await session.write({ message: `mark ${writer}-${n}`, author: ANN }, async (tx) => {
          runs += 1; // so that a change made twice leaves two rows
          await tx.all([execute(sql`INSERT INTO marks VALUES (${`${writer}-${n} run ${runs}`})`)]);
        });
        session.close();
      }
    }),
  );
  expect(await killer.stop()).toBeGreaterThan(0);

  const expected = Array.from({ length: WRITERS * WRITES }, (_, i) => `${Math.floor(i / WRITES)}-${i % WRITES}`);
  const marks = await database.column("SELECT id FROM marks AS OF 'HEAD'");
  expect(marks.map((mark) => String(mark).replace(/ run .*/, "")).toSorted()).toEqual(expected.toSorted());
  const commits = await database.commits();
  expect(commits.toSorted()).toEqual(expected.map((name) => `mark ${name}`).toSorted());
});

/** Kills one connection to the database after the other. */
function startKiller(database: StoreDatabase): { stop(): Promise<number> } {
  let isStopping = false;
  const work = async (): Promise<number> => {
    const connection = await database.foreign();
    const victims = `SELECT ID FROM information_schema.processlist WHERE DB = DATABASE() AND ID <> CONNECTION_ID()`;
    for (let kills = 0; ; await delay(Math.random() * 30)) {
      if (isStopping) return kills;
      const [ids] = await connection.query<RowDataPacket[]>(victims);
      const id: unknown = ids[Math.floor(Math.random() * ids.length)]?.["ID"];
      if (id === undefined) continue;
      const killed = connection.query("KILL ?", [id]).then(
        () => 1,
        () => 0, // it was gone already
      );
      kills += await killed;
    }
  };
  const working = work();
  return {
    stop: () => {
      isStopping = true;
      return working;
    },
  };
}
