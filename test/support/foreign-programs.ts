import { setTimeout as delay } from "node:timers/promises";
import { type Connection, createConnection } from "mysql2/promise";
import type { TestWorkspace } from "./workspace.ts";

export interface ForeignProgram {
  /** Ends it and says how many changes it has made. */
  stop(): Promise<number>;
}

interface ForeignHabits {
  /** The column of `config` rows whose value it counts up. */
  readonly key: string;
  /** Whether it makes Dolt commits of its own, in the way of the peer: COMMIT first, DOLT_COMMIT later. */
  readonly commits: boolean;
  /** How long it rests after each change. */
  readonly pauseMs: number;
}

/** A connection of a program that is not ours; the caller ends it. */
export async function connectForeign({ port, database }: TestWorkspace): Promise<Connection> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root", database });
  connection.on("error", () => {});
  return connection;
}

/** Commits a `config` row, and makes no Dolt commit. */
export async function leaveUncommitted(connection: Connection, key: string, value: number): Promise<void> {
  await connection.query("REPLACE INTO config (`key`, value) VALUES (?, ?)", [key, String(value)]);
  await connection.query("COMMIT");
}

/** A program that writes to the database and knows nothing of our lock. */
export async function startForeignProgram(workspace: TestWorkspace, habits: ForeignHabits): Promise<ForeignProgram> {
  const { key, commits, pauseMs } = habits;
  const connection = await connectForeign(workspace);
  let isStopping = false;
  const work = async (): Promise<number> => {
    for (let changes = 0; ; ) {
      if (isStopping) return changes;
      if (await change(changes + 1)) changes += 1;
      await delay(pauseMs);
    }
  };
  /** Its own races lost to others are not what is tested. */
  const change = async (n: number): Promise<boolean> => {
    try {
      await leaveUncommitted(connection, key, n);
    } catch {
      await connection.query("ROLLBACK");
      return false;
    }
    if (!commits) return true;
    await connection
      .query("CALL DOLT_COMMIT('-Am', ?, '--author', 'foreign <foreign@example.test>', '--skip-empty')", [
        `foreign ${n}`,
      ])
      .then(() => connection.query("COMMIT"))
      .catch(() => connection.query("ROLLBACK"));
    return true;
  };
  const working = work();
  return {
    async stop() {
      isStopping = true;
      const changes = await working;
      await connection.end();
      return changes;
    },
  };
}
