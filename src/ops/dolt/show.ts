import * as z from "zod/mini";
import { requireDatabase } from "../../config/workspace/require-database.ts";
import type { Endpoint } from "../../core/endpoint.ts";
import { BdError } from "../../errors.ts";
import { startHint } from "../../server/start-hint.ts";
import { inspectServer, requireDolt, type ServerFacts } from "../../store/server-facts.ts";
import type { BaseContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { address } from "../wire/address.ts";
import { errorCode } from "../wire/error-schema.ts";

export interface ConnectionResult {
  readonly endpoint: Omit<Endpoint, "password">;
  readonly database: string | undefined;
  /** Undefined where nobody answers, or not as a server that we can use. */
  readonly server: ServerFacts | undefined;
  readonly obstacle: BdError | undefined;
}

/** The connection that the workspace uses, and whether it works right now. */
export const showConnection = defineOperation({
  name: "dolt.show",
  access: "none",
  input: z.strictObject({}),
  run: (context) => lookAtConnection(context),
  wire: {
    of: ({ endpoint, database, obstacle }) => ({
      backend: "dolt",
      connection_ok: obstacle === undefined,
      database,
      embedded: false,
      host: endpoint.host,
      port: endpoint.port,
      socket: endpoint.socketPath,
      shared_server: false,
      user: endpoint.user,
      tls: endpoint.tls,
    }),
    schema: () =>
      z.looseObject({
        backend: z.literal("dolt"),
        connection_ok: z.boolean(),
        database: z.optional(z.string()),
        embedded: z.literal(false),
        ...address(),
        shared_server: z.literal(false),
        user: z.string(),
        tls: z.boolean(),
      }),
  },
});

/** As `dolt.show`; a connection that does not work is a failure. */
export const testConnection = defineOperation({
  name: "dolt.test",
  access: "none",
  input: z.strictObject({}),
  async run(context): Promise<ConnectionResult & { readonly problem?: BdError }> {
    const result = await lookAtConnection(context);
    const { obstacle } = result;
    return obstacle === undefined ? result : { ...result, problem: obstacle };
  },
  wire: {
    of: ({ endpoint, obstacle }) => ({
      host: endpoint.host,
      port: endpoint.port,
      connection_ok: obstacle === undefined,
      error: obstacle?.message,
      code: obstacle?.code,
      hint: obstacle?.hint,
    }),
    schema: () =>
      z.looseObject({
        host: z.string(),
        port: z.int(),
        connection_ok: z.boolean(),
        error: z.optional(z.string()),
        code: z.optional(errorCode()),
        hint: z.optional(z.string()),
      }),
  },
});

/** Asks once and waits for nobody. */
export async function lookAtConnection(context: BaseContext): Promise<ConnectionResult> {
  const settings = await context.settings();
  const { endpoint } = settings;
  const database =
    context.findWorkspace() === undefined ? settings.database : requireDatabase(await context.sources(), settings);
  const known = { endpoint, database };
  let server: ServerFacts | undefined;
  try {
    server = await inspectServer({ ...known, startHint: () => startHint(context.machine, known.endpoint.port) });
    requireDolt(server, endpoint);
    return { ...known, server, obstacle: undefined };
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
    return { ...known, server, obstacle: error };
  }
}
