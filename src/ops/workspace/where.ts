import * as z from "zod/mini";
import type { Workspace } from "../../config/workspace/workspace.ts";
import { endpointName } from "../../core/endpoint.ts";
import { BdError } from "../../errors.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import type { ReadContext } from "../context.ts";
import { defineOperation } from "../operation.ts";

export interface WhereResult {
  readonly workspace: Workspace;
  /** Undefined where the files can't say it. */
  readonly database: string | undefined;
  /** `127.0.0.1:3307`, or the path of a socket. */
  readonly server: string | undefined;
  /** Undefined where the server does not say it at once. */
  readonly prefix: string | undefined;
  /** Why something is missing. */
  readonly obstacle: BdError | undefined;
}

/** Which workspace is in use, and its database. Works with broken files and without a server. */
export const whereAmI = defineOperation({
  name: "workspace.where",
  access: "read",
  input: z.strictObject({}),
  async run(context): Promise<WhereResult> {
    const workspace = context.workspace();
    const settings = await orObstacle(() => context.settings());
    if (settings instanceof BdError) {
      return { workspace, database: undefined, server: undefined, prefix: undefined, obstacle: settings };
    }
    const prefix = await orObstacle(() => readPrefix(context));
    const known = { workspace, database: settings.database, server: endpointName(settings.endpoint) };
    if (prefix instanceof BdError) return { ...known, prefix: undefined, obstacle: prefix };
    return { ...known, prefix, obstacle: undefined };
  },
  wire: {
    of: ({ workspace, database, server, prefix, obstacle }) => ({
      path: workspace.beadsDir,
      redirected_from: workspace.redirectedFrom,
      prefix,
      database,
      server,
      problem: obstacle?.message,
    }),
    schema: () =>
      z.looseObject({
        path: z.string(),
        redirected_from: z.optional(z.string()),
        prefix: z.optional(z.string()),
        database: z.optional(z.string()),
        server: z.optional(z.string()),
        problem: z.optional(z.string()),
      }),
  },
});

async function readPrefix(context: ReadContext): Promise<string> {
  const [config] = await context.read((reader) => reader.all([projectConfig]), { waits: false });
  return config.prefix;
}

/** What went wrong is part of the answer; Ctrl-C and bugs are not. */
async function orObstacle<T>(work: () => Promise<T>): Promise<T | BdError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BdError && error.kind !== "interrupted" && error.kind !== "internal") return error;
    throw error;
  }
}
