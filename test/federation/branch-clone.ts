import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { v7 as uuidv7 } from "uuid";
import type { Row } from "../../src/core/merge/cell.ts";
import { TOMBSTONES } from "../../src/core/merge/known-issues.ts";
import { rowKey, type Snapshot } from "../../src/core/merge/snapshot.ts";
import { command } from "../../src/errors.ts";
import { prepareMerge, takeIncoming } from "../../src/federation/pull.ts";
import { openSession } from "../../src/store/session.ts";
import type { Session } from "../../src/store/session-types.ts";
import { applyChange, type Dated } from "../core/merge/histories/change.ts";
import type { HistoryClone } from "../core/merge/histories/history.ts";
import { draftOf, KEYS } from "../core/merge/histories/tables.ts";
import { endpointAt, REAL_TIME } from "../support/store-database.ts";

type Parameters = readonly (string | null)[];

/** Somebody's copy of the tracker: a branch of one database, which pulls by the product's own code. */
export class BranchClone implements HistoryClone {
  readonly actor: string;
  readonly #connection: Connection;
  readonly #session: Session;

  private constructor(actor: string, { connection, session }: { connection: Connection; session: Session }) {
    this.actor = actor;
    this.#connection = connection;
    this.#session = session;
  }

  /** Makes a branch that starts where another clone, or a commit, stands. */
  static async make(place: {
    port: number;
    database: string;
    actor: string;
    branch: string;
    from: string;
  }): Promise<BranchClone> {
    const { port, database, actor, branch, from } = place;
    const maker = await createConnection({ host: "127.0.0.1", port, user: "root", database });
    await maker.query("CALL DOLT_BRANCH(?, ?)", [branch, from]);
    await maker.end();
    const name = `${database}/${branch}`;
    const connection = await createConnection({
      host: "127.0.0.1",
      port,
      user: "root",
      database: name,
      dateStrings: true,
      jsonStrings: true,
    });
    const session = openSession({
      endpoint: endpointAt(port),
      database: name,
      projectId: undefined,
      timing: REAL_TIME,
      clock: () => new Date(),
      retryMaxMs: 20_000,
      newId: () => uuidv7(),
      signal: new AbortController().signal,
      note: () => {},
      startHint: () => command`bd server start`,
    });
    const clone = new BranchClone(actor, { connection, session });
    await clone.look();
    return clone;
  }

  async rows(statement: string, parameters: Parameters = []): Promise<RowDataPacket[]> {
    await this.#connection.query("ROLLBACK");
    const [found] = await this.#connection.query<RowDataPacket[]>(statement, [...parameters]);
    return found;
  }

  async tip(): Promise<string> {
    const [row] = await this.rows("SELECT DOLT_HASHOF('HEAD') AS hash");
    return String(row?.["hash"]);
  }

  /** What the branch holds; `look` reads it. */
  snapshot: Snapshot = new Map();

  async look(): Promise<void> {
    const tables = new Map<string, Map<string, RowDataPacket>>();
    for (const [table, key] of KEYS) {
      if (table === TOMBSTONES) continue;
      const found = await this.rows(`SELECT * FROM ${table}`);
      tables.set(table, new Map(found.map((row) => [rowKey(row, key), row])));
    }
    this.snapshot = tables;
  }

  /** Makes the change in memory and writes what differs, as a program does that knows nothing of merges. */
  async apply(change: Dated): Promise<void> {
    const draft = draftOf(this.snapshot);
    applyChange(draft, change);
    await this.#connection.query("ROLLBACK");
    await this.#connection.query("SET foreign_key_checks = 0");
    for (const [table, key] of KEYS) {
      const [before, after] = [
        this.snapshot.get(table) ?? new Map<string, Row>(),
        draft.get(table) ?? new Map<string, Row>(),
      ];
      for (const [name, row] of before) if (!after.has(name)) await this.#remove(table, key, row);
      for (const [name, row] of after) if (before.get(name) !== row) await this.#put(table, row);
    }
    await this.#connection.query("SET foreign_key_checks = 1");
    const when = change.now.replace(" ", "T");
    await this.#connection.query(
      "CALL DOLT_COMMIT('-Am', ?, '--author', 'x <x@example.test>', '--date', ?, '--skip-empty')",
      [change.kind, when],
    );
    await this.#connection.query("COMMIT");
    await this.look();
  }

  async #put(table: string, row: Row): Promise<void> {
    const whole: Row = { ...REQUIRED[table], ...row };
    const columns = Object.keys(whole);
    await this.#connection.query(
      `INSERT INTO ${table} (${columns.map((name) => `\`${name}\``).join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
        ON DUPLICATE KEY UPDATE ${columns.map((name) => `\`${name}\` = VALUES(\`${name}\`)`).join(", ")}`,
      columns.map((name) => written(whole[name])),
    );
  }

  async #remove(table: string, key: readonly string[], row: Row): Promise<void> {
    const conditions = key.map((name) => `\`${name}\` = ?`).join(" AND ");
    await this.#connection.query(
      `DELETE FROM ${table} WHERE ${conditions}`,
      key.map((name) => written(row[name])),
    );
  }

  /** Gives whether anything came. */
  async pull(theirs: string): Promise<boolean> {
    const commit = { message: "merge", author: { name: this.actor, email: "x@example.test" } };
    const prepared = await this.#session.read((reader) =>
      prepareMerge(reader, theirs, { prefer: undefined, accepted: new Set() }),
    );
    const { kind } = await this.#session.merge({ commit, theirs }, (merge) =>
      takeIncoming(merge, { prefer: undefined, accepted: new Set(), prepared }),
    );
    await this.look();
    return kind === "merge" || kind === "fast-forward";
  }

  async close(): Promise<void> {
    this.#session.close();
    await this.#connection.end();
  }
}

/** What a row of the real tables needs beside what a history looks at. */
const REQUIRED: Readonly<Record<string, Row>> = {
  issues: { description: "", design: "", acceptance_criteria: "" },
  dependencies: { created_by: "x" },
  events: { actor: "x" },
};

function written(value: unknown): string | number | null {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  return value === undefined ? null : JSON.stringify(value);
}
