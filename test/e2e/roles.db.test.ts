import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { parseBdLine } from "../support/parse-bd-line.ts";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { ADMIN_COMMANDS, grantRole, type Login, loginEnv, securitySection } from "../support/roles.ts";
import { type RunOptions, runBd } from "../support/run-bd.ts";

const ROOT_PASSWORD = "root-password";
const ROLES = {
  reader: { user: "reader", password: "READER 'password'" },
  agent: { user: "agent", password: 'AGENT "password"' },
  admin: { user: "admin", password: "ADMIN $password" },
} as const;
type RoleName = keyof typeof ROLES;

/** Commands that ask nothing of the database, or nothing that it could refuse. */
const FREE = ["where", "whoami", "prime", "completion", "merge-driver", "merge", "version", "dolt show", "dolt set"];

let server: PrivateDolt;
let root: Connection;
let home: string;
let folder: string;

beforeAll(async () => {
  server = await startPrivateDolt({ env: { DOLT_ROOT_PASSWORD: ROOT_PASSWORD } });
  root = await createConnection({ host: server.host, port: server.port, user: "root", password: ROOT_PASSWORD });
  home = mkdtempSync(join(tmpdir(), "bd-roles-"));
  folder = join(home, "club");
  mkdirSync(folder);
  for (const role of ["reader", "agent", "admin"] as const) await grantRole(root, role, ROLES[role], "beads_club");
  await succeeds(ROLES.admin, ["init", "--prefix", "club"]);
  await succeeds(ROLES.admin, ["dolt", "remote", "add", "origin", `file://${join(home, "remote")}`]);
  const lines = ["club-1", "club-2", "club-3"].map((id) => JSON.stringify({ id, title: `Login ${id}`, labels: ["a"] }));
  await succeeds(ROLES.admin, ["import", "-"], { stdin: `${lines.join("\n")}\n` });
  await succeeds(ROLES.admin, ["dolt", "push"]);
});

afterAll(async () => {
  await root.end();
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

function bd(login: Login, args: readonly string[], run: RunOptions = {}) {
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, TZ: "UTC", BEADS_ACTOR: login.user };
  const place = { BEADS_DOLT_SERVER_PORT: String(server.port) };
  return runBd(args, { cwd: folder, ...run, env: { ...env, ...place, ...loginEnv(login), ...run.env } });
}

async function succeeds(login: Login, args: readonly string[], run: RunOptions = {}): Promise<void> {
  const { code, stdout, stderr } = await bd(login, args, run);
  expect({ line: args.join(" "), code, text: code === 0 ? "" : stdout + stderr }).toEqual({
    line: args.join(" "),
    code: 0,
    text: "",
  });
}

/** Expects a clear refusal for want of a right, and that nothing changed. */
async function isRefused(
  login: Login,
  args: readonly string[],
  { hint = "bd config explain dolt.user", ...run }: RunOptions & { readonly hint?: string } = {},
): Promise<void> {
  const before = await state();
  const { code: exit, stdout } = await bd(login, [...args, "--json"], run);
  const { error, ...rest } = JSON.parse(stdout);
  expect({ line: args.join(" "), exit, ...rest }).toMatchObject({
    line: args.join(" "),
    exit: 4,
    code: "NO_PERMISSION",
    hint,
  });
  expect(error).toContain(`user '${login.user}'`);
  // What reaches for a remote says which remote instead.
  if (!error.startsWith("our server")) expect(error).toContain("admin");
  await parseBdLine(hint);
  expect(error).not.toMatch(/denied|'%'/);
  expect(await state()).toEqual(before);
}

async function state(): Promise<unknown> {
  await root.query("ROLLBACK");
  await root.query("USE beads_club");
  const [rows] = await root.query("SELECT dolt_hashof_db() AS working, dolt_hashof('HEAD') AS head");
  const [databases] = await root.query("SHOW DATABASES");
  const [remotes] = await root.query("SELECT name FROM dolt_remotes ORDER BY name");
  return { rows, databases, remotes };
}

/** The commands of a role in the document's table. */
function documented(role: RoleName): string[] {
  const row =
    securitySection("Three roles")
      .text.split("\n")
      .find((line) => line.startsWith(`| ${role} |`)) ?? "";
  return [...row.matchAll(/`([^`]+)`/g)].map(([, command = ""]) => command);
}

/** Arguments with which a command does something here. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  children: ["club-1"],
  assign: ["club-1", "ann"],
  priority: ["club-1", "3"],
  tag: ["club-1", "urgent"],
  note: ["club-1", "Hello"],
  defer: ["club-1"],
  undefer: ["club-1"],
  link: ["club-1", "club-2", "-t", "related"],
  duplicate: ["club-2", "--of", "club-3"],
  supersede: ["club-3", "--with", "club-1"],
  rename: ["club-3", "club-5"],
  "set-state": ["club-1", "mode=on"],
  state: ["club-1", "mode"],
  "state list": ["club-1"],
  lint: ["--type", "chore"],
  "dep relate": ["club-3", "club-1"],
  "dep unrelate": ["club-3", "club-1"],
  comments: ["club-1"],
  history: ["club-1"],
  watch: ["--from-start", "--once"],
  changes: ["--from-start"],
  delete: ["club-9", "--force"],
  "config explain": ["dolt.user"],
  "config get": ["issue_prefix"],
  "dep list": ["club-1"],
  "dep tree": ["club-1"],
  "label list": ["club-1"],
  search: ["Login"],
  show: ["club-1"],
  close: ["club-1"],
  comment: ["club-1", "Hello"],
  "comments add": ["club-1", "Hello", "--author", "ada"],
  "comment edit": ["club-1", "Hi", "--actor", "ada"],
  "comment delete": ["club-1", "--actor", "ada"],
  "config set": ["status.custom", "review"],
  "config unset": ["status.custom"],
  create: ["X"],
  q: ["X"],
  dep: ["club-1", "--blocks", "club-2"],
  "dep add": ["club-2", "club-3"],
  "dep remove": ["club-2", "club-3"],
  done: ["club-1"],
  import: ["-"],
  "label add": ["club-1", "urgent"],
  "label remove": ["club-1", "urgent"],
  reopen: ["club-1"],
  update: ["club-1", "-p", "1"],
  "dolt remote add": ["backup", "file:///nowhere"],
  "dolt remote remove": ["backup"],
};

const lineOf = (command: string) => [...command.split(" "), ...(ARGUMENTS[command] ?? [])];
const INPUT = { stdin: '{"id":"club-9","title":"X"}\n' };

test("docs/security.md has every command that uses the database, under one role", () => {
  const listed = [...documented("reader"), ...documented("agent"), ...documented("admin"), ...FREE];
  const all = COMMANDS.map(({ words }) => words.join(" ")).filter(
    (command) => !/^(?:server |daemon |hooks |tracker |serve$)/.test(command),
  );

  expect(listed.toSorted()).toEqual([...all, "ready --claim"].toSorted());
  expect(documented("admin")).toEqual(ADMIN_COMMANDS);
});

describe("the reader", () => {
  test.each(documented("reader"))("may %s", async (command) => {
    await succeeds(ROLES.reader, lineOf(command));
  });
});

/** In the order of a day's work, so that each has something to do. */
const WORK = ["create", "q", "update", "ready --claim", "dep", "dep add", "dep remove", "label add", "label remove"];
WORK.push(
  "comment",
  "comments add",
  "comment edit",
  "comment delete",
  "config set",
  "config unset",
  "import",
  "close",
  "reopen",
  "done",
  "delete",
);
WORK.push("assign", "priority", "tag", "note", "defer", "undefer", "dep relate", "dep unrelate", "link");
WORK.push("duplicate", "supersede", "set-state", "rename");

describe("the agent", () => {
  test.each(WORK)("may %s, and the reader may not", async (command) => {
    await isRefused(ROLES.reader, lineOf(command), INPUT);
    await succeeds(ROLES.agent, lineOf(command), INPUT);
  });

  test("may close epics that are through, and the reader may not", async () => {
    await succeeds(ROLES.agent, ["create", "Epic", "--id", "club-epic", "-t", "epic"]);
    await succeeds(ROLES.agent, ["create", "Child", "--parent", "club-epic"]);
    await succeeds(ROLES.agent, ["close", "club-epic.1"]);
    await isRefused(ROLES.reader, ["epic", "close-eligible"]);
    await succeeds(ROLES.agent, ["epic", "close-eligible"]);
  });

  test("may change a text in an editor, and the reader may not", async () => {
    writeFileSync(join(home, "editor"), '#!/bin/sh\necho new > "$1"\n', { mode: 0o755 });
    const run = { atTerminal: true, env: { EDITOR: join(home, "editor"), TMPDIR: home } };
    await isRefused(ROLES.reader, ["edit", "club-1"], run);
    await succeeds(ROLES.agent, ["edit", "club-1"], run);
  });

  test("may take in the file of issues, and the reader may only write it", async () => {
    const line = { id: "club-file", title: "By file", created_by: "ann", created_at: "2026-01-01T00:00:00Z" };
    writeFileSync(join(folder, ".beads", "issues.jsonl"), `${JSON.stringify(line)}\n`);
    await isRefused(ROLES.reader, ["sync"]);
    await succeeds(ROLES.agent, ["sync"]);
  });

  test("may commit what others left, and the reader may not", async () => {
    await root.query("REPLACE INTO config (`key`, value) VALUES ('custom.left', 'over')");
    await root.query("COMMIT");
    await isRefused(ROLES.reader, ["dolt", "commit"]);
    await succeeds(ROLES.agent, ["dolt", "commit"]);
  });

  test("may take back what it did, and the reader may not", async () => {
    await succeeds(ROLES.agent, ["create", "Slip"]);
    const { stdout } = await bd(ROLES.agent, ["dolt", "log", "-n", "1", "--json"]);
    await isRefused(ROLES.reader, ["undo", JSON.parse(stdout)[0].hash]);
    await succeeds(ROLES.agent, ["undo"]);
  });

  test("may bring back what was deleted, and the reader may not", async () => {
    for (const line of ["USE beads_club", "DELETE FROM issues WHERE id = 'club-1'", "CALL DOLT_COMMIT('-Am', 'x')"])
      await root.query(line);
    await isRefused(ROLES.reader, ["restore", "club-1"]);
    await succeeds(ROLES.agent, ["restore", "club-1"]);
  });

  test("may fetch, push and pull, through a merge with conflicts, and the reader may not", async () => {
    for (const command of ["fetch", "push", "pull"]) await isRefused(ROLES.reader, ["dolt", command]);
    await succeeds(ROLES.agent, ["dolt", "push"]);
    await changeAtRemote("UPDATE issues SET title = 'Theirs' WHERE id = 'club-2'");
    await succeeds(ROLES.agent, ["update", "club-2", "--title", "Ours"]);
    await succeeds(ROLES.agent, ["dolt", "fetch"]);
    const { stdout } = await bd(ROLES.agent, ["dolt", "pull", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ result: "merge", conflicts: [{ item: "club-2", field: "title" }] });
    await succeeds(ROLES.agent, ["dolt", "push"]);
  });

  test("may give all ids another prefix, and the reader may not", async () => {
    await isRefused(ROLES.reader, ["rename-prefix", "hall"]);
    for (const prefix of ["hall", "club"]) await succeeds(ROLES.agent, ["rename-prefix", prefix]);
  });

  test("has all commands of the document tried here", () => {
    const tried = [
      ...WORK,
      "dolt commit",
      "dolt fetch",
      "dolt pull",
      "dolt push",
      "restore",
      "undo",
      "rename-prefix",
      "epic close-eligible",
      "edit",
      "sync",
    ];
    expect(tried.toSorted()).toEqual(documented("agent"));
  });
});

/** As somebody on another machine would: a clone of the remote, a commit, a push. */
async function changeAtRemote(statement: string): Promise<void> {
  const url = `file://${join(home, "remote")}`;
  await root.query("CALL DOLT_CLONE(?, 'elsewhere')", [url]);
  await root.query("COMMIT");
  await root.query("USE elsewhere");
  for (const text of [statement, "CALL DOLT_COMMIT('-Am', 'theirs')", "CALL DOLT_PUSH('origin', 'main')"])
    await root.query(text);
  await root.query("COMMIT");
}

describe("the admin", () => {
  test("may make a project, and the agent may not", async () => {
    const other = { cwd: mkdtempSync(join(home, "other-")) };
    const hint = "BEADS_DOLT_SERVER_USER=ADMIN bd init";
    await isRefused(ROLES.agent, ["init", "--prefix", "other"], { ...other, hint });
    await succeeds(ROLES.admin, ["init", "--prefix", "other"], other);
  });

  test("may make a project from a remote, and the agent may not", async () => {
    const from = ["init", "--prefix", "club", "--database", "beads_copy", "--remote", `file://${join(home, "remote")}`];
    const other = { cwd: mkdtempSync(join(home, "copy-")) };
    await isRefused(ROLES.agent, from, other);
    await succeeds(ROLES.admin, from, other);
  });

  test("may add and remove remotes, and the agent may not", async () => {
    const hint = "BEADS_DOLT_SERVER_USER=ADMIN bd dolt remote add backup file:///nowhere";
    await isRefused(ROLES.agent, lineOf("dolt remote add"), { hint });
    await succeeds(ROLES.admin, lineOf("dolt remote add"));
    await isRefused(ROLES.agent, lineOf("dolt remote remove"));
    await succeeds(ROLES.admin, lineOf("dolt remote remove"));
  });

  test("names the project's remote to a server that has forgotten it; an agent that pushes hears so", async () => {
    await root.query("USE beads_club");
    await root.query("CALL DOLT_REMOTE('remove', 'origin')");
    const add = ["dolt", "remote", "add", "origin", `file://${join(home, "remote")}`];

    await isRefused(ROLES.agent, ["dolt", "push"], { hint: `BEADS_DOLT_SERVER_USER=ADMIN bd ${add.join(" ")}` });

    await succeeds(ROLES.admin, add);
    await succeeds(ROLES.agent, ["dolt", "push"]);
  });

  test("may migrate, and the agent may not", async () => {
    await root.query("USE beads_club");
    await root.query("DELETE FROM schema_migrations WHERE version = 32");
    await root.query("CALL DOLT_COMMIT('-Am', 'an older schema')");
    await isRefused(ROLES.agent, ["migrate"], { hint: "BEADS_DOLT_SERVER_USER=ADMIN bd migrate" });
    await succeeds(ROLES.admin, ["migrate"]);
  });

  test("may let merges remember deleted issues, and the agent may not", async () => {
    const hint = "BEADS_DOLT_SERVER_USER=ADMIN bd migrate deleted-issues";
    await isRefused(ROLES.agent, ["migrate", "deleted-issues"], { hint });
    for (const role of [ROLES.admin, ROLES.agent]) await succeeds(role, ["migrate", "deleted-issues"]);
  });

  test("is who migrates where a table of this machine is missing; where none is, the agent may as well", async () => {
    await succeeds(ROLES.agent, ["migrate"]);
    await root.query("USE beads_club");
    for (const loss of ["DROP INDEX idx_wisp_dep_type ON wisp_dependencies", "DROP TABLE repo_mtimes"]) {
      await root.query(loss);
      const { code, stdout } = await bd(ROLES.agent, ["migrate", "--json"]);
      expect({ loss, exit: code, ...JSON.parse(stdout) }).toMatchObject({
        loss,
        exit: 4,
        code: "MIGRATION_FAILED",
        error: expect.stringMatching(
          /the server does not let user 'agent' change the schema; that takes an admin\); .* tables of this machine are/,
        ),
        hint: "BEADS_DOLT_SERVER_USER=ADMIN bd migrate",
      });
      await succeeds(ROLES.admin, ["migrate"]);
      await succeeds(ROLES.agent, ["migrate"]);
    }
  });
});

test("who may use another database only is told so", async () => {
  const stranger = { user: "stranger", password: "stranger" };
  await grantRole(root, "agent", stranger, "beads_other");

  await isRefused(stranger, ["list"]);
  await isRefused(stranger, ["create", "X"]);
});

test("the folder that is committed holds no password", async () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const text = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")).join("\n");

  expect(files.map(({ name }) => name)).toContain("metadata.json");
  expect(text).toContain('"dolt_server_user": "admin"');
  for (const { password } of Object.values(ROLES)) expect(text).not.toContain(password);
  await expect(rowsWith("password")).resolves.toEqual([]);
});

/** The tables of the project in which a text stands. */
async function rowsWith(text: string): Promise<string[]> {
  await root.query("USE beads_club");
  const [tables] = await root.query<RowDataPacket[]>("SHOW TABLES");
  const found: string[] = [];
  for (const name of tables.map((row) => String(Object.values(row)[0]))) {
    const [rows] = await root.query(`SELECT * FROM \`${name}\``);
    if (Object.values(ROLES).some(({ password }) => JSON.stringify(rows).includes(`${text}: ${password}`)))
      found.push(name);
  }
  return found;
}
