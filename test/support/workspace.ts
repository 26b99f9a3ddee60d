import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { inject, onTestFinished } from "vitest";
import { type BdResult, type RunOptions, spawnBd } from "./run-bd.ts";

/** A folder with a tracker of its own on the run's server, and what a test needs to use and look into it. */
export interface TestWorkspace {
  readonly dir: string;
  readonly home: string;
  readonly database: string;
  readonly port: number;
  /** The environment of every `bd` of this workspace; nothing of the machine's but PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs `bd` here and gives what it printed, whatever its exit code. */
  bd(args: readonly string[], options?: RunOptions): Promise<BdResult>;
  /** Starts `bd` here and leaves it running: for tests that signal it. */
  spawn(args: readonly string[], options?: RunOptions): ReturnType<typeof spawnBd>;
  /** Runs `bd … --json`, expects exit 0, and gives the payload. */
  json(args: readonly string[], options?: RunOptions): Promise<unknown>;
  /** Rows of one statement on the workspace's database. */
  sql(statement: string, parameters?: readonly (string | number | null)[]): Promise<Record<string, unknown>[]>;
  /** Ends the connection and removes folder and database. */
  remove(): Promise<void>;
}

interface WorkspaceOptions {
  readonly prefix?: string;
  /** Default: the run's server. */
  readonly port?: number;
  /** Who works here; default `tester`. */
  readonly actor?: string;
  /** Whether `bd init` has been run; default true. */
  readonly initialised?: boolean;
}

let made = 0;

/** Makes a workspace; the caller removes it. */
export async function makeWorkspace(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  made += 1;
  const prefix = options.prefix ?? `t${process.pid}x${made}`;
  const port = options.port ?? inject("doltPort");
  const root = mkdtempSync(join(tmpdir(), "bd-test-"));
  const home = join(root, "home");
  const dir = join(root, "project");
  mkdirSync(home);
  mkdirSync(dir);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TZ: "UTC",
    BEADS_ACTOR: options.actor ?? "tester",
    GIT_AUTHOR_EMAIL: "tester@example.test",
    BEADS_DOLT_SERVER_PORT: String(port),
  };
  const database = `beads_${prefix}`;
  let connection: Connection | undefined;
  const workspace: TestWorkspace = {
    dir,
    home,
    database,
    port,
    env,
    spawn: (args, run = {}) => spawnBd(args, { cwd: dir, ...run, env: { ...env, ...run.env } }),
    bd: (args, run) => workspace.spawn(args, run).done,
    async json(args, run = {}) {
      const { code, stdout, stderr } = await workspace.bd([...args, "--json"], run);
      if (code !== 0) throw new Error(`bd ${args.join(" ")} exited ${code}: ${stdout}${stderr}`);
      return JSON.parse(stdout);
    },
    async sql(statement, parameters = []) {
      connection ??= await createConnection({ host: "127.0.0.1", port, user: "root", database, dateStrings: true });
      await connection.query("ROLLBACK");
      const [rows] = await connection.query(statement, [...parameters]);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the driver can't know what a statement answers
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
    async remove() {
      await connection?.end();
      const admin = await createConnection({ host: "127.0.0.1", port, user: "root" });
      await admin.query(`DROP DATABASE IF EXISTS \`${database}\``);
      await admin.end();
      rmSync(root, { recursive: true, force: true });
    },
  };
  if (options.initialised ?? true) {
    const { code, stderr } = await workspace.bd(["init", "--prefix", prefix, "-q"]);
    if (code !== 0) throw new Error(`bd init exited ${code}: ${stderr}`);
  }
  return workspace;
}

/** A workspace that goes with the test. */
export async function testWorkspace(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  const workspace = await makeWorkspace(options);
  onTestFinished(() => workspace.remove());
  return workspace;
}
