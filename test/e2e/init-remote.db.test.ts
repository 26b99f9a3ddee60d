import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPrivateDolt } from "../support/private-dolt.ts";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let remote: RemoteServer;
let ann: TestWorkspace;
let folder: string;
let projectId: unknown;

beforeAll(async () => {
  [remote, ann] = await Promise.all([startRemoteServer(), makeWorkspace({ prefix: "app" })]);
  folder = `file://${join(ann.home, "remote")}`;
  await ann.json(["create", "First", "--id", "app-1"]);
  await ann.json(["dolt", "remote", "add", "origin", folder]);
  await ann.json(["dolt", "remote", "add", "web", await remote.create("app")]);
  await ann.json(["dolt", "push"]);
  await ann.json(["dolt", "push", "--remote", "web"], { env: remote.credentials });
  projectId = metadataOf(ann)["project_id"];
});

afterAll(async () => {
  await ann.remove();
  await remote.stop();
});

function metadataOf({ dir }: TestWorkspace): Record<string, unknown> {
  return JSON.parse(readFileSync(join(dir, ".beads/metadata.json"), "utf8"));
}

describe("bd init --remote", () => {
  test.each(["file", "http"])("clones a project over %s, and can push at once", async (scheme) => {
    const bob = await testWorkspace({ initialised: false });
    const url = scheme === "file" ? folder : remote.url("app");
    const env = scheme === "file" ? {} : remote.credentials;
    const made = await bob.json(["init", "--remote", url, "--database", bob.database], { env });
    expect(made).toMatchObject({ outcome: "joined", prefix: "app", project_id: projectId, remote: url, cloned: true });
    expect(metadataOf(bob)).toMatchObject({ project_id: projectId, dolt_database: bob.database });
    expect(await bob.json(["show", "app-1"])).toMatchObject([{ title: "First" }]);
    await bob.json(["create", "Of Bob", "--id", `app-bob-${scheme}`]);
    expect(await bob.json(["dolt", "push"], { env })).toMatchObject({ remote: "origin", url, commits: 1, issues: 1 });
    expect(await bob.sql("SELECT name, params FROM dolt_remotes WHERE name = 'origin'")).toEqual([
      { name: "origin", params: {} },
    ]);
  });

  test("takes the server's credentials where the shell has a user alone, and remembers no user", async () => {
    const server = await startPrivateDolt({ env: { DOLT_REMOTE_PASSWORD: remote.password } });
    const bob = await makeWorkspace({ initialised: false, port: server.port });
    try {
      const env = { DOLT_REMOTE_USER: remote.user };
      await bob.json(["init", "--remote", remote.url("app"), "--database", bob.database], { env });
      expect(await bob.json(["dolt", "fetch"], { env })).toMatchObject({ ahead: 0, rung: "server-password" });
      expect(await bob.sql("SELECT params FROM dolt_remotes")).toEqual([{ params: {} }]);
    } finally {
      await bob.remove();
      await server.stop();
    }
  });

  test("makes a new project where the remote is empty, which is then pushed", async () => {
    const bob = await testWorkspace({ initialised: false });
    const url = `file://${join(bob.home, "empty")}`;
    const made = await bob.json(["init", "--prefix", bob.database.slice("beads_".length), "--remote", url]);
    expect(made).toMatchObject({ outcome: "created", remote: url, cloned: false });
    await bob.json(["create", "First"]);
    expect(await bob.json(["dolt", "push"])).toMatchObject({ url, issues: 1, verified: true });
  });

  test("a fresh clone of the repository, whose config.yaml names the remote, gets the project by bd init", async () => {
    const bob = await testWorkspace({ initialised: false });
    mkdirSync(join(bob.dir, ".beads"));
    cpSync(join(ann.dir, ".beads/config.yaml"), join(bob.dir, ".beads/config.yaml"));
    const made = await bob.json(["init", "--database", bob.database]);
    expect(made).toMatchObject({ outcome: "joined", project_id: projectId, cloned: true });
  });

  test("fills the empty database that a cut off init has left, with its remote or without", async () => {
    for (const left of [[], [`CALL DOLT_REMOTE('add', 'origin', '${folder}')`]]) {
      const bob = await testWorkspace({ initialised: false });
      await ann.sql(`CREATE DATABASE \`${bob.database}\``);
      for (const statement of left) await bob.sql(statement);
      expect(await bob.json(["init", "--remote", folder, "--database", bob.database])).toMatchObject({
        outcome: "joined",
        project_id: projectId,
        cloned: true,
      });
      expect(await bob.json(["show", "app-1"])).toMatchObject([{ title: "First" }]);
    }
  });

  test("of two who clone into one database at once, both join the one project", async () => {
    const newcomer = () => testWorkspace({ initialised: false, login: "root" });
    const bobs = await Promise.all([newcomer(), newcomer()]);
    const database = bobs[0].database;
    const made = await Promise.all(bobs.map((bob) => bob.json(["init", "--remote", folder, "--database", database])));
    for (const one of made) expect(one).toMatchObject({ outcome: "joined", project_id: projectId });
    for (const bob of bobs) expect(await bob.json(["show", "app-1"])).toMatchObject([{ title: "First" }]);
  });

  test("refuses to join a database with another history", async () => {
    const bob = await testWorkspace({ ownHistory: true });
    const { code, stdout } = await bob.bd(["init", "--remote", folder, "--database", bob.database, "--json"]);
    expect({ code, error: JSON.parse(stdout).code }).toEqual({ code: 10, error: "SECOND_HISTORY" });
    expect(readFileSync(join(bob.dir, ".beads/config.yaml"), "utf8")).not.toContain(folder);
    expect(await bob.json(["dolt", "remote", "list"])).toEqual([]);
  });

  test("leaves no database behind where the remote holds something else", async () => {
    await remote.create("other");
    await remote.sql("other", "CREATE TABLE t (id INT PRIMARY KEY)", "CALL DOLT_COMMIT('-Am', 't')");
    const bob = await testWorkspace({ initialised: false });
    const { code, stdout } = await bob.bd(
      ["init", "--remote", remote.url("other"), "--database", bob.database, "--json"],
      { env: remote.credentials },
    );
    expect({ code, error: JSON.parse(stdout).code }).toEqual({ code: 4, error: "NOT_A_TRACKER" });
    const databases = await ann.sql("SHOW DATABASES");
    expect(databases.map(({ Database: name }) => name)).not.toContain(bob.database);
  });

  test("wrong credentials make nothing", async () => {
    const bob = await testWorkspace({ initialised: false });
    const { code, stdout } = await bob.bd(
      ["init", "--remote", remote.url("app"), "--database", bob.database, "--json"],
      { env: { ...remote.credentials, DOLT_REMOTE_PASSWORD: "wrong" } },
    );
    expect({ code, error: JSON.parse(stdout).code }).toEqual({ code: 4, error: "REMOTE_ACCESS_DENIED" });
    const databases = await ann.sql("SHOW DATABASES");
    expect(databases.map(({ Database: name }) => name)).not.toContain(bob.database);
  });
});
