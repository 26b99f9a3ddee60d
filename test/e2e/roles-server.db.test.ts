import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { fencedBlocks } from "../support/documents.ts";
import { doltBinary } from "../support/dolt-binary.ts";
import { freePort, type PrivateDolt, type PrivateDoltOptions, startPrivateDolt } from "../support/private-dolt.ts";
import { asRoot, grantRole, type Login, type Role, securitySection } from "../support/roles.ts";

// What docs/security.md says of Dolt itself, and not of bd: where a newer Dolt is better, these tests say so.

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bd-roles-"));
  mkdirSync(join(folder, "bin"));
  symlinkSync(doltBinary(), join(folder, "bin", "dolt"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A server that goes with the test, with two databases in each of which there is a table. */
async function clubServer(options: PrivateDoltOptions = {}): Promise<PrivateDolt> {
  const server = await startPrivateDolt(options);
  onTestFinished(() => server.stop());
  await fillClub(server);
  return server;
}

async function fillClub({ port }: PrivateDolt): Promise<void> {
  await asRoot(port, async (root) => {
    for (const database of ["beads_other", "beads_club"]) {
      await root.query(`CREATE DATABASE ${database}`);
      await root.query(`USE ${database}`);
      await root.query("CREATE TABLE marks (id INT PRIMARY KEY)");
      await root.query("CALL DOLT_COMMIT('-Am', 'first')");
      await root.query("COMMIT");
    }
  });
}

const SOMEBODY: Login = { user: "somebody", password: "somebody's" };

async function as(login: Login, port: number, ...statements: readonly string[]): Promise<RowDataPacket[]> {
  const connection = await createConnection({ host: "127.0.0.1", port, ...login });
  try {
    let rows: RowDataPacket[] = [];
    for (const statement of statements) [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows;
  } finally {
    connection.destroy();
  }
}

const grant = (port: number, role: Role, login = SOMEBODY) =>
  asRoot(port, (root) => grantRole(root, role, login, "beads_club"));

interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Runs a line as a shell does, with `dolt` on PATH. */
function inShell(line: string, run: { readonly cwd?: string; readonly env?: Record<string, string> } = {}) {
  const env = { PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, HOME: folder, DOLT_DISABLE_EVENT_FLUSH: "true" };
  return new Promise<Ended>((resolve) => {
    execFile("sh", ["-c", line], { cwd: folder, ...run, env: { ...env, ...run.env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, text: stdout + stderr }),
    );
  });
}

/** The first line of a shell in a section of the document, which may go on over several. */
function shellLine(heading: string, port: number): string {
  const [block = []] = fencedBlocks(securitySection(heading), "sh");
  return block.join("\n").replace("3307", String(port));
}

const passwordLine = (port: number) => shellLine("A password for root", port);

test("the document's lines give root a password, which counts at once, make an agent, and take the password away", async () => {
  const server = await clubServer();

  expect(await inShell(passwordLine(server.port))).toMatchObject({ code: 0 });

  await expect(as({ user: "root", password: "" }, server.port, "SELECT 1")).rejects.toThrow("Access denied");
  const root = { user: "root", password: "ROOT-PASSWORD" };
  expect(await as(root, server.port, "SELECT 1 AS one")).toEqual([{ one: 1 }]);

  const statements = fencedBlocks(securitySection("Agent"), "sql")[0] ?? [];
  writeFileSync(join(folder, "agent.sql"), statements.join("\n"));
  expect(await inShell(shellLine("Three roles", server.port))).toMatchObject({ code: 0 });
  const agent = { user: "agent", password: "AGENT-PASSWORD" };
  expect(await as(agent, server.port, "SELECT * FROM beads_club.marks")).toEqual([]);
  await expect(as(agent, server.port, "SELECT * FROM beads_other.marks")).rejects.toThrow("denied");

  const [, undo = ""] = /Undo: `(.*)`/.exec(securitySection("A password for root").text) ?? [];
  await as(root, server.port, undo);
  expect(await as({ user: "root", password: "" }, server.port, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

describe("an agent", () => {
  test.each([
    "CALL DOLT_RESET('--hard', 'HEAD~1')",
    "CALL DOLT_REBASE('HEAD~1')",
    "CALL DOLT_BRANCH('-f', 'main', 'HEAD~1')",
    "CALL DOLT_CHECKOUT('-b', 'own')",
    "CALL DOLT_GC()",
    "CALL DOLT_REMOTE('add', 'own', 'file:///tmp')",
    "CALL DOLT_CLONE('file:///tmp', 'own')",
    "ALTER TABLE marks ADD COLUMN n INT",
    "TRUNCATE TABLE marks",
    "DROP TABLE marks",
    "DROP DATABASE beads_club",
    "DROP DATABASE beads_other",
    "CREATE DATABASE own",
    "SELECT * FROM beads_other.marks",
    "SELECT * FROM mysql.user",
    "CREATE USER other",
    "ALTER USER 'root'@'localhost' IDENTIFIED BY 'stolen'",
    "GRANT ALL ON *.* TO 'somebody'@'%'",
    "KILL 1",
  ])("may not %s", async (statement) => {
    const server = await agentsServer();
    await expect(as(SOMEBODY, server.port, "USE beads_club", statement)).rejects.toThrow(/denied/);
  });

  test("can put another commit in place of the newest one, which the admin finds again", async () => {
    const server = await clubServer();
    await grant(server.port, "agent");
    const insert = ["USE beads_club", "INSERT INTO marks VALUES (1)"];
    await as(SOMEBODY, server.port, ...insert, "CALL DOLT_COMMIT('-Am', 'mine', '--author', 'Ann <ann@x>')", "COMMIT");
    await as(SOMEBODY, server.port, "USE beads_club", "CALL DOLT_COMMIT('--amend', '-m', 'other')", "COMMIT");

    const log = await as({ user: "root", password: "" }, server.port, "USE beads_club", "SELECT message FROM dolt_log");
    expect(log.map((row) => row["message"])).toEqual(["other", "first", "Initialize data repository"]);
    const found = await as(
      { user: "root", password: "" },
      server.port,
      "USE beads_club",
      "SELECT commit_message FROM dolt_reflog('main')",
    );
    expect(found.map((row) => row["commit_message"])).toContain("mine");
  });

  /** One for all that only ask and are refused. */
  let shared: PrivateDolt | undefined;
  async function agentsServer(): Promise<PrivateDolt> {
    if (shared !== undefined) return shared;
    shared = await startPrivateDolt();
    await fillClub(shared);
    await grant(shared.port, "agent");
    return shared;
  }
  afterAll(() => shared?.stop());
});

describe("what the document says not to grant", () => {
  test.each([
    ["GRANT ALL ON beads_club.* TO 'somebody'@'%'", "DROP DATABASE beads_other"],
    ["GRANT ALL ON beads_club.* TO 'somebody'@'%'", "CREATE DATABASE own"],
    ["GRANT EXECUTE ON beads_club.* TO 'somebody'@'%'", "CALL DOLT_RESET('--hard', 'HEAD~1')"],
    ["GRANT UPDATE ON *.* TO 'somebody'@'%'", "GRANT ALL ON *.* TO 'somebody'@'%'"],
    ["GRANT SUPER ON *.* TO 'somebody'@'%'", "GRANT ALL ON *.* TO 'somebody'@'%'"],
  ])("%s allows %s", async (granted, statement) => {
    const server = await clubServer();
    await grant(server.port, "agent");
    await asRoot(server.port, (root) => grantRole(root, "reader", SOMEBODY, "beads_other"));
    await expect(as(SOMEBODY, server.port, "USE beads_club", statement)).rejects.toThrow(/denied/);

    await asRoot(server.port, (root) => root.query(granted));

    await expect(as(SOMEBODY, server.port, "USE beads_club", statement)).resolves.toBeDefined();
  });

  test("a % in a database's name is no wildcard", async () => {
    const server = await clubServer();
    await asRoot(server.port, async (root) => {
      await root.query("CREATE USER 'somebody'@'%' IDENTIFIED BY 'somebody''s'");
      await root.query("GRANT SELECT ON `beads_%`.* TO 'somebody'@'%'");
    });

    await expect(as(SOMEBODY, server.port, "SELECT * FROM beads_club.marks")).rejects.toThrow(/denied/);
  });
});

describe("the server's files", () => {
  const keyOf = ({ dataDir }: PrivateDolt) => `LOAD_FILE('${join(dataDir, ".dolt/sql-server.info")}')`;

  test("are open to every reader, who becomes root by them", async () => {
    const server = await clubServer();
    await grant(server.port, "reader");

    const [row] = await as(SOMEBODY, server.port, `SELECT ${keyOf(server)} AS text`);

    const [, , password = ""] = String(row?.["text"]).split(":");
    const local = { user: "__dolt_local_user__", password };
    await expect(as(SOMEBODY, server.port, "CREATE USER other")).rejects.toThrow(/denied/);
    await expect(as(local, server.port, "CREATE USER other")).resolves.toBeDefined();
    expect(statSync(join(server.dataDir, ".dolt/sql-server.info")).mode & 0o777).toBe(0o600);
  });

  test("are closed by the document's configuration", async () => {
    const [yaml = []] = fencedBlocks(securitySection("Close the server's files"), "yaml");
    const server = await clubServer({
      configuration: ({ port, dataDir }) =>
        yaml.join("\n").replace("3307", String(port)).replace("/srv/beads/dolt", dataDir),
    });
    await grant(server.port, "reader");
    const ask = (statement: string) => as(SOMEBODY, server.port, statement);

    expect(await ask("SELECT @@secure_file_priv AS place")).toEqual([{ place: "/nonexistent" }]);
    expect(await ask(`SELECT ${keyOf(server)} AS text`)).toEqual([{ text: null }]);
    await expect(ask(`SELECT 1 INTO OUTFILE '${join(folder, "made")}'`)).rejects.toThrow("/nonexistent");
    await expect(ask("SET GLOBAL secure_file_priv = ''")).rejects.toThrow("read only variable");
    expect(await ask("SELECT @@autocommit AS auto")).toEqual([{ auto: 0 }]);
  });
});

test("a variable that anybody may set keeps all out of a database, over a restart, until root mends it", async () => {
  const server = await clubServer();
  await grant(server.port, "reader");
  const looking = () => as(SOMEBODY, server.port, "USE beads_club", "SELECT * FROM marks");

  await as(SOMEBODY, server.port, "SET PERSIST beads_club_default_branch = 'nope'");
  await expect(looking()).rejects.toThrow("default branch");
  await server.crash();
  await server.start();
  await expect(looking()).rejects.toThrow("default branch");

  const [mending = []] = fencedBlocks(securitySection("Close the server's files"), "sql");
  expect(mending).toHaveLength(2);
  await asRoot(server.port, async (root) => {
    for (const statement of mending) await root.query(statement);
  });
  await expect(looking()).resolves.toEqual([]);
});

describe("the remotes API", () => {
  /** Clones beads_club with a user or without, commits there, and pushes. */
  async function cloneAndPush(url: string, user?: Login): Promise<{ readonly clone: Ended; readonly push: Ended }> {
    const cwd = mkdtempSync(join(folder, "clone-"));
    const asUser = user === undefined ? "" : `--user ${user.user}`;
    const env = user === undefined ? {} : { DOLT_REMOTE_PASSWORD: user.password };
    const clone = await inShell(`dolt clone ${asUser} ${url} club`, { cwd, env });
    const push = await inShell(
      `cd club && dolt config --local --add user.name x && dolt config --local --add user.email x@example.test &&
       dolt sql -q 'INSERT INTO marks VALUES (1)' && dolt commit -Am pushed && dolt push ${asUser} origin main`,
      { cwd, env },
    );
    return { clone, push };
  }

  async function apiServer(...more: readonly string[]) {
    const port = await freePort();
    const server = await clubServer({ arguments: ["--remotesapi-port", String(port), ...more] });
    return { server, url: `http://127.0.0.1:${port}/beads_club`, port };
  }

  test("lets everybody on the machine clone and push while root has no password, and nobody afterwards", async () => {
    const { server, url } = await apiServer();

    expect(await cloneAndPush(url)).toMatchObject({ clone: { code: 0 }, push: { code: 0 } });
    expect(await asRoot(server.port, (root) => root.query("SELECT * FROM beads_club.marks"))).toMatchObject([
      [{ id: 1 }],
      {},
    ]);

    await inShell(passwordLine(server.port));
    const { clone } = await cloneAndPush(url);
    expect(clone).toMatchObject({ code: 1, text: expect.stringContaining("Access denied for user 'root'") });
  });

  test("listens on other addresses than the server's own", async () => {
    const { port } = await apiServer();
    const clone = await inShell(`dolt clone http://127.0.0.2:${port}/beads_club other`);
    expect(clone).toMatchObject({ code: 0 });
  });

  test("lets the fetcher clone and not push, and the agent neither", async () => {
    const { server, url } = await apiServer();
    const agent = { user: "agent", password: "agent's" };
    await grant(server.port, "fetcher");
    await grant(server.port, "agent", agent);

    const fetcher = await cloneAndPush(url, SOMEBODY);
    expect(fetcher).toMatchObject({ clone: { code: 0 }, push: { code: 1 } });
    expect(fetcher.push.text).toContain("has not been granted SuperUser access");
    const { clone } = await cloneAndPush(url, agent);
    expect(clone).toMatchObject({ code: 1, text: expect.stringContaining("has not been granted CLONE_ADMIN access") });
  });

  test("takes no push at all with --remotesapi-readonly", async () => {
    const { url } = await apiServer("--remotesapi-readonly");
    expect(await cloneAndPush(url)).toMatchObject({ clone: { code: 0 }, push: { code: 1 } });
  });
});
