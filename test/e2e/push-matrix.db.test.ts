import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { doltBinary } from "../support/dolt-binary.ts";
import { freePort, type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** How a remote stands to us before the push. */
const STATES = ["empty", "equal", "ahead", "behind", "diverged", "dirty"] as const;
type State = (typeof STATES)[number];

/** What the person's shell says. */
const SHELLS = {
  nothing: {},
  "the user alone": { DOLT_REMOTE_USER: "up" },
  "a wrong password": { DOLT_REMOTE_USER: "up", DOLT_REMOTE_PASSWORD: "wrong" },
  "the right password": { DOLT_REMOTE_USER: "up", DOLT_REMOTE_PASSWORD: "person-password" },
} as const;
type Shell = keyof typeof SHELLS;
const SHELL_NAMES: readonly Shell[] = ["nothing", "the user alone", "a wrong password", "the right password"];

interface Outcome {
  readonly exit: number;
  readonly code?: string;
  readonly rung?: string;
}

const OF_STATE: Readonly<Record<State, Outcome>> = {
  empty: { exit: 0 },
  equal: { exit: 0 },
  ahead: { exit: 0 },
  behind: { exit: 6, code: "REMOTE_AHEAD" },
  diverged: { exit: 6, code: "REMOTE_AHEAD" },
  dirty: { exit: 6, code: "REMOTE_DIRTY" },
};
const MISSING: Outcome = { exit: 4, code: "REMOTE_CREDENTIALS_MISSING" };
const DENIED: Outcome = { exit: 4, code: "REMOTE_ACCESS_DENIED" };

/** By which rung a push over http gets in, or how it is refused. */
const ENTRANCE: Readonly<Record<"with" | "without", Readonly<Record<Shell, string | Outcome>>>> = {
  without: {
    nothing: MISSING,
    "the user alone": MISSING,
    "a wrong password": DENIED,
    "the right password": "relay",
  },
  with: {
    nothing: MISSING,
    "the user alone": "server-password",
    // The person's own credentials come before the server's, so they are not saved by those.
    "a wrong password": DENIED,
    "the right password": "relay",
  },
};

let remote: RemoteServer;
const servers: PrivateDolt[] = [];
const workspaces: TestWorkspace[] = [];

beforeAll(async () => {
  remote = await startRemoteServer();
});

afterAll(async () => {
  for (const workspace of workspaces) await workspace.remove();
  for (const server of servers) await server.stop();
  await remote.stop();
});

describe.each(["without", "with"] as const)("a server %s the password in its environment", (kind) => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    const env = kind === "with" ? { DOLT_REMOTE_PASSWORD: remote.password } : {};
    const server = await startPrivateDolt({ env });
    servers.push(server);
    workspace = await makeWorkspace({ prefix: `m${kind}`, port: server.port });
    workspaces.push(workspace);
    await prepare(workspace, kind);
  });

  const states = STATES.map((state) => [state] as const);

  describe.each(SHELL_NAMES)("a shell that has %s", (shell) => {
    test.each(states)("over http, a remote that is %s", async (state) => {
      const entrance = ENTRANCE[kind][shell];
      const expected = typeof entrance === "string" ? { ...OF_STATE[state], rung: entrance } : entrance;
      await expectPush(workspace, { to: `http-${state}`, shell, expected });
    });

    test.each(states.filter(([state]) => state !== "dirty"))("as a folder, a remote that is %s", async (state) => {
      await expectPush(workspace, { to: `file-${state}`, shell, expected: { ...OF_STATE[state], rung: "server" } });
    });
  });

  test("says when nobody answers, by both ways, when a folder can't be made, and when a server works in it", async () => {
    // Shorter than one attempt of dolt's own.
    const once = { BEADS_DOLT_RETRY_MAX: "2s" };
    const pushes = [
      workspace.bd(["dolt", "push", "--remote", "gone", "--json"], { env: once }),
      workspace.bd(["dolt", "push", "--remote", "gone", "--json"], {
        env: { ...once, ...remote.credentials },
      }),
      workspace.bd(["dolt", "remote", "add", "nowhere", "file:///proc/nowhere", "--json"], { env: once }),
      workspace.bd(["dolt", "push", "--remote", "live", "--json"], { env: once }),
    ];
    const results = (await Promise.all(pushes)).map(({ code, stdout }) => ({ code, ...codeOf(stdout) }));
    expect(results).toEqual([
      { code: 5, error: "REMOTE_UNREACHABLE" },
      { code: 5, error: "REMOTE_UNREACHABLE" },
      { code: 5, error: "REMOTE_FAILED" },
      { code: 4, error: "REMOTE_IS_LIVE" },
    ]);
  });
});

/** Makes every state of a remote, of both kinds, for one history of ours that does not change afterwards. */
async function prepare(workspace: TestWorkspace, kind: string): Promise<void> {
  const env = remote.credentials;
  const database = (state: State) => `${kind}_${state}`;
  const folder = (state: State) => `file://${join(workspace.home, "remotes", state)}`;
  mkdirSync(join(workspace.home, "remotes"));
  for (const state of STATES) {
    await workspace.json(["dolt", "remote", "add", `http-${state}`, await remote.create(database(state))]);
    await workspace.json(["dolt", "remote", "add", `file-${state}`, folder(state)]);
  }
  const live = join(remote.server.dataDir, database("equal"), ".dolt", "noms");
  await workspace.json(["dolt", "remote", "add", "live", `file://${live}`]);
  await workspace.json(["dolt", "remote", "add", "gone", `http://127.0.0.1:${await freePort()}/db`]);
  const pushTo = async (states: readonly State[]) => {
    for (const state of states) {
      for (const scheme of ["http", "file"]) {
        await workspace.json(["dolt", "push", "--remote", `${scheme}-${state}`], { env });
      }
    }
  };
  await workspace.json(["create", "first", "--id", `m${kind}-1`]);
  await pushTo(["ahead", "diverged", "dirty"]);
  await workspace.json(["create", "second", "--id", `m${kind}-2`]);
  await pushTo(["equal", "behind"]);
  const change = `INSERT INTO labels (issue_id, label) VALUES ('m${kind}-1', 'theirs')`;
  const commit = "CALL DOLT_COMMIT('-Am', 'of another team', '--author', 'Bob <bob@example.test>')";
  for (const state of ["behind", "diverged"] as const) {
    await remote.sql(database(state), change, commit);
    await commitInFolder(workspace, {
      url: folder(state),
      name: `${kind}_${state}_team`,
      statements: [change, commit],
    });
  }
  await remote.sql(database("dirty"), change);
}

/** Another team, whose database is on the same server, takes the folder, works and pushes. */
async function commitInFolder(
  workspace: TestWorkspace,
  { url, name, statements }: { readonly url: string; readonly name: string; readonly statements: readonly string[] },
): Promise<void> {
  const server = { host: "127.0.0.1", port: workspace.port, user: "root" };
  const cloning = await createConnection(server);
  await cloning.query("CALL DOLT_CLONE(?, ?)", [url, name]);
  await cloning.end();
  const team = await createConnection({ ...server, database: name });
  for (const statement of statements) await team.query(statement);
  await team.query("CALL DOLT_PUSH('origin', 'main')");
  await team.end();
}

async function expectPush(
  workspace: TestWorkspace,
  { to, shell, expected }: { readonly to: string; readonly shell: Shell; readonly expected: Outcome },
): Promise<void> {
  const { code, stdout } = await workspace.bd(["dolt", "push", "--remote", to, "--json"], {
    env: { BEADS_DOLT_BIN: doltBinary(), ...SHELLS[shell] },
  });
  if (expected.exit !== 0) {
    expect({ exit: code, ...codeOf(stdout) }).toEqual({ exit: expected.exit, error: expected.code });
    return;
  }
  const [{ h: local } = {}] = await workspace.sql("SELECT dolt_hashof('HEAD') AS h");
  expect({ exit: code, ...JSON.parse(stdout) }).toMatchObject({
    exit: 0,
    remote: to,
    local,
    remote_hash: local,
    verified: true,
    rung: expected.rung,
  });
}

function codeOf(stdout: string): { readonly error: unknown } {
  const { code }: { code?: unknown } = JSON.parse(stdout);
  return { error: code };
}
