import { expect, test } from "vitest";
import { rows, text } from "../../src/store/query.ts";
import { list, sql } from "../../src/store/sql.ts";
import { doltPort } from "../support/dolt-port.ts";
import { makeStoreDatabase } from "../support/store-database.ts";

const ODD = ["it's", 'a "b"', "back\\slash", "é ü 漢 🎉", "trailing ", "a,b", "%", "\n", ""];

test("a list finds the same as literals and as a table, whatever stands in it", async () => {
  const database = await makeStoreDatabase(doltPort());
  try {
    const connection = await database.foreign();
    await connection.query("CREATE TABLE words (word VARCHAR(255) COLLATE utf8mb4_0900_bin PRIMARY KEY)");
    await connection.query("INSERT INTO words VALUES ?", [ODD.map((word) => [word])]);
    await connection.query("COMMIT");
    const found = async (words: readonly string[]) => {
      const wanted = rows(sql`SELECT word FROM words WHERE word IN ${list(words)} ORDER BY word`, (row) =>
        text(row, "word"),
      );
      return (await database.open().read((reader) => reader.all([wanted])))[0];
    };
    const others = Array.from({ length: 500 }, (_, n) => `other ${n}`);
    expect(new Set(await found(ODD))).toEqual(new Set(ODD));
    expect(await found([...others, ...ODD])).toEqual(await found(ODD));
    expect(await found([...others, "it's"])).toEqual(["it's"]);
    expect(await found([...others, "x".repeat(300)])).toEqual([]);
    expect(list(others).parameters).toHaveLength(1);
  } finally {
    await database.remove();
  }
});
