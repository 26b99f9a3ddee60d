// The place where the benchmark happens: a private dolt, a proxy in front of it, a home and workspaces of their own.
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, type ConnectionOptions, createConnection } from "mysql2/promise";
import { bundle } from "../scripts/bundle.ts";
import { type CountingProxy, startCountingProxy } from "../test/support/counting-proxy.ts";
import { startPrivateDolt } from "../test/support/private-dolt.ts";
import { type Program, timeOnce } from "./measure.ts";

const root = join(import.meta.dirname, "..");

export interface Laboratory {
  /** Of the server itself. */
  readonly port: number;
  /** The process of the server. */
  readonly serverPid: number;
  readonly proxy: CountingProxy;
  /** The floor's arguments after `node`; takes host and port. */
  floor(port: number): Program;
  /** An empty program. */
  empty(): Program;
  /** `bd` with these arguments in the folder of a workspace, on the server itself or through the proxy. */
  bd(workspace: string, args: readonly string[], port?: number): Program;
  /** `bd init` with a prefix; returns the folder. The database is called `beads_<prefix>`. */
  init(prefix: string): Promise<string>;
  connect(database: string, options?: Pick<ConnectionOptions, "multipleStatements">): Promise<Connection>;
  close(): Promise<void>;
}

/** Bundles the floor as `bd` is bundled and gives it the same entry, so that both start alike. */
async function buildFloor(folder: string): Promise<string> {
  await mkdir(folder);
  await bundle({ entry: join(root, "bench/floor.ts"), outfile: join(folder, "thin.cjs") });
  await copyFile(join(root, "scripts/bd-entry.cjs"), join(folder, "bd.cjs"));
  return join(folder, "bd.cjs");
}

export async function openLaboratory(): Promise<Laboratory> {
  const folder = await mkdtemp(join(tmpdir(), "bd-bench-"));
  const home = join(folder, "home");
  await mkdir(home);
  const floorProgram = await buildFloor(join(folder, "floor"));
  const dolt = await startPrivateDolt();
  const proxy = await startCountingProxy({ targetPort: dolt.port });
  const environment = (port: number): Record<string, string> => ({
    PATH: process.env.PATH ?? "",
    HOME: home,
    BD_ACTOR: "bench",
    BEADS_DOLT_SERVER_HOST: dolt.host,
    BEADS_DOLT_SERVER_PORT: String(port),
  });
  const bd = (workspace: string, args: readonly string[], port = dolt.port): Program => ({
    args: [join(root, "dist/bd.cjs"), ...args],
    cwd: workspace,
    env: environment(port),
  });
  return {
    port: dolt.port,
    serverPid: dolt.pid ?? 0,
    proxy,
    floor: (port) => ({ args: [floorProgram, dolt.host, String(port)], cwd: folder, env: environment(port) }),
    empty: () => ({ args: ["-e", "0"], cwd: folder, env: environment(dolt.port) }),
    bd,
    init: async (prefix) => {
      const workspace = join(folder, prefix);
      await mkdir(workspace);
      await timeOnce(bd(workspace, ["init", "--prefix", prefix, "--quiet"]));
      return workspace;
    },
    connect: (database, options) =>
      createConnection({ ...options, host: dolt.host, port: dolt.port, user: "root", database, charset: "utf8mb4" }),
    close: async () => {
      await proxy.close();
      await dolt.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
