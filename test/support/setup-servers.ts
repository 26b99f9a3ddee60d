import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPrivateDolt } from "./private-dolt.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The run's own dolt servers on 127.0.0.1, one for each worker. */
    doltServers: readonly { readonly port: number; readonly dataDir: string }[];
    /** A folder for databases to copy; see `template-database.ts`. */
    templates: string;
  }
}

/**
 * A server for each worker, for all projects that need one; each test file makes databases of its own on it. They are
 * not shared, because a Dolt server may hang for ever when a database is dropped while somebody else begins a
 * transaction: the two take the locks of sessions and databases in opposite order.
 */
export async function setup({ config, vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if ("doltServers" in vitest.getProvidedContext()) return undefined;
  const workers = Math.min(config.maxWorkers, vitest.state.getPaths().length);
  const servers = await Promise.all(Array.from({ length: workers }, () => startPrivateDolt()));
  const templates = mkdtempSync(join(tmpdir(), "bd-templates-"));
  vitest.provide(
    "doltServers",
    servers.map(({ port, dataDir }) => ({ port, dataDir })),
  );
  vitest.provide("templates", templates);
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(templates, { recursive: true, force: true });
  };
}
