import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let remote: RemoteServer;
let workspace: TestWorkspace;

beforeAll(async () => {
  remote = await startRemoteServer();
  workspace = await makeWorkspace({ prefix: "relay" });
  await workspace.json(["dolt", "remote", "add", "origin", await remote.create("relay")]);
});

afterAll(async () => {
  await workspace.remove();
  await remote.stop();
});

const stateHome = () => join(workspace.home, ".local/state/beads/relay");

/** The folder that all relays of this workspace's database are in. */
function relayFolder(): string {
  const [id = ""] = readdirSync(stateHome());
  return join(stateHome(), id);
}

async function changeAndPush(env: Readonly<Record<string, string>> = remote.credentials): Promise<string> {
  await workspace.json(["create", "One more"]);
  const pushed = await workspace.json(["dolt", "push"], { env });
  const head = await remote.head("relay");
  expect(pushed).toMatchObject({ rung: "relay", verified: true, commits: expect.any(Number), remote_hash: head });
  return head;
}

const generations = () => readdirSync(relayFolder()).filter((name) => /^\d+$/.test(name));

test("a relay is made once, belongs to the person alone, and is no remote that anybody sees", async () => {
  await changeAndPush();
  await changeAndPush();
  expect(generations()).toEqual(["1"]);
  expect(await workspace.json(["dolt", "remote", "list"])).toMatchObject([{ name: "origin" }]);
  expect(await workspace.json(["dolt", "status"])).toMatchObject({ remotes: [{ name: "origin", ahead: 0 }] });
  const { stderr } = await workspace.bd(["dolt", "push", "-v"], { env: remote.credentials });
  expect(stderr).toContain("the relay transfers, as user 'up' with the password of your shell\n");
});

test.each(["store", "."])("a relay whose %s somebody deleted under the running server is replaced", async (part) => {
  await changeAndPush();
  const before = generations();
  rmSync(join(relayFolder(), before.at(-1) ?? "", part), { recursive: true });
  await changeAndPush();
  expect(generations()).not.toEqual(before);
});

test("relays of which nothing is left on disk are replaced under a new name", async () => {
  await changeAndPush();
  rmSync(stateHome(), { recursive: true });
  await changeAndPush();
  await changeAndPush();
});

test("XDG_STATE_HOME moves the relay", async () => {
  const state = join(workspace.home, "state with spaces");
  await changeAndPush({ ...remote.credentials, XDG_STATE_HOME: state });
  await changeAndPush({ ...remote.credentials, XDG_STATE_HOME: state });
  expect(existsSync(join(state, "beads/relay"))).toBe(true);
});

test.each([
  ["a file", "/dev/null/state", "the folder /dev/null/state can't be written (ENOTDIR)"],
  ["a folder in which nobody can make one", "/proc", "the folder /proc/beads can't be written (ENOENT)"],
  ["a folder that Dolt does not find", "/tmp/bd-100%25", 'Dolt finds no folder with a "%", "?", "#"'],
])("a state folder that is %s leaves the relay to the server's own credentials", async (_what, state, why) => {
  const env = { ...remote.credentials, XDG_STATE_HOME: state };
  const { code, stderr } = await workspace.bd(["dolt", "fetch"], { env });
  expect(code).toBe(4);
  expect(stderr).toContain(`yours are of no use because ${why}`);
  expect(stderr).toContain("export XDG_STATE_HOME=FOLDER\n");
});

test("without a dolt here, the error says what to set up instead", async () => {
  const env = { ...remote.credentials, BEADS_DOLT_BIN: "", PATH: "/nowhere" };
  const { code, stderr } = await workspace.bd(["dolt", "fetch"], { env });
  expect(code).toBe(4);
  expect(stderr).toContain("yours are of no use because there is no dolt here to run");
  expect(stderr).toContain("bd server install\n");
  expect(stderr).toContain("DOLT_REMOTE_PASSWORD=PASSWORD dolt sql-server");
});

test("the server's remote on another machine gets no relay", async () => {
  const { code, stderr } = await workspace.bd(["dolt", "fetch", "-v"], {
    env: { ...remote.credentials, BEADS_DOLT_SERVER_HOST: "0.0.0.0" },
  });
  expect(code).toBe(4);
  expect(stderr).toContain("the relay is passed over: the server is on 0.0.0.0\n");
});
