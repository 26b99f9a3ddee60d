import { BdError, command } from "../errors.ts";
import { type Connection, connect } from "./connection/connection.ts";
import { describeError } from "./connection/describe-error.ts";
import { takesAdmin } from "./connection/takes-admin.ts";
import { takeLock, writeLockName } from "./protocol/lock-queries.ts";
import type { Inspection } from "./server-facts.ts";
import { identifier, sql } from "./sql.ts";

/**
 * Makes an empty database where there is none of that name; of several that try at once, one makes it.
 * Throws BdError, among them unavailable LOCK_TIMEOUT and config NO_PERMISSION.
 */
export async function createDatabase(target: Inspection & { readonly database: string }): Promise<void> {
  const { endpoint, database } = target;
  const lock = takeLock(writeLockName(database));
  let connection: Connection | undefined;
  try {
    connection = await connect(endpoint, undefined);
    if (!lock.decode(await connection.send(lock.statements))) throw lockTaken(database);
    await connection.send([sql`CREATE DATABASE IF NOT EXISTS ${identifier(database)}`]);
  } catch (error) {
    throw takesAdmin(describeError(error, target), {
      what: `make database '${database}'`,
      hint: command`BEADS_DOLT_SERVER_USER=ADMIN bd init`,
    });
  } finally {
    connection?.destroy();
  }
}

function lockTaken(database: string): BdError {
  const message = `the write lock of '${database}' is held by another program; nothing was written`;
  return new BdError("unavailable", "LOCK_TIMEOUT", message, { hint: command`bd dolt status`, details: { database } });
}
