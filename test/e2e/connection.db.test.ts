import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { GO_MADE_DATABASE, unpackGoMade } from "../support/go-made.ts";
import { freePort, type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace();
});

afterAll(() => workspace.remove());

async function nobody(): Promise<{ env: Record<string, string> }> {
  return { env: { BEADS_DOLT_SERVER_PORT: String(await freePort()) } };
}

describe("bd where", () => {
  it("shows folder, prefix, database and server", async () => {
    expect(await workspace.json(["where"])).toEqual({
      path: join(workspace.dir, ".beads"),
      prefix: workspace.database.slice("beads_".length),
      database: workspace.database,
      server: `127.0.0.1:${workspace.port}`,
      schema_version: 1,
    });
  });

  it("works without a server, and says what is missing", async () => {
    const { code, stdout, stderr } = await workspace.bd(["where"], await nobody());
    expect(code).toBe(0);
    expect(stdout).toContain(`  database: ${workspace.database}\n`);
    expect(stdout).not.toContain("prefix");
    expect(stderr).toContain("no Dolt server answers");
  });

  it("works with a broken metadata.json, and names file and line", async () => {
    const broken = await testWorkspace();
    const path = join(broken.dir, ".beads/metadata.json");
    writeFileSync(path, readFileSync(path, "utf8").slice(0, 40));
    const { code, stdout, stderr } = await broken.bd(["where"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(broken.dir, ".beads")}\n` });
    expect(stderr).toContain(`${path}, line 3`);
  });

  it("exits 4 outside of a workspace", async () => {
    const { code, stderr } = await workspace.bd(["where"], { cwd: workspace.home });
    expect(code).toBe(4);
    expect(stderr).toContain("Hint: bd init");
  });
});

describe("bd info", () => {
  it("is JSON when asked to, with the schema where wanted", async () => {
    const info = await workspace.json(["info", "--schema"]);
    expect(info).toMatchObject({
      database: workspace.database,
      mode: "direct",
      issue_count: 0,
      config: { issue_prefix: workspace.database.slice("beads_".length) },
      schema: { schema_version: 32, sample_issue_ids: [] },
    });
    expect(await workspace.json(["info"])).not.toHaveProperty("schema");
    expect((await workspace.bd(["info"])).stdout).toContain("Issue Count: 0");
  });
});

describe("bd ping and bd dolt test", () => {
  it("exit 0 where the database answers", async () => {
    expect(await workspace.json(["ping"])).toEqual({
      status: "ok",
      resolve_ms: expect.any(Number),
      store_ms: expect.any(Number),
      query_ms: expect.any(Number),
      total_ms: expect.any(Number),
      schema_version: 1,
    });
    expect(await workspace.json(["dolt", "test"])).toEqual({
      host: "127.0.0.1",
      port: workspace.port,
      connection_ok: true,
      schema_version: 1,
    });
  });

  it("exit 5 at once, and still print JSON, where nobody answers", async () => {
    const run = await nobody();
    const ping = await workspace.bd(["ping", "--json"], run);
    expect({ code: ping.code, ...JSON.parse(ping.stdout) }).toMatchObject({
      code: "SERVER_UNREACHABLE",
      status: "error",
    });
    expect(ping.code).toBe(5);
    const test = await workspace.bd(["dolt", "test"], run);
    expect(test.code).toBe(5);
    expect(test.stdout).toContain("Connection failed: no Dolt server answers");
    expect(test.stderr).toContain("bd server start");
  });

  it("are allowed with --readonly", async () => {
    expect((await workspace.bd(["ping", "--readonly"])).code).toBe(0);
    expect((await workspace.bd(["dolt", "test", "--readonly"])).code).toBe(0);
  });
});

describe("bd dolt show, status and set", () => {
  it("tell the truth about the server", async () => {
    expect(await workspace.json(["dolt", "show"])).toMatchObject({
      backend: "dolt",
      connection_ok: true,
      embedded: false,
    });
    expect(await workspace.json(["dolt", "status"])).toEqual({
      running: true,
      host: "127.0.0.1",
      port: workspace.port,
      user: workspace.env["BEADS_DOLT_SERVER_USER"],
      tls: false,
      unmerged_tables: [],
      product: "Dolt",
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      own: false,
      database: workspace.database,
      database_exists: true,
      dirty_tables: [],
      write_lock: null,
      branch: "main",
      head: expect.stringMatching(/^[0-9a-v]{32}$/),
      remotes: [],
      sovereignty: "T1",
      schema_version: 1,
    });
    expect(await workspace.json(["dolt", "status"], await nobody())).toMatchObject({ running: false, own: false });
    const stranger = { env: { BEADS_DOLT_SERVER_USER: "stranger" } };
    expect(await workspace.json(["dolt", "status"], stranger)).toMatchObject({
      running: true,
      error: `the server at 127.0.0.1:${workspace.port} refuses user 'stranger' with the password that is set`,
    });
  });

  it("names who holds the write lock, and how an admin frees it", async () => {
    const holder = await createConnection({ host: "127.0.0.1", port: workspace.port, user: "root" });
    onTestFinished(() => holder.end());
    holder.on("error", () => {});
    await holder.query("SELECT GET_LOCK(?, 5)", [`${workspace.database}:write`]);
    const kill = `KILL ${holder.threadId}`;

    expect(await workspace.json(["dolt", "status"])).toMatchObject({
      write_lock: { connection: holder.threadId, user: "root", seconds: expect.any(Number), state: "silent", kill },
    });
    const { stdout, stderr } = await workspace.bd(["dolt", "status"]);
    expect(stdout).toMatch(/^ {2}Write lock: {2}held by connection \d+ \(root@\S+, silent for \d+ s\)$/m);
    expect(stdout + stderr).toContain(`an admin frees the lock in any SQL client: ${kill}\n`);

    await workspace.sql(kill);
    expect(await workspace.json(["dolt", "status"])).toMatchObject({ write_lock: null });
  });

  it("change where the workspace connects to", async () => {
    const own = await testWorkspace();
    const path = join(own.dir, ".beads/metadata.json");
    const set = await own.json(["dolt", "set", "host", "localhost", "--update-config"]);
    expect(set).toEqual({ key: "host", value: "localhost", location: path, schema_version: 1 });
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ dolt_server_host: "localhost" });
    expect(readFileSync(join(own.dir, ".beads/config.yaml"), "utf8")).toContain("dolt:\n  host: localhost\n");
    expect((await own.bd(["dolt", "set", "port", "high"])).code).toBe(2);
    expect((await own.bd(["dolt", "set", "colour", "red"])).code).toBe(2);
  });
});

describe("a database that the Go program made", () => {
  let dolt: PrivateDolt;
  let joined: TestWorkspace;

  beforeAll(async () => {
    dolt = await startPrivateDolt({ seed: unpackGoMade });
    joined = await makeWorkspace({ port: dolt.port, initialised: false });
    await joined.grant(GO_MADE_DATABASE);
  });

  afterAll(async () => {
    await joined.remove();
    await dolt.stop();
  });

  it("is joined as it is, and bd dolt commit says truthfully what it did", async () => {
    const init = await joined.bd(["init", "--database", GO_MADE_DATABASE, "--json"]);
    expect({ code: init.code, ...JSON.parse(init.stdout) }).toMatchObject({ code: 0, outcome: "joined" });
    expect(await joined.json(["dolt", "status"])).toMatchObject({ dirty_tables: ["config"] });
    expect((await joined.bd(["migrate", "--dry-run"])).stdout).toContain("has schema 32; nothing to do");
    const commit = ["dolt", "commit", "-m", "leftovers", "--json"];
    expect(JSON.parse((await joined.bd(commit)).stdout)).toEqual({
      committed: true,
      commit: expect.stringMatching(/^[a-v0-9]{32}$/),
      schema_version: 1,
    });
    expect((await joined.bd(["dolt", "commit"])).stdout).toBe("Nothing to commit.\n");
    expect(await joined.json(["dolt", "status"])).toMatchObject({ dirty_tables: [] });
  });
});
