import type { Endpoint } from "../../core/endpoint.ts";
import { BdError, command } from "../../errors.ts";
import { checkProject, checkReadable, identityQuery } from "../database-identity.ts";
import { requireDolt, serverVersion } from "../server-facts.ts";
import { identifier, sql } from "../sql.ts";
import { classifyDriverError, isConnectionError } from "./classify-driver-error.ts";
import { connect } from "./connection.ts";
import { fromDriverError } from "./driver-errors.ts";

export interface Diagnosed {
  readonly endpoint: Endpoint;
  readonly database: string;
  readonly projectId: string | undefined;
}

/**
 * Why a packet failed, found out on a connection of its own: not Dolt, no such database, no tracker in it, an older
 * schema. One missing column kills a whole packet, so its own error says little.
 */
export async function diagnose(error: unknown, { endpoint, database, projectId }: Diagnosed): Promise<BdError> {
  const described = fromDriverError(error, endpoint, database);
  const kind = classifyDriverError(error);
  if (isConnectionError(error) || kind === "access-denied") return described;
  try {
    const connection = await connect(endpoint, undefined);
    try {
      requireDolt(serverVersion.decode(await connection.send(serverVersion.statements)), endpoint);
      if (kind === "unknown-database") return described;
      await connection.send([sql`USE ${identifier(database)}`]);
      const [tables] = await connection.send([sql`SHOW TABLES LIKE 'schema_migrations'`]);
      if (tables?.rows.length === 0) return noTracker(database);
      const identity = identityQuery.decode(await connection.send(identityQuery.statements));
      checkProject(identity, projectId, database);
      checkReadable(identity, database);
      return described;
    } finally {
      connection.destroy();
    }
  } catch (second) {
    return second instanceof BdError ? second : described;
  }
}

function noTracker(database: string): BdError {
  return new BdError("config", "NO_TRACKER", `database '${database}' holds no issue tracker`, {
    hint: command`bd init --database=${database}`,
  });
}
