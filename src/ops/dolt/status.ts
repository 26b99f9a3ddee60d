import * as z from "zod/mini";
import { SOVEREIGNTY_TIERS, type Sovereignty } from "../../config/settings/setting-kinds.ts";
import { resolveFederation } from "../../config/settings/settings.ts";
import { BdError } from "../../errors.ts";
import { type BranchStatus, readBranchStatus } from "../../federation/remote/tracking.ts";
import { type ServerStatus, serverStatus } from "../../server/server-status.ts";
import { killStatement, type LockHolder } from "../../store/protocol/lock-queries.ts";
import type { ReadContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { serverEnvironment } from "../server/server-place.ts";
import { address } from "../wire/address.ts";
import { commitHash, natural } from "../wire/formats.ts";
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
  wire: {
    of: ({ running, endpoint, database, server, obstacle, own, dataDir, branch, sovereignty }) => ({
      running,
      host: endpoint.host,
      port: endpoint.port,
      socket: endpoint.socketPath,
      user: endpoint.user,
      tls: endpoint.tls,
      product: server?.product,
      version: server?.version,
      own: own !== undefined,
      pid: own?.pid,
      data_dir: dataDir,
      database,
      database_exists: server === undefined ? undefined : server.database !== undefined,
      dirty_tables: server?.database?.workingSet.dirty,
      unmerged_tables: server?.database?.workingSet.unmerged,
      write_lock: writerFacts(server?.database?.writer),
      branch: branch?.branch,
      head: branch?.head,
      remotes: branch?.remotes.map(({ name, url, hash, ahead, behind }) => ({
        name,
        url,
        remote_hash: hash,
        ahead,
        behind,
      })),
      sovereignty,
      error: obstacle?.message,
    }),
    schema: () =>
      z.looseObject({
        running: z.boolean(),
        ...address(),
        user: z.string(),
        tls: z.boolean(),
        product: z.optional(z.string()),
        version: z.optional(z.string()),
        own: z.boolean(),
        pid: z.optional(z.int()),
        data_dir: z.optional(z.string()),
        database: z.optional(z.string()),
        database_exists: z.optional(z.boolean()),
        dirty_tables: z.optional(z.array(z.string())),
        unmerged_tables: z.optional(z.array(z.string())),
        write_lock: z.nullable(lockHolder()),
        branch: z.optional(z.string()),
        head: z.optional(commitHash()),
        remotes: z.optional(z.array(trackedRemote())),
        sovereignty: z.enum(SOVEREIGNTY_TIERS),
        error: z.optional(z.string()),
      }),
  },
});

function trackedRemote() {
  return z.looseObject({
    name: z.string(),
    url: z.string(),
    remote_hash: z.optional(commitHash()),
    ahead: z.optional(natural()),
    behind: z.optional(natural()),
  });
}

function lockHolder() {
  return z.looseObject({
    connection: z.int(),
    user: z.optional(z.string()),
    host: z.optional(z.string()),
    seconds: natural(),
    state: z.enum(["silent", "busy"]),
    kill: z.string(),
  });
}

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

function writerFacts(writer: LockHolder | undefined) {
  if (writer === undefined) return null;
  const { connection, user, host, seconds, isSilent } = writer;
  const since = { seconds, state: isSilent ? "silent" : "busy" };
  return { connection, user, host, ...since, kill: killStatement(writer) };
}
