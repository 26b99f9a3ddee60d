import * as z from "zod/mini";
import type { Sovereignty } from "../../config/setting-kinds.ts";
import { resolveFederation } from "../../config/settings.ts";
import { BdError } from "../../errors.ts";
import { type BranchStatus, readBranchStatus } from "../../federation/remote/tracking.ts";
import { type ServerStatus, serverStatus } from "../../server/server-status.ts";
import type { ReadContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { serverEnvironment } from "../server/server-place.ts";
import { type ConnectionResult, lookAtConnection } from "./show.ts";

export interface DoltStatus extends ConnectionResult {
  /** Whether a Dolt server answers, be it only to turn us away. */
  readonly running: boolean;
  /** Our own server where it is the one that answers here. */
  readonly own: ServerStatus["server"];
  readonly dataDir: string | undefined;
  /** Our branch and how it stands to the remotes' ones; undefined where the database can't be read. */
  readonly branch: BranchStatus | undefined;
  readonly sovereignty: Sovereignty;
}

const TURNED_AWAY: ReadonlySet<string> = new Set(["ACCESS_DENIED", "NO_PERMISSION"]);

/** Who serves the workspace's database, and in what state that is. */
export const doltStatus = defineOperation({
  name: "dolt.status",
  access: "read",
  input: z.strictObject({}),
  async run(context): Promise<DoltStatus> {
    const connection = await lookAtConnection(context);
    const { host, port, socketPath } = connection.endpoint;
    const { server, dataDir } = await serverStatus(serverEnvironment(context), { host, port });
    const isOurs = socketPath === undefined && server?.host === host && server.port === port;
    const refused = TURNED_AWAY.has(connection.obstacle?.code ?? "");
    const running = refused || connection.server?.product === "Dolt";
    return {
      ...connection,
      running,
      own: isOurs ? server : undefined,
      dataDir: isOurs ? dataDir : undefined,
      branch: await branchOf(context, connection),
      sovereignty: resolveFederation(await context.sources()).sovereignty,
    };
  },
});

/** A database that can't be read is described by all the rest. */
async function branchOf(
  context: ReadContext,
  { server, obstacle }: ConnectionResult,
): Promise<BranchStatus | undefined> {
  if (obstacle !== undefined || server?.database?.tracker === undefined) return undefined;
  if (context.findWorkspace() === undefined) return undefined;
  try {
    return await context.read(readBranchStatus, { waits: false });
  } catch (error) {
    if (error instanceof BdError) return undefined;
    throw error;
  }
}
