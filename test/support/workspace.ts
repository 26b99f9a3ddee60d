import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { onTestFinished } from "vitest";
import { doltPort } from "./dolt-port.ts";
import { asRoot, grantRole, isAdminCommand, type Login, loginEnv, TEST_PASSWORD } from "./roles.ts";
import { type BdResult, type RunOptions, runBd, spawnBd } from "./run-bd.ts";
import { makeTables } from "./template-database.ts";

/** A folder with a tracker of its own on the run's server, and what a test needs to use and look into it. */
export interface TestWorkspace {
  readonly dir: string;
  readonly home: string;
  readonly database: string;
  readonly port: number;
  /** The environment of every `bd` of this workspace, with its login; nothing of the machine's but PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command line here, in this process, and gives what it printed, whatever its exit code. */
  bd(args: readonly string[], options?: RunOptions): Promise<BdResult>;
  /** Starts the built `bd` here and leaves it running: for tests of what only a process has, such as signals. */
  spawn(args: readonly string[], options?: RunOptions): ReturnType<typeof spawnBd>;
  /** Runs `bd … --json`, expects exit 0, and gives the payload. */
  json(args: readonly string[], options?: RunOptions): Promise<unknown>;
  /** Rows of one statement on the workspace's database. */
  sql(statement: string, parameters?: readonly (string | number | null)[]): Promise<Record<string, unknown>[]>;
  /** Gives the user of this workspace an agent's rights on one more database. */
  grant(database: string): Promise<void>;
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
  /** Whether its history has nothing in common with that of other workspaces, as in life; costs a migration. */
  readonly ownHistory?: boolean;
  /**
   * Who `bd` is logged in as: `agent` (the default), with the rights that docs/security.md gives to agents, and with
   * those for a relay; only the commands that the document gives to admins run as root. Or `root` for everything, as
   * on a server that nobody gave a password.
   */
  readonly login?: "agent" | "root";
}

const MAIL = "tester@example.test";

let made = 0;

/** Makes a workspace; the caller removes it. */
export async function makeWorkspace(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  made += 1;
  const prefix = options.prefix ?? `t${process.pid}x${made}`;
  const port = options.port ?? doltPort();
  const root = mkdtempSync(join(tmpdir(), "bd-test-"));
  const home = join(root, "home");
  const dir = join(root, "project");
  mkdirSync(home);
  mkdirSync(dir);
  const database = `beads_${prefix}`;
  const agent = (options.login ?? "agent") === "agent" ? await makeAgent(port, database) : undefined;
  const rootEnv = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TZ: "UTC",
    BEADS_ACTOR: options.actor ?? "tester",
    GIT_AUTHOR_EMAIL: MAIL,
    BEADS_DOLT_SERVER_PORT: String(port),
  };
  const env: Record<string, string> = { ...rootEnv, ...(agent === undefined ? {} : loginEnv(agent)) };
  const here = (args: readonly string[], run: RunOptions = {}): RunOptions => ({
    cwd: dir,
    ...run,
    env: { ...(isAdminCommand(args) ? rootEnv : env), ...run.env },
  });
  let connection: Connection | undefined;
  const workspace: TestWorkspace = {
    dir,
    home,
    database,
    port,
    env,
    spawn: (args, run) => spawnBd(args, here(args, run)),
    bd: (args, run) => runBd(args, here(args, run)),
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
    async grant(other) {
      if (agent !== undefined) await asRoot(port, (admin) => grantRole(admin, "agent", agent, other));
    },
    async remove() {
      await connection?.end();
      await asRoot(port, async (admin) => {
        await admin.query(`DROP DATABASE IF EXISTS \`${database}\``);
        if (agent !== undefined) await admin.query(`DROP USER IF EXISTS '${agent.user}'@'%'`);
      });
      rmSync(root, { recursive: true, force: true });
    },
  };
  if (options.initialised ?? true) {
    if (!options.ownHistory) await makeTables({ port, database, author: `${env["BEADS_ACTOR"]} <${MAIL}>` });
    const { code, stderr } = await workspace.bd(["init", "--prefix", prefix, "-q"]);
    if (code !== 0) throw new Error(`bd init exited ${code}: ${stderr}`);
  }
  return workspace;
}

/** One per workspace, so that the rights on one database are all that it has. */
async function makeAgent(port: number, database: string): Promise<Login> {
  const login = { user: `agent-${process.pid}-${made}`, password: TEST_PASSWORD };
  await asRoot(port, async (admin) => {
    await grantRole(admin, "agent", login, database);
    await grantRole(admin, "relay", login, database);
  });
  return login;
}

/** A workspace that goes with the test. */
export async function testWorkspace(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  const workspace = await makeWorkspace(options);
  onTestFinished(() => workspace.remove());
  return workspace;
}
