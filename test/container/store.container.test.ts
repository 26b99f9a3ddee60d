import { fileURLToPath } from "node:url";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { command } from "../../src/errors.ts";
import { createDatabase } from "../../src/store/create-database.ts";
import { applyMigrations, listAppliedVersions } from "../../src/store/migrate/apply-migrations.ts";
import { readMigrations } from "../../src/store/migrate/read-migrations.ts";
import { releaseLock, takeLock } from "../../src/store/protocol/lock-queries.ts";
import { execute, rows } from "../../src/store/query.ts";
import { openSession } from "../../src/store/session.ts";
import type { Session } from "../../src/store/session-types.ts";
import { sql } from "../../src/store/sql.ts";
import {
  type ContainerNetwork,
  type DoltContainer,
  startDoltContainer,
  startNetwork,
} from "../support/container-dolt.ts";
import { needs } from "../support/needs.ts";
import { ANN, REAL_TIME } from "../support/store-database.ts";

const runs = needs("containers", inject("containers").obstacle);
const DATABASE = "beads_smoke";
const SETTING = rows(sql`SELECT value FROM config WHERE \`key\` = 'smoke'`, (row) => row["value"]);

let network: ContainerNetwork;
let dolt: DoltContainer;
const sessions: Session[] = [];

beforeAll(async () => {
  if (!runs) return;
  network = await startNetwork();
  dolt = await startDoltContainer({ network, name: `bd-store-${process.pid}` });
  const { endpoint } = dolt;
  await createDatabase({ endpoint, database: DATABASE, startHint: () => command`bd server start` });
});

afterAll(async () => {
  for (const session of sessions) session.close();
  await dolt?.stop();
  await network?.stop();
});

function open(): Session {
  const session = openSession({
    endpoint: dolt.endpoint,
    database: DATABASE,
    projectId: undefined,
    timing: REAL_TIME,
    clock: () => new Date(),
    retryMaxMs: 10_000,
    newId: () => uuidv7(),
    signal: new AbortController().signal,
    note: () => {},
    startHint: () => command`bd server start`,
  });
  sessions.push(session);
  return session;
}

test("the store works against a server in a container: it connects, migrates, writes, reads and locks", async () => {
  const known = readMigrations(fileURLToPath(new URL("../../migrations", import.meta.url)));
  const migrated = await open().migrate(async (connection) => {
    await applyMigrations(connection, known, { author: "ann <ann@example.test>", say: () => {} });
    return listAppliedVersions(connection);
  });
  expect(migrated).toEqual(known.map(({ version }) => version));

  const write = (value: string) =>
    open().write({ message: `set smoke to ${value}`, author: ANN }, (tx) =>
      tx.all([execute(sql`REPLACE INTO config (\`key\`, value) VALUES ('smoke', ${value})`)]),
    );
  await Promise.all(["one", "two", "three"].map(write));
  await write("last");
  expect(await open().read((reader) => reader.all([SETTING]))).toEqual([["last"]]);
  const log = await dolt.sql(`SELECT message FROM \`${DATABASE}\`.dolt_log LIMIT 4`);
  const messages = log.map(({ message }) => String(message).split("\n")[0]);
  expect(messages[0]).toBe("set smoke to last");
  expect(new Set(messages.slice(1))).toEqual(new Set(["set smoke to one", "set smoke to two", "set smoke to three"]));

  const [first, second] = [open(), open()];
  expect(await first.call(takeLock("smoke", 0))).toBe(true);
  expect(await second.call(takeLock("smoke", 0))).toBe(false);
  await first.call(releaseLock("smoke"));
  expect(await second.call(takeLock("smoke", 0))).toBe(true);
});
