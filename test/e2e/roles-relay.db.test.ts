import { afterAll, beforeAll, expect, test } from "vitest";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { asRoot, grantRole } from "../support/roles.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let remote: RemoteServer;
let workspace: TestWorkspace;

beforeAll(async () => {
  remote = await startRemoteServer();
  workspace = await makeWorkspace({ prefix: "rolerelay" });
  await workspace.json(["dolt", "remote", "add", "origin", await remote.create("club")]);
});

afterAll(async () => {
  await workspace.remove();
  await remote.stop();
});

test("an agent without the right to a relay hears which statement gives it, and can push once it was typed", async () => {
  const { env, port, database } = workspace;
  const login = { user: env["BEADS_DOLT_SERVER_USER"] ?? "", password: env["BEADS_DOLT_PASSWORD"] ?? "" };
  await asRoot(port, (root) =>
    root.query(`REVOKE EXECUTE ON PROCEDURE \`${database}\`.dolt_remote FROM '${login.user}'@'%'`),
  );

  const refused = await workspace.bd(["dolt", "push", "--json"], { env: remote.credentials });

  expect(refused.code).toBe(4);
  const { code, error } = JSON.parse(refused.stdout);
  expect(code).toBe("REMOTE_CREDENTIALS_MISSING");
  expect(error).toContain("because the server does not let its user add the relay to its remotes");
  expect(error).toContain("GRANT EXECUTE ON PROCEDURE DATABASE.dolt_remote TO 'USER'@'%';");

  await asRoot(port, (root) => grantRole(root, "relay", login, database));
  const pushed = await workspace.bd(["dolt", "push", "-v"], { env: remote.credentials });
  expect(pushed).toMatchObject({ code: 0, stderr: expect.stringContaining("the relay transfers") });
});

test("an agent that may not transfer at all is told so, and by which server", async () => {
  const { env, port, database } = workspace;
  for (const procedure of ["dolt_push", "dolt_fetch"])
    await asRoot(port, (root) =>
      root.query(
        `REVOKE EXECUTE ON PROCEDURE \`${database}\`.${procedure} FROM '${env["BEADS_DOLT_SERVER_USER"]}'@'%'`,
      ),
    );

  for (const command of ["push", "fetch"]) {
    const refused = await workspace.bd(["dolt", command, "--json"], { env: remote.credentials });
    expect(refused.code).toBe(4);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      code: "NO_PERMISSION",
      error: expect.stringMatching(/^our server does not let user 'agent-\S+' do this with remote 'origin' /),
    });
  }
});
