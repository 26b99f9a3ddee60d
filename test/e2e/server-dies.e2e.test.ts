import { expect, onTestFinished, test } from "vitest";
import { commitChanges } from "../support/commit-changes.ts";
import { inLanes } from "../support/in-lanes.ts";
import { startPrivateDolt } from "../support/private-dolt.ts";
import { startScriptedProxy } from "../support/scripted-proxy.ts";
import { testWorkspace } from "../support/workspace.ts";

test("a server that is killed and started again in the middle of 48 writes loses none, and makes none twice", async () => {
  const server = await startPrivateDolt();
  onTestFinished(() => server.stop());
  const workspace = await testWorkspace({ prefix: "sd", port: server.port });
  let commits = 0;
  let restarting = Promise.resolve();
  // Three times, while a commit is on its way; every write passes here.
  const proxy = await startScriptedProxy(server.port, (flight) => {
    if (!flight.includes("CALL DOLT_COMMIT")) return;
    commits += 1;
    if (commits % 12 === 0 && commits <= 36)
      restarting = restarting.then(() => server.crash()).then(() => server.start());
  });
  onTestFinished(() => proxy.close());
  const env = { BEADS_DOLT_SERVER_PORT: String(proxy.port) };

  const results = await inLanes(
    8,
    Array.from(
      { length: 48 },
      (_, n) => () =>
        workspace.spawn(["create", `Issue ${n}`, "-l", "one,two", "--actor", `writer${n}`, "--silent"], { env }).done,
    ),
  );
  await restarting;

  expect(commits).toBeGreaterThanOrEqual(48);
  expect(results.filter(({ code }) => code !== 0)).toEqual([]);
  const ids = results.map(({ stdout }) => stdout.trim());
  const made = (await commitChanges(workspace)).filter(({ committer }) => committer.startsWith("writer"));
  expect(made).toHaveLength(48);
  const byActor = new Map(made.map(({ committer, changes }) => [committer, changes]));
  ids.forEach((id, n) =>
    expect(byActor.get(`writer${n}`)).toEqual([
      `+event ${id} created by writer${n}`,
      `+issue ${id}`,
      `+label ${id} one`,
      `+label ${id} two`,
    ]),
  );
  expect(await workspace.sql("SELECT COUNT(*) AS n FROM issues AS OF 'HEAD'")).toEqual([{ n: 48 }]);
  expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
});

test("a command waits for a server that comes back, and says what it waits for", async () => {
  const server = await startPrivateDolt();
  onTestFinished(() => server.stop());
  const workspace = await testWorkspace({ prefix: "sw", port: server.port });
  await server.crash();

  const created = workspace.spawn(["create", "Patience"]);
  let said = "";
  created.child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (server.pid === undefined) void server.start();
  });
  const { code } = await created.done;

  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringContaining(`no answer from 127.0.0.1:${server.port} yet, still trying (bd server start)\n`),
  });
  expect(await workspace.sql("SELECT title FROM issues AS OF 'HEAD'")).toEqual([{ title: "Patience" }]);
});

test("a command gives up on a server that stays away, with exit 5 and what to type", async () => {
  const server = await startPrivateDolt();
  onTestFinished(() => server.stop());
  const workspace = await testWorkspace({ prefix: "sa", port: server.port });
  await server.crash();

  const { code, stderr } = await workspace.bd(["create", "No"], { env: { BEADS_DOLT_RETRY_MAX: "500ms" } });
  await server.start();

  expect({ code, stderr }).toEqual({
    code: 5,
    stderr: `Error: no Dolt server answers at 127.0.0.1:${server.port}\nHint: bd server start\n`,
  });
  expect(await workspace.sql("SELECT title FROM issues")).toEqual([]);
});
