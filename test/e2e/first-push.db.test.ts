import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordsIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let remote: RemoteServer;

beforeAll(async () => {
  remote = await startRemoteServer();
});

afterAll(() => remote.stop());

/** Two people who each made a tracker of their own, with one issue, and one empty database for both. */
async function twoBeginners(database: string) {
  const env = remote.credentials;
  const url = await remote.create(database);
  const beginner = (actor: string) => testWorkspace({ actor, ownHistory: true });
  const [ann, bob] = await Promise.all([beginner("ann"), beginner("bob")]);
  for (const [workspace, title] of [
    [ann, "Of Ann"],
    [bob, "Of Bob"],
  ] as const) {
    await workspace.json(["create", title]);
    await workspace.json(["dolt", "remote", "add", "origin", url]);
  }
  const titles = async () => (await remote.sql(database, "SELECT title FROM issues")).map((row) => row["title"]);
  return { ann, bob, env, url, titles };
}

describe("the first push to an empty database", () => {
  test.each(["fetch", "push --dry-run"])("never goes by what an earlier %s saw there", async (look) => {
    const { ann, bob, env, url, titles } = await twoBeginners(`seen_${look.slice(0, 4)}`);
    await bob.json(["dolt", ...look.split(" ")], { env });
    await ann.json(["dolt", "push"], { env });
    const { code, stdout } = await bob.bd(["dolt", "push", "--json"], { env });
    expect({ code, error: JSON.parse(stdout) }).toMatchObject({
      code: 6,
      error: { code: "OTHER_HISTORY", details: { url } },
    });
    expect(await titles()).toEqual(["Of Ann"]);
  });

  test("goes again to a database that was made anew", async () => {
    const { ann, env, titles } = await twoBeginners("anew");
    await ann.json(["dolt", "push"], { env });
    await remote.sql("mysql", "DROP DATABASE anew", "CREATE DATABASE anew");
    await ann.json(["create", "Second"]);
    expect(await ann.json(["dolt", "push"], { env })).toMatchObject({ issues: 2, verified: true });
    expect(await titles()).toHaveLength(2);
  });

  test("is awaited by pull, fetch and status: there is nothing yet", async () => {
    const { ann, env } = await twoBeginners("awaited");
    const pulled = await ann.bd(["dolt", "pull"], { env });
    expect(pulled).toMatchObject({ code: 0, stdout: "Nothing was ever pushed to 'origin'.\n" });
    const fetched = await ann.bd(["dolt", "fetch"], { env });
    expect(fetched).toMatchObject({ code: 0, stdout: "'origin' holds nothing yet\n" });
    expect(await ann.json(["dolt", "status"])).toMatchObject({ remotes: [{ name: "origin", behind: 0 }] });
  });

  test("follows bd init --remote on it, which makes the project", async () => {
    const env = remote.credentials;
    const url = await remote.create("made");
    const ann = await testWorkspace({ initialised: false });
    const made = await ann.json(["init", "--database", ann.database, "--prefix", "made", "--remote", url], { env });
    expect(made).toMatchObject({ outcome: "created", remote: url, cloned: false });
    await ann.json(["create", "First"]);
    expect(await ann.json(["dolt", "pull"], { env })).toMatchObject({ result: "empty" });
    expect(await ann.json(["dolt", "push"], { env })).toMatchObject({ issues: 1, verified: true });
    const bob = await testWorkspace({ initialised: false });
    const joined = await bob.json(["init", "--database", bob.database, "--remote", url], { env });
    expect(joined).toMatchObject({ outcome: "joined", cloned: true });
  });

  test("needs no force where our history began with that very database", async () => {
    const ann = await testWorkspace();
    const url = `file://${join(ann.home, "remote")}`;
    const [{ hash } = {}] = await ann.sql("SELECT commit_hash AS hash FROM dolt_log ORDER BY commit_order LIMIT 1");
    await ann.sql("CALL DOLT_BRANCH('beginning', ?)", [String(hash)]);
    await ann.sql("CALL DOLT_REMOTE('add', 'origin', ?)", [url]);
    await ann.sql("CALL DOLT_PUSH('origin', 'beginning:main')");
    expect(await ann.json(["dolt", "pull"])).toMatchObject({ result: "empty" });
    const { code, stderr } = await ann.bd(["dolt", "push"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("a folder with a space in its name", () => {
  const cloned = async (workspace: TestWorkspace, url: string) =>
    workspace.json(["init", "--database", workspace.database, "--remote", url]);

  test("is a remote like any other, however it is spelled", async () => {
    const ann = await testWorkspace();
    await ann.json(["create", "First"]);
    const url = `file://${ann.home}/a%20b/c`;
    const added = await ann.json(["dolt", "remote", "add", "origin", `file://${ann.home}//a b/./c`]);
    expect(added).toMatchObject({ url });
    expect(await ann.json(["dolt", "push"])).toMatchObject({ url, verified: true });
    expect(await ann.json(["dolt", "pull"])).toMatchObject({ result: "up-to-date" });
    const bob = await testWorkspace({ initialised: false });
    expect(await cloned(bob, url)).toMatchObject({ cloned: true });
    await bob.json(["create", "Second"]);
    expect(await bob.json(["dolt", "push"])).toMatchObject({ url, issues: 1 });
    expect(recordsIn(await ann.json(["dolt", "remote", "list"]))).toMatchObject([{ status: "ok", project_url: url }]);
  });

  test("needs no password, so a password file that is not there is nobody's trouble", async () => {
    const ann = await testWorkspace();
    await ann.json(["dolt", "remote", "add", "origin", `file://${ann.home}/a b`]);
    const env = { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD_FILE: "/nowhere/password" };
    expect(await ann.json(["dolt", "push"], { env })).toMatchObject({ verified: true });
  });
});

test("a remote's name without its flag is answered with the flag", async () => {
  const ann = await testWorkspace();
  await expectRefused(ann, ["dolt", "pull", "origin"], {
    exit: 2,
    code: "BAD_USAGE",
    message: expect.stringContaining("too many arguments"),
    hint: "bd dolt pull --remote=origin",
  });
});

test("bd init --remote that fails hints at itself: there is no project yet", async () => {
  const ann = await testWorkspace({ initialised: false });
  const url = remote.url("nosuch");
  const { code, stdout } = await ann.bd(["init", "--remote", url, "--json"], { env: remote.credentials });
  expect({ code, error: JSON.parse(stdout) }).toMatchObject({
    code: 4,
    error: { code: "REMOTE_NO_DATABASE", hint: `bd init --remote=${url}` },
  });
});
