import { afterAll, beforeAll, expect, test } from "vitest";
import { commitChanges } from "../../../src/federation/merge/commit-changes.ts";
import { doltPort } from "../../support/dolt-port.ts";
import { makeStoreDatabase, type StoreDatabase } from "../../support/store-database.ts";

let database: StoreDatabase;
/** Of the branch `main` and of the commit where all began. */
let [tip, start] = ["", ""];

// 1 set to 1; from there two branches set 1 to 2 and 2 to 5; each merges the other, and `main` merges both merges.
beforeAll(async () => {
  database = await makeStoreDatabase(doltPort());
  const connection = await database.foreign();
  const commit = async (statement: string, name: string, day: number) => {
    await connection.query(statement);
    await connection.query("CALL DOLT_COMMIT('-Am', ?, '--date', ?)", [name, `2026-02-0${day}T00:00:00`]);
    await connection.query("COMMIT");
  };
  const merge = (branch: string, day: number) =>
    connection.query("CALL DOLT_MERGE(?, '--no-ff', '-m', ?)", [branch, `day ${day}`]);
  await connection.query(`USE \`${database.name}\``);
  [start = ""] = (await database.column("SELECT DOLT_HASHOF('HEAD')")).map(String);
  await commit("UPDATE counters SET n = 1 WHERE id = 1", "one", 1);
  for (const branch of ["left", "right", "left2"]) await connection.query("CALL DOLT_BRANCH(?)", [branch]);
  await connection.query("CALL DOLT_CHECKOUT('left')");
  await commit("UPDATE counters SET n = 2 WHERE id = 1", "left", 2);
  await connection.query("CALL DOLT_BRANCH('-f', 'left2', 'left')");
  await connection.query("CALL DOLT_CHECKOUT('right')");
  await commit("UPDATE counters SET n = 5 WHERE id = 2", "right", 3);
  await merge("left", 4);
  await connection.query("CALL DOLT_CHECKOUT('left2')");
  await commit("UPDATE counters SET n = 3 WHERE id = 1", "left again", 5);
  await merge("right", 6);
  await connection.query("CALL DOLT_CHECKOUT('main')");
  await merge("left2", 7);
  await connection.query("COMMIT");
  [tip = ""] = (await database.column("SELECT DOLT_HASHOF('main')")).map(String);
});

afterAll(() => database.remove());

test("each commit says how it differs from each of its parents, however the history forks", async () => {
  const wanted = { table: { name: "counters", key: ["id"] }, keys: new Set(['["1"]', '["2"]']) };

  const session = database.open();
  const changes = await session.read((reader) => commitChanges(reader, { tip, without: start }, wanted));

  const found = changes.map(({ fromParents }) =>
    fromParents.map((rows) =>
      [...rows.values()]
        .map(({ before, after }) => `${String(after?.["id"])}: ${String(before?.["n"])} → ${String(after?.["n"])}`)
        .toSorted(),
    ),
  );
  expect(new Set(found)).toEqual(
    new Set([
      [["1: 0 → 1"]],
      [["1: 1 → 2"]],
      [["2: 0 → 5"]],
      [["1: 1 → 2"], ["2: 0 → 5"]],
      [["1: 2 → 3"]],
      [["2: 0 → 5"], ["1: 2 → 3"]],
      [["1: 1 → 3", "2: 0 → 5"], []],
    ]),
  );
});
