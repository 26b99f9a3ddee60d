import { v7 as uuidv7 } from "uuid";
import type { Cursor } from "../../../src/core/changes/cursor.ts";
import type { FeedEvent } from "../../../src/core/changes/feed-event.ts";
import { STATE_KEYS, STATE_TABLES } from "../../../src/core/changes/state-tables.ts";
import { stateOf, type TrackerState } from "../../../src/core/changes/tracker-state.ts";
import { type Rows, rowKey } from "../../../src/core/merge/snapshot.ts";
import { command } from "../../../src/errors.ts";
import { eventsFrom } from "../../../src/ops/change/events-from.ts";
import type { ReadContext } from "../../../src/ops/context.ts";
import { type ChangesBetween, changesBetween, type Range } from "../../../src/store/changes/changes-between.ts";
import { tablesAt } from "../../../src/store/changes/table-changes.ts";
import { rows } from "../../../src/store/query.ts";
import { openSession } from "../../../src/store/session.ts";
import type { Reader, Session } from "../../../src/store/session-types.ts";
import { identifier, sql } from "../../../src/store/sql.ts";
import { endpointAt, REAL_TIME } from "../../support/store-database.ts";
import { commitBySql } from "../../support/two-machines.ts";
import type { TestWorkspace } from "../../support/workspace.ts";

/** The changes of a workspace's database, read with the rights of its own login. */
export class WorkspaceChanges {
  readonly #session: Session;
  readonly #workspace: TestWorkspace;

  constructor(workspace: TestWorkspace) {
    const { env, port, database } = workspace;
    const user = env["BEADS_DOLT_SERVER_USER"];
    const login = user === undefined ? {} : { user, password: env["BEADS_DOLT_PASSWORD"] };
    this.#workspace = workspace;
    this.#session = openSession({
      endpoint: { ...endpointAt(port), ...login },
      database,
      projectId: undefined,
      timing: REAL_TIME,
      clock: () => new Date(),
      retryMaxMs: 10_000,
      newId: () => uuidv7(),
      signal: new AbortController().signal,
      note: () => {},
      startHint: () => command`bd server start`,
    });
  }

  async head(): Promise<string> {
    const [row] = await this.#workspace.sql("SELECT DOLT_HASHOF('HEAD') AS hash");
    return String(row?.["hash"]);
  }

  /** How many packets the last comparison took, one by one. */
  packets = 0;

  between(comparison: Range): Promise<ChangesBetween> {
    return this.#session.read((reader) => {
      this.packets = 0;
      const counting: Reader = {
        all: (queries) => {
          if (queries.some(({ statements }) => statements.length > 0)) this.packets += 1;
          return reader.all(queries);
        },
      };
      return changesBetween(counting, comparison);
    });
  }

  /** What whoever follows hears from there on. */
  async follow(start: Cursor | undefined, to?: string): Promise<FeedEvent[]> {
    const read: ReadContext["read"] = (body) => this.#session.read(body);
    const events: FeedEvent[] = [];
    for await (const step of eventsFrom({ read, clock: () => new Date() }, start, to)) events.push(...step.events);
    return events;
  }

  /** What `work` committed, as one comparison. */
  async of(work: () => Promise<unknown>): Promise<ChangesBetween> {
    const from = await this.head();
    await work();
    return this.between({ from, to: await this.head() });
  }

  /** What another program did and committed, as one comparison. */
  bySql(...statements: readonly string[]): Promise<ChangesBetween> {
    return this.of(() => commitBySql(this.#workspace, statements));
  }

  /** All rows of a commit, read whole. */
  async stateAt(commit: string): Promise<TrackerState> {
    const [existing] = await this.#session.read((reader) => reader.all([tablesAt(commit)]));
    const tables = STATE_TABLES.filter((table) => existing.has(table));
    const found = await this.#session.read((reader) =>
      reader.all(tables.map((table) => rows(sql`SELECT * FROM ${identifier(table)} AS OF ${commit}`, (row) => row))),
    );
    return stateOf(
      new Map(
        tables.map((table, index): [string, Rows] => [
          table,
          new Map((found[index] ?? []).map((row) => [rowKey(row, STATE_KEYS[table]), row])),
        ]),
      ),
    );
  }

  /** Every commit that leads to ours, the newest first, with its parents. */
  async parents(tip = "HEAD"): Promise<Map<string, readonly string[]>> {
    const log = await this.#workspace.sql("SELECT commit_hash, parents FROM DOLT_LOG(?, '--parents')", [tip]);
    return new Map(
      log.map(({ commit_hash, parents }) => [String(commit_hash), String(parents).split(", ").filter(Boolean)]),
    );
  }

  close(): void {
    this.#session.close();
  }
}
