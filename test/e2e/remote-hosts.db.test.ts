import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { doltBinary } from "../support/dolt-binary.ts";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { type RecordingRemote, startRecordingRemote } from "../support/recording-remote.ts";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { asRoot, grantRole, loginEnv, TEST_PASSWORD } from "../support/roles.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const SERVERS_PASSWORD = "of-the-server";

interface Way {
  readonly env: Readonly<Record<string, string>>;
  /** What the remote hears. */
  readonly login: string;
}

const RELAY: Way = {
  env: { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD: "of-ann", BEADS_DOLT_BIN: doltBinary() },
  login: "ann:of-ann",
};

/** Whose password would go, by which way. */
const WAYS: Readonly<Record<string, Way>> = {
  "the person's password, by the relay": RELAY,
  "the person's password, with no dolt at hand": {
    env: { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD: "of-ann", PATH: "/nowhere" },
    login: `ann:${SERVERS_PASSWORD}`,
  },
  "the server's password": {
    env: { DOLT_REMOTE_USER: "ann", BEADS_DOLT_BIN: doltBinary() },
    login: `ann:${SERVERS_PASSWORD}`,
  },
};

const COMMANDS = [["fetch"], ["pull"], ["pull", "--dry-run"], ["push"], ["push", "--dry-run"]] as const;

let server: PrivateDolt;
let hostile: RecordingRemote;
let workspace: TestWorkspace;
let url: string;
let host: string;

beforeAll(async () => {
  hostile = await startRecordingRemote();
  // The system takes it for this machine; by its name it is none of it.
  host = `http://0.0.0.0:${hostile.port}`;
  url = `${host}/app`;
  server = await startPrivateDolt({ env: { DOLT_REMOTE_PASSWORD: SERVERS_PASSWORD } });
  workspace = await makeWorkspace({ prefix: "hosts", port: server.port });
  await workspace.json(["create", "First", "--id", "hosts-1"]);
});

afterAll(async () => {
  await workspace.remove();
  await Promise.all([server.stop(), hostile.close()]);
});

beforeEach(async () => {
  hostile.logins.clear();
  await nameIn({});
});

/** Who says where the remote is. Each leaves nothing of the others behind. */
const SOURCES: Readonly<
  Record<string, { readonly says: Place; readonly source: string; readonly isPersons: boolean }>
> = {
  "the project's config.yaml": { says: "project", source: "config.yaml, line ", isPersons: false },
  "the project's config.local.yaml": { says: "local", source: "config.local.yaml, line ", isPersons: false },
  "the server's list": { says: "server", source: "the server's list of remotes", isPersons: false },
  "the person's config.yaml": { says: "person", source: "", isPersons: true },
  "the person's environment": { says: "environment", source: "", isPersons: true },
};
type Place = "project" | "local" | "server" | "person" | "environment";

async function nameIn(urls: Partial<Record<Place, string>>, hosts = ""): Promise<void> {
  const yaml = (text: string | undefined) => (text === undefined ? "" : `federation.remote: "${text}"\n`);
  const person = join(workspace.home, ".config/bd/config.yaml");
  mkdirSync(dirname(person), { recursive: true });
  writeFileSync(person, yaml(urls.person) + (hosts === "" ? "" : `federation.hosts: "${hosts}"\n`));
  writeFileSync(join(workspace.dir, ".beads/config.yaml"), yaml(urls.project));
  writeFileSync(join(workspace.dir, ".beads/config.local.yaml"), yaml(urls.local));
  if ((await workspace.sql("SELECT name FROM dolt_remotes WHERE name = 'origin'")).length > 0)
    await workspace.sql("CALL DOLT_REMOTE('remove', 'origin')");
  if (urls.server !== undefined) await workspace.sql("CALL DOLT_REMOTE('add', 'origin', ?)", [urls.server]);
}

async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const before = hostile.connections();
  const { code, stdout } = await workspace.bd([...args, "--json"], { env });
  const { code: error, error: message, hint } = JSON.parse(stdout);
  return { exit: code, error, message, hint, connections: hostile.connections() - before };
}

describe.each(Object.entries(WAYS))("%s", (_way, { env, login }) => {
  describe.each(Object.entries(SOURCES))("to a remote that %s names", (_who, { says, source, isPersons }) => {
    const variables = () => (says === "environment" ? { ...env, BD_FEDERATION_REMOTE: url } : env);
    const namedThere = () => (says === "environment" ? {} : { [says]: url });

    test(`${isPersons ? "goes, because that is" : "does not go, because that is not"} the person`, async () => {
      for (const command of COMMANDS) {
        await nameIn(namedThere());
        const refused = await run(["dolt", ...command], variables());

        if (isPersons) {
          expect(refused).toMatchObject({ exit: 4, error: "REMOTE_ACCESS_DENIED" });
          continue;
        }
        expect(refused).toMatchObject({ exit: 4, error: "REMOTE_HOST_UNNAMED", connections: 0 });
        expect(refused.message).toContain(`${host} is named by `);
        expect(refused.message).toContain(source);
        expect(refused.hint).not.toContain("0.0.0.0");
        const known = await workspace.sql("SELECT name FROM dolt_remotes WHERE name = 'origin'");
        expect(known).toHaveLength(says === "server" ? 1 : 0);
      }
      expect([...hostile.logins]).toEqual(isPersons ? [login] : []);
    });

    test("goes where the person names the host, and this one only", async () => {
      await nameIn(namedThere(), `other.example.test,${host}`);
      expect(await run(["dolt", "fetch"], variables())).toMatchObject({ exit: 4, error: "REMOTE_ACCESS_DENIED" });
      expect([...hostile.logins]).toEqual([login]);
      if (isPersons) return;

      await nameIn(namedThere());
      const byVariable = await run(["dolt", "fetch"], { ...variables(), BD_FEDERATION_HOSTS: host });
      expect(byVariable).toMatchObject({ exit: 4, error: "REMOTE_ACCESS_DENIED" });
      for (const other of [
        "0.0.0.0",
        `0.0.0.0:${hostile.port}`,
        "http://0.0.0.0:1",
        `http://127.0.0.1:${hostile.port}`,
      ]) {
        await nameIn(namedThere(), other);
        expect(await run(["dolt", "fetch"], variables())).toMatchObject({
          error: "REMOTE_HOST_UNNAMED",
          connections: 0,
        });
      }
    });
  });

  test("a remote whose URL changes to another host needs that host named", async () => {
    await nameIn({ server: "http://127.0.0.1:1/app" }, "http://0.0.0.0:1");
    await workspace.sql("CALL DOLT_REMOTE('remove', 'origin')");
    await workspace.sql("CALL DOLT_REMOTE('add', 'origin', ?)", [url]);

    expect(await run(["dolt", "push"], env)).toMatchObject({ error: "REMOTE_HOST_UNNAMED", connections: 0 });
    expect(await run(["dolt", "push", "--force", "--yes"], env)).toMatchObject({ error: "REMOTE_HOST_UNNAMED" });
    expect([...hostile.logins]).toEqual([]);
  });

  test("does not follow a remote that sends it elsewhere", async () => {
    const moved = await startRecordingRemote(url);
    try {
      await nameIn({ server: `http://127.0.0.1:${moved.port}/app` });
      const once = { ...env, BEADS_DOLT_RETRY_MAX: "1ms" };
      expect(await run(["dolt", "fetch"], once)).toMatchObject({ connections: 0 });
      expect([...moved.logins]).toEqual([login]);
      expect([...hostile.logins]).toEqual([]);
    } finally {
      await moved.close();
    }
  });

  test("goes to no host that only a project names when bd init takes the project from there", async () => {
    const clone = await makeWorkspace({ initialised: false, port: server.port });
    try {
      mkdirSync(join(clone.dir, ".beads"));
      writeFileSync(join(clone.dir, ".beads/config.yaml"), `federation.remote: "${url}"\n`);
      const before = hostile.connections();
      const plain = await clone.bd(["init", "--database", clone.database, "--json"], { env });
      expect({ exit: plain.code, ...JSON.parse(plain.stdout) }).toMatchObject({
        exit: 4,
        code: "REMOTE_HOST_UNNAMED",
        hint: "BD_FEDERATION_HOSTS=HOST bd init",
      });
      expect(hostile.connections()).toBe(before);
      expect(await workspace.sql("SHOW DATABASES LIKE ?", [clone.database])).toEqual([]);

      const typed = await clone.bd(["init", "--remote", url, "--database", clone.database, "--json"], { env });
      expect(JSON.parse(typed.stdout)).toMatchObject({ code: "REMOTE_ACCESS_DENIED" });
      expect([...hostile.logins]).toEqual([login]);
      // What did not work is not kept.
      expect(
        JSON.parse((await clone.bd(["init", "--database", clone.database, "--json"], { env })).stdout),
      ).toMatchObject({ code: "REMOTE_HOST_UNNAMED" });
    } finally {
      await clone.remove();
    }
  });
});

test("a remote that the person adds is named by that, once, for this and every other project", async () => {
  const config = () => readFileSync(join(workspace.home, ".config/bd/config.yaml"), "utf8");
  const { env, login } = RELAY;
  await workspace.json(["dolt", "remote", "add", "typed", "http://tracker.example.test:8080/app"]);
  const { code, stdout, stderr } = await workspace.bd(["dolt", "remote", "add", "origin", url]);

  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Added remote "origin"') });
  const path = join(workspace.home, ".config/bd/config.yaml");
  expect(stderr).toContain(`your password for remotes may go to ${host}, in the clear: ${path} names it now\n`);
  expect(config()).toBe(`federation:\n  hosts: "http://tracker.example.test:8080,${host}"\n`);
  expect(await run(["dolt", "fetch"], env)).toMatchObject({ error: "REMOTE_ACCESS_DENIED" });
  expect([...hostile.logins]).toEqual([login]);

  const again = await workspace.bd(["dolt", "remote", "add", "origin", url]);
  expect(again).toMatchObject({ code: 0, stderr: expect.not.stringContaining("your password") });
  expect(config()).toBe(`federation:\n  hosts: "http://tracker.example.test:8080,${host}"\n`);
});

test("a refused remote names nothing", async () => {
  await nameIn({ server: "file:///srv/app" });
  expect((await workspace.bd(["dolt", "remote", "add", "origin", url])).code).toBe(1);
  expect(readFileSync(join(workspace.home, ".config/bd/config.yaml"), "utf8")).toBe("");
});

test("a person whose file can't be written is told what that means, and the remote is there", async () => {
  const config = join(workspace.home, ".config/bd/config.yaml");
  writeFileSync(config, "federation: {hosts: {a: b}}\n");
  const { code, stderr } = await workspace.bd(["dolt", "remote", "add", "kept", url]);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining("the host is not among your federation.hosts, so no password goes there by itself"),
  });
  expect(await workspace.sql("SELECT url FROM dolt_remotes WHERE name = 'kept'")).toEqual([{ url }]);
});

test("without a user nobody's password goes anywhere, so no name is asked for", async () => {
  await nameIn({ project: url });
  expect(await run(["dolt", "fetch"], {})).toMatchObject({ error: "REMOTE_CREDENTIALS_MISSING" });
  expect([...hostile.logins]).toEqual(["nobody"]);
});

test("a hint to add a remote leaves the URL of a stranger's host to the person, who would name it by that", async () => {
  const login = { user: `no-relay-${process.pid}`, password: TEST_PASSWORD };
  await asRoot(server.port, (admin) => grantRole(admin, "agent", login, workspace.database));
  const hintFor = async (place: Parameters<typeof nameIn>[0], hosts?: string) => {
    await nameIn(place, hosts);
    return (await run(["dolt", "fetch"], loginEnv(login))).hint;
  };

  const add = "BEADS_DOLT_SERVER_USER=ADMIN bd dolt remote add origin";
  expect(await hintFor({ project: url })).toBe(`${add} URL`);
  expect(await hintFor({ project: url }, host)).toBe(`${add} ${url}`);
  expect(await hintFor({ project: "file:///srv/app" })).toBe("bd dolt remote add origin URL");

  await nameIn({ project: url, server: "file:///srv/app" });
  const { stdout, stderr } = await workspace.bd(["dolt", "remote", "list"]);
  expect(stdout + stderr).toContain("bd dolt remote remove origin && bd dolt remote add origin URL");
});

describe("a real remote", () => {
  let remote: RemoteServer;
  beforeAll(async () => {
    remote = await startRemoteServer();
  });
  afterAll(() => remote.stop());

  test("that the person names takes pushes, and gives the project to a clone that names it in one line", async () => {
    await remote.create("app");
    const there = remote.url("app").replace("127.0.0.1", "0.0.0.0");
    const named = new URL(there).origin;
    const env = remote.credentials;
    const ann = await testWorkspace();
    await ann.json(["create", "First", "--id", `${ann.database.slice("beads_".length)}-1`]);
    await ann.json(["dolt", "remote", "add", "origin", there]);
    expect(await ann.json(["dolt", "push"], { env })).toMatchObject({ verified: true, rung: "relay" });

    const bob = await testWorkspace({ initialised: false });
    mkdirSync(join(bob.dir, ".beads"));
    writeFileSync(join(bob.dir, ".beads/config.yaml"), readFileSync(join(ann.dir, ".beads/config.yaml")));
    const init = ["init", "--database", bob.database];
    expect(JSON.parse((await bob.bd([...init, "--json"], { env })).stdout)).toMatchObject({
      code: "REMOTE_HOST_UNNAMED",
    });
    await bob.json(["config", "set", "federation.hosts", named]);
    expect(await bob.json(init, { env })).toMatchObject({ cloned: true });
    expect(await bob.json(["dolt", "pull"], { env })).toMatchObject({ result: "up-to-date" });

    const carl = await testWorkspace({ initialised: false });
    const typed = await carl.bd(["init", "--remote", there, "--database", carl.database], { env });
    expect(typed).toMatchObject({ code: 0, stderr: expect.stringContaining(`may go to ${named}, in the clear`) });
    expect(await carl.json(["dolt", "fetch"], { env })).toMatchObject({ ahead: 0 });
  });
});

describe("the login of the server's account, which Azure's storage takes", () => {
  const azure = () => `az://0.0.0.0:${hostile.port}/container/app`;

  test.each(["project", "local", "server"] as const)("goes to no host that %s alone names", async (says) => {
    for (const command of COMMANDS) {
      await nameIn({ [says]: azure() }, host);
      expect(await run(["dolt", ...command], {})).toMatchObject({
        exit: 4,
        error: "REMOTE_HOST_UNNAMED",
        message: expect.stringMatching(/^the login of the server's account goes only to hosts .* 0\.0\.0\.0:\d+ is/),
        hint: "BD_FEDERATION_HOSTS=HOST bd dolt fetch --remote=origin",
        connections: 0,
      });
    }
  });

  test("goes to no host that only a project names when bd init takes the project from there", async () => {
    const clone = await testWorkspace({ initialised: false, port: server.port });
    mkdirSync(join(clone.dir, ".beads"));
    writeFileSync(join(clone.dir, ".beads/config.yaml"), `federation.remote: "${azure()}"\n`);
    const before = hostile.connections();

    const { code, stdout } = await clone.bd(["init", "--database", clone.database, "--json"]);

    expect({ code, error: JSON.parse(stdout) }).toMatchObject({ code: 4, error: { code: "REMOTE_HOST_UNNAMED" } });
    expect(hostile.connections()).toBe(before);
  });

  test("may go where the person adds the remote", async () => {
    const added = await testWorkspace({ port: server.port, login: "root" });
    const { stderr } = await added.bd(["dolt", "remote", "add", "store", "az://club.blob.core.windows.net/club/app"]);

    expect(stderr).toMatch(
      /the login of the server's account may go to club\.blob\.core\.windows\.net: .*config\.yaml/,
    );
  });
});
