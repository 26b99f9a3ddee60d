import { cpSync } from "node:fs";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { freePort, startPrivateDolt } from "../support/private-dolt.ts";
import { mariadbIsRequired, mariadbMissing, startPrivateMariadb } from "../support/private-mariadb.ts";
import { expectRefused, type Refusal } from "../support/refused.ts";
import { listen } from "../support/scripted-listener.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "srv" });
});
afterAll(() => workspace.remove());

/** What reads, what writes, and what is about the database: all refuse a bad server in the same words. */
const LINES = [["list"], ["create", "X"], ["import", "-"], ["migrate"], ["init"], ["ping"], ["dolt", "test"]];

async function expectAllRefused(env: Readonly<Record<string, string>>, refusal: Refusal): Promise<void> {
  for (const line of LINES) await expectRefused(workspace, line, refusal, { env, stdin: '{"id":"srv-9","title":"X"}' });
}

describe("no server", () => {
  test("exits 5 everywhere, and names the command that starts one", async () => {
    const port = String(await freePort());
    await expectAllRefused(
      { BEADS_DOLT_SERVER_PORT: port, BEADS_DOLT_RETRY_MAX: "0" },
      {
        exit: 5,
        code: "SERVER_UNREACHABLE",
        message: `no Dolt server answers at 127.0.0.1:${port}`,
        hint: "bd server start",
      },
    );
  });

  test("is waited for a while: the user hears once what for, and how to help", async () => {
    const port = String(await freePort());
    const env = { BEADS_DOLT_SERVER_PORT: port, BEADS_DOLT_RETRY_MAX: "3s" };
    expect(await workspace.bd(["list"], { env })).toEqual({
      code: 5,
      stdout: "",
      stderr: [
        `no answer from 127.0.0.1:${port} yet, still trying (bd server start)`,
        `Error: no Dolt server answers at 127.0.0.1:${port}`,
        "Hint: bd server start\n",
      ].join("\n"),
    });
  });

  test("on a socket that is not there exits 5", async () => {
    await expectRefused(
      workspace,
      ["list"],
      {
        exit: 5,
        code: "SERVER_UNREACHABLE",
        message: "no Dolt server answers at /nonexistent/dolt.sock",
        hint: "bd server start",
      },
      { env: { BEADS_DOLT_SERVER_SOCKET: "/nonexistent/dolt.sock", BEADS_DOLT_RETRY_MAX: "0" } },
    );
  });

  test("at a host that has no address exits 5 at once", async () => {
    const refused = await workspace.bd(["list", "--json"], { env: { BEADS_DOLT_SERVER_HOST: "no-host.invalid" } });
    expect(refused.code).toBe(5);
    // Whether the resolver says "no such name" or "try again" is up to the machine.
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: expect.stringMatching(/^can't connect to no-host\.invalid:\d+: getaddrinfo E[A-Z_]+ no-host\.invalid$/),
      hint: "bd dolt show",
    });
  });
});

describe("a port where something else answers", () => {
  test.each([
    ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["SSH", "SSH-2.0-OpenSSH_9.2\r\n"],
  ])("as %s does is named at once", async (_protocol, greeting) => {
    const listener = await listen(greeting);
    onTestFinished(() => listener.close());
    await expectAllRefused(
      { BEADS_DOLT_SERVER_PORT: String(listener.port) },
      {
        exit: 4,
        code: "NOT_MYSQL",
        message: `what answers at 127.0.0.1:${listener.port} does not speak the MySQL protocol`,
        hint: "bd dolt show",
      },
    );
  });

  test("with silence is given up", async () => {
    const listener = await listen(undefined);
    onTestFinished(() => listener.close());
    await expectRefused(
      workspace,
      ["ping", "-q"],
      {
        exit: 5,
        code: "SERVER_SILENT",
        message: `no MySQL greeting came from 127.0.0.1:${listener.port} in time`,
        hint: "bd server status",
      },
      { env: { BEADS_DOLT_SERVER_PORT: String(listener.port), BEADS_DOLT_RETRY_MAX: "0" } },
    );
  });

  const missing = mariadbMissing();
  test.skipIf(missing !== undefined && !mariadbIsRequired())(
    `as MariaDB does is told from Dolt${missing === undefined ? "" : ` (${missing})`}`,
    async () => {
      const mariadb = await startPrivateMariadb(workspace.database);
      onTestFinished(() => mariadb.stop());
      const env = { BEADS_DOLT_SERVER_PORT: String(mariadb.port) };
      for (const line of LINES) {
        const refused = await workspace.bd([...line, "--json"], { env, stdin: '{"id":"srv-9","title":"X"}' });
        expect(refused, line.join(" ")).toMatchObject({ code: 4, stderr: "" });
        expect(JSON.parse(refused.stdout), line.join(" ")).toMatchObject({
          code: "NOT_DOLT",
          error: expect.stringMatching(
            new RegExp(`^the server at 127\\.0\\.0\\.1:${mariadb.port} is not Dolt but MariaDB \\d+\\.`),
          ),
          hint: "bd dolt show",
        });
      }
      const connection = await createConnection({ host: "127.0.0.1", port: mariadb.port, user: "root" });
      const [tables] = await connection.query(`SHOW TABLES FROM \`${workspace.database}\``);
      await connection.end();
      expect(tables).toEqual([]);
    },
  );
});

describe("a server with passwords", () => {
  test("refuses a wrong one, and none, with exit 4; nothing that is printed holds it", async () => {
    const dolt = await startPrivateDolt();
    onTestFinished(() => dolt.stop());
    const root = await createConnection({ host: dolt.host, port: dolt.port, user: "root" });
    await root.query("CREATE USER keeper@'%' IDENTIFIED BY 'right'");
    await root.query("GRANT ALL ON *.* TO keeper@'%'");
    await root.end();
    const own = await testWorkspace({ initialised: false, port: dolt.port, login: "root" });
    const keeper = { BEADS_DOLT_SERVER_USER: "keeper" };
    await own.json(["init", "--prefix", "pass"], { env: { ...keeper, BEADS_DOLT_PASSWORD: "right" } });
    const where = `127.0.0.1:${dolt.port}`;
    const refusals = [
      [
        { BEADS_DOLT_PASSWORD: "canary-1f7e" },
        `the server at ${where} refuses user 'keeper' with the password that is set`,
      ],
      [{}, `the server at ${where} refuses user 'keeper' without a password`],
    ] as const;

    for (const [password, message] of refusals) {
      for (const line of [...LINES, ["dolt", "show"], ["dolt", "status"], ["server", "status"], ["where"]]) {
        const printed = await own.bd([...line, "-v"], { env: { ...keeper, ...password } });
        expect(printed.stdout + printed.stderr).not.toContain("canary-1f7e");
        if (!LINES.includes(line)) continue;
        const refused = await own.bd([...line, "--json"], { env: { ...keeper, ...password } });
        expect(refused, line.join(" ")).toMatchObject({ code: 4, stderr: "" });
        expect(refused.stdout).not.toContain("canary-1f7e");
        const hint = "bd config explain dolt.password";
        expect(JSON.parse(refused.stdout), line.join(" ")).toMatchObject({
          code: "ACCESS_DENIED",
          error: message,
          hint,
        });
      }
    }
  });
});

describe("a read-only server", () => {
  test("answers reads; writes exit 5 and say that nothing was written", async () => {
    const writable = await startPrivateDolt();
    onTestFinished(() => writable.stop());
    const own = await testWorkspace({ port: writable.port, prefix: "ro" });
    await own.json(["create", "One", "--id", "ro-1"]);
    const dolt = await startPrivateDolt({
      arguments: ["--readonly"],
      seed: async (dataDir) => {
        await writable.crash();
        cpSync(writable.dataDir, dataDir, { recursive: true });
      },
    });
    onTestFinished(() => dolt.stop());
    const env = { BEADS_DOLT_SERVER_PORT: String(dolt.port) };

    expect(await own.json(["list"], { env })).toMatchObject([{ id: "ro-1" }]);
    expect(await own.json(["ready"], { env })).toMatchObject([{ id: "ro-1" }]);
    for (const line of [
      ["create", "X"],
      ["update", "ro-1", "--claim"],
      ["close", "ro-1"],
      ["import", "-"],
      ["label", "add", "ro-1", "x"],
    ]) {
      const refused = await own.bd([...line, "--json"], { env, stdin: '{"id":"ro-9","title":"X"}' });
      expect(refused, line.join(" ")).toMatchObject({ code: 5, stderr: "" });
      expect(JSON.parse(refused.stdout), line.join(" ")).toEqual({
        code: "SERVER_READ_ONLY",
        error: `the server at 127.0.0.1:${dolt.port} is read-only; nothing was written`,
        hint: "bd dolt status",
        schema_version: 1,
      });
    }
    expect(await own.json(["list"], { env })).toMatchObject([{ id: "ro-1", status: "open" }]);
    await writable.start();
  });
});
