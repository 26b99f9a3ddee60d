import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import { recordIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

/** A workspace with one issue, and a folder for its remote. */
async function withRemote(options = {}): Promise<{ workspace: TestWorkspace; url: string; id: string }> {
  const workspace = await testWorkspace(options);
  const url = `file://${join(workspace.home, "remote")}`;
  await workspace.json(["dolt", "remote", "add", "origin", url]);
  const { id } = recordIn(await workspace.json(["create", "First"]));
  return { workspace, url, id: String(id) };
}

/** What another team does on a database of its own, made from the remote. */
async function asAnotherTeam(workspace: TestWorkspace, url: string, statements: readonly string[]): Promise<void> {
  const name = `${workspace.database}_team`;
  const server = { host: "127.0.0.1", port: workspace.port, user: "root" };
  const admin = await createConnection(server);
  await admin.query("CALL DOLT_CLONE(?, ?)", [url, name]);
  const team = await createConnection({ ...server, database: name });
  for (const statement of statements) await team.query(statement);
  await team.query("CALL DOLT_COMMIT('-Am', 'of another team', '--author', 'Bob <bob@example.test>')");
  await team.query("CALL DOLT_PUSH('origin', 'main')");
  await team.end();
  await admin.query(`DROP DATABASE \`${name}\``);
  await admin.end();
}

async function headOf(workspace: TestWorkspace): Promise<string> {
  const [row = {}] = await workspace.sql("SELECT dolt_hashof('HEAD') AS h");
  return String(row["h"]);
}

describe("bd dolt push", () => {
  test("says what arrived: hashes, commits, issues", async () => {
    const { workspace, url, id } = await withRemote();
    await workspace.json(["dolt", "push"]);
    await workspace.json(["create", "Second"]);
    await workspace.json(["update", id, "--priority", "0"]);
    await workspace.json(["label", "add", id, "urgent"]);
    const hash = await headOf(workspace);
    const { code, stdout } = await workspace.bd(["dolt", "push"]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `✓ Pushed to 'origin': local ${hash.slice(0, 8)} → remote ${hash.slice(0, 8)}, 3 commits, 2 issues changed\n`,
    });
    expect(await workspace.json(["dolt", "push"])).toEqual({
      remote: "origin",
      url,
      local: hash,
      remote_hash: hash,
      commits: 0,
      issues: 0,
      verified: true,
      verified_by: "folder",
      rung: "server",
      schema_version: 1,
    });
  });

  test("dry: says what would be pushed, and pushes nothing", async () => {
    const { workspace } = await withRemote();
    await workspace.json(["dolt", "push"]);
    const before = await headOf(workspace);
    await workspace.json(["create", "Second"]);
    const expected = { commits: 1, issues: 1, remote_hash: before, verified: false };
    expect(await workspace.json(["dolt", "push", "--dry-run"])).toMatchObject(expected);
    expect(await workspace.json(["dolt", "push", "--dry-run"])).toMatchObject(expected);
  });

  test("commits apart what another program left uncommitted, says so, and pushes that too", async () => {
    const { workspace, id } = await withRemote();
    const foreign = await createConnection({ host: "127.0.0.1", port: workspace.port, user: "root" });
    await foreign.query(`INSERT INTO \`${workspace.database}\`.labels (issue_id, label) VALUES (?, 'left')`, [id]);
    await foreign.query("COMMIT");
    await foreign.end();
    const { code, stderr } = await workspace.bd(["dolt", "push"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "committed what another program had left uncommitted in labels (as bd-recovery)\n",
    });
    const [row = {}] = await workspace.sql("SELECT committer FROM dolt_log LIMIT 1");
    expect(row["committer"]).toBe("bd-recovery");
  });

  test("is refused where the remote has more, with how much", async () => {
    const { workspace, url, id } = await withRemote();
    await workspace.json(["dolt", "push"]);
    await asAnotherTeam(workspace, url, [`UPDATE issues SET title = 'Theirs' WHERE id = '${id}'`]);
    await workspace.json(["create", "Ours"]);
    await expectRefused(workspace, ["dolt", "push"], {
      exit: 6,
      code: "REMOTE_AHEAD",
      message: "remote 'origin' has 1 commit that is not here yet: pull first, then push",
      hint: "bd dolt pull",
      details: { remote: "origin", url, behind: 1 },
    });
  });

  test("by force shows what is thrown away, and wants a yes", async () => {
    const { workspace, url, id } = await withRemote();
    await workspace.json(["dolt", "push"]);
    await asAnotherTeam(workspace, url, [`UPDATE issues SET title = 'Theirs' WHERE id = '${id}'`]);
    await workspace.json(["create", "Ours"]);
    const asked = await workspace.bd(["dolt", "push", "--force"]);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toMatch(
      /1 commit that only it has:\n {2}\w{8} \S+ Bob: of another team\n1 issue would be lost/,
    );
    expect(asked.stderr).toContain("nothing was pushed: nobody is there to ask");
    expect(asked.stderr).not.toMatch(/Hint: .*--force/);
    const forced = await workspace.json(["dolt", "push", "--force", "--yes"]);
    expect(forced).toMatchObject({ commits: 1, issues: 1, lost_commits: 1, verified: true });
  });

  test("never crosses two histories", async () => {
    const { workspace, url } = await withRemote();
    const { workspace: other } = await withRemote({ ownHistory: true });
    await other.json(["dolt", "push"]);
    const theirs = url.replace(workspace.home, other.home);
    await workspace.json(["dolt", "remote", "add", "theirs", theirs]);
    await expectRefused(workspace, ["dolt", "push", "--remote", "theirs"], {
      exit: 6,
      code: "OTHER_HISTORY",
      message: `remote 'theirs' (${theirs}) holds another history: it and this database have no commit in common`,
      hint: "bd dolt remote list",
    });
  });

  test("is refused above sovereignty T1", async () => {
    const { workspace } = await withRemote();
    await workspace.json(["config", "set", "federation.sovereignty", "T2"]);
    await expectRefused(workspace, ["dolt", "push"], {
      exit: 1,
      code: "SOVEREIGNTY",
      message: "the project's sovereignty is T2: its data may not leave this server; only T1 may be pushed",
      hint: "bd config explain federation.sovereignty",
    });
    expect(await workspace.json(["dolt", "status"])).toMatchObject({ sovereignty: "T2" });
  });

  test("without a remote says how to make one", async () => {
    const workspace = await testWorkspace();
    for (const command of ["push", "fetch"]) {
      await expectRefused(workspace, ["dolt", command], {
        exit: 4,
        code: "NO_REMOTE",
        message: expect.stringContaining("\n  bd dolt remote add origin http://HOST/ORG/DB\n  bd dolt push"),
        hint: "bd dolt remote add --help",
      });
      await expectRefused(workspace, ["dolt", command, "--remote", "nosuch"], {
        exit: 4,
        code: "NO_REMOTE",
        message: "there is no remote 'nosuch'",
        hint: "bd dolt remote list",
      });
    }
  });

  test("says with -v which way it goes", async () => {
    const { workspace, url } = await withRemote();
    const { stderr } = await workspace.bd(["dolt", "push", "-v"]);
    expect(stderr).toBe(`${url} asks for no password: the server transfers\n`);
  });
});

describe("bd dolt fetch, status and log", () => {
  test("know how both sides stand; status without asking the remote", async () => {
    const { workspace, url, id } = await withRemote();
    await workspace.json(["dolt", "push"]);
    await asAnotherTeam(workspace, url, [`UPDATE issues SET title = 'Theirs' WHERE id = '${id}'`]);
    await workspace.json(["create", "Ours"]);
    const status = async () => recordIn(await workspace.json(["dolt", "status"]))["remotes"];
    expect(await status()).toMatchObject([{ name: "origin", url, ahead: 1, behind: 0 }]);
    const fetched = await workspace.json(["dolt", "fetch"]);
    expect(fetched).toMatchObject({ remote: "origin", ahead: 1, behind: 1, rung: "server" });
    expect(await status()).toMatchObject([{ ahead: 1, behind: 1 }]);
    const { stdout } = await workspace.bd(["dolt", "status"]);
    expect(stdout).toContain(`  Remote:      origin ${url}: 1 commit ahead, 1 commit behind at the last fetch\n`);
    expect(await workspace.json(["show", id])).toMatchObject([{ title: "First" }]);
  });

  test("a remote that nobody has pushed to holds nothing", async () => {
    const { workspace } = await withRemote();
    const { code, stdout } = await workspace.bd(["dolt", "fetch"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "'origin' holds nothing yet\n" });
  });

  test("log lists commits, newest first, and says when it was cut", async () => {
    const { workspace, id } = await withRemote();
    const { stdout, stderr } = await workspace.bd(["dolt", "log", "-n", "1", "--json"]);
    expect(JSON.parse(stdout)).toEqual([
      {
        hash: await headOf(workspace),
        author: "tester",
        email: "tester@example.test",
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        message: `bd: create ${id}`,
        operation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ]);
    expect(stderr).toMatch(/^Showing 1 of \d+ \(--limit 0 for all\)\n$/);
  });
});

describe("bd dolt remote", () => {
  test("add names the project's remote in config.yaml, list shows all, remove forgets", async () => {
    const { workspace, url } = await withRemote();
    const config = () => readFileSync(join(workspace.dir, ".beads/config.yaml"), "utf8");
    expect(config()).toContain(`federation:\n  remote: "${url}"\n`);
    const added = await workspace.json(["dolt", "remote", "add", "second", `${url}2`]);
    expect(added).toEqual({ name: "second", url: `${url}2`, schema_version: 1 });
    expect(await workspace.json(["dolt", "remote", "list"])).toEqual([
      { name: "origin", sql_url: url, project_url: url, status: "ok" },
      { name: "second", sql_url: `${url}2`, status: "ok" },
    ]);
    const removed = await workspace.json(["dolt", "remote", "remove", "origin"]);
    expect(removed).toEqual({ name: "origin", removed: true, schema_version: 1 });
    expect(config()).not.toContain("federation");
    await expectRefused(workspace, ["dolt", "remote", "remove", "origin"], {
      exit: 3,
      code: "REMOTE_NOT_FOUND",
      message: "there is no remote 'origin'",
      hint: "bd dolt remote list",
    });
  });

  test("add changes nothing in the project where the server does not take the remote", async () => {
    const workspace = await testWorkspace();
    await expectRefused(workspace, ["dolt", "remote", "add", "origin", "file:///proc/nowhere"], {
      exit: 5,
      code: "REMOTE_FAILED",
      message: expect.stringContaining("/proc/nowhere"),
    });
  });

  test("add of the same again changes nothing; another URL never takes its place silently", async () => {
    const { workspace, url } = await withRemote();
    await workspace.json(["dolt", "remote", "add", "origin", `${url}/`]);
    await expectRefused(workspace, ["dolt", "remote", "add", "origin", `${url}2`], {
      exit: 1,
      code: "REMOTE_EXISTS",
      message: `the server has ${url} for remote 'origin' already`,
      hint: "bd dolt remote list",
    });
  });

  test.each(["bd-relay-x", "1st", "a b", ""])("add refuses the name %j", async (name) => {
    const workspace = await testWorkspace();
    await expectRefused(workspace, ["dolt", "remote", "add", name, "file:///tmp/x"], {
      exit: 2,
      code: "REMOTE_NAME_INVALID",
      message: expect.stringContaining(`"${name}" is no name for a remote`),
      hint: "bd dolt remote add --help",
    });
  });

  test("the project's URL is made known to a server that lacks it, visibly", async () => {
    const { workspace, url } = await withRemote();
    await workspace.sql("CALL DOLT_REMOTE('remove', 'origin')");
    expect(await workspace.json(["dolt", "remote", "list"])).toMatchObject([{ status: "project_only" }]);
    const { code, stderr } = await workspace.bd(["dolt", "push"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `the server knows remote 'origin' (${url}) now; the project's config.yaml names it\n`,
    });
  });

  test("a server that has another URL is not overruled; the list says how to settle it", async () => {
    const { workspace, url } = await withRemote();
    await workspace.json(["dolt", "set", "federation.remote", `${url}2`]);
    await expectRefused(workspace, ["dolt", "push"], {
      exit: 4,
      code: "REMOTE_DIFFERS",
      message: `the project's config.yaml says ${url}2 for remote 'origin', the server says ${url}; nothing was transferred`,
      hint: "bd dolt remote list",
    });
    const { stderr } = await workspace.bd(["dolt", "remote", "list"]);
    expect(stderr).toContain(`bd dolt set federation.remote ${url}\n`);
    await workspace.json(["dolt", "set", "federation.remote", url]);
    await workspace.json(["dolt", "push"]);
  });

  test("dolt set and config set refuse what is no URL", async () => {
    const workspace = await testWorkspace();
    for (const command of ["dolt", "config"]) {
      await expectRefused(workspace, [command, "set", "federation.remote", "ftp://host/app"], {
        exit: 2,
        code: "REMOTE_URL_INVALID",
        message: expect.stringContaining("the forms are file:///PATH"),
        hint: "bd dolt remote add --help",
      });
    }
  });
});
