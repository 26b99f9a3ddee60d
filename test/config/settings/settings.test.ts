import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { explainSetting } from "../../../src/config/settings/explain-setting.ts";
import { settingFiles } from "../../../src/config/settings/setting-files.ts";
import { resolveEndpoint, resolveSettings } from "../../../src/config/settings/settings.ts";
import { requireDatabase } from "../../../src/config/workspace/require-database.ts";
import { workspaceIn } from "../../../src/config/workspace/workspace.ts";
import { type Situation, sourcesOf } from "../setting-situation.ts";
import { bdErrorOf, temporaryFolder, viewIn } from "../temporary-folder.ts";

async function hostOf(situation: Situation): Promise<string> {
  return resolveEndpoint(await sourcesOf(situation)).host;
}

describe("resolveSettings", () => {
  test("has the shared server as default, without any file", async () => {
    const sources = await settingFiles(viewIn("/")).sources();

    expect(resolveSettings(sources)).toEqual({
      endpoint: { host: "127.0.0.1", port: 3307, user: "root", tls: false },
      database: undefined,
      projectId: undefined,
      actor: undefined,
      session: undefined,
      retryMaxMs: 30_000,
    });
  });

  test("takes the endpoint, database and project from metadata.json", async () => {
    const metadata =
      '{"dolt_server_host":"db.example.test","dolt_server_port":3310,"dolt_server_user":"ann","dolt_server_tls":true,' +
      '"dolt_database":"gold-1","project_id":"p-1"}';

    expect(resolveSettings(await sourcesOf({ metadata }))).toMatchObject({
      endpoint: { host: "db.example.test", port: 3310, user: "ann", tls: true },
      database: "gold-1",
      projectId: "p-1",
    });
  });

  test("asks flag, environment, metadata, local yaml, project yaml and person in this order", async () => {
    const all = {
      flags: { "dolt.host": "flag" },
      env: { BEADS_DOLT_SERVER_HOST: "named", BD_DOLT_HOST: "generic" },
      metadata: '{"dolt_server_host":"metadata"}',
      local: "dolt: { host: local }",
      project: "dolt:\n  host: project\n",
      person: "dolt.host: person\n",
    };
    const { flags: _flags, ...noFlag } = all;
    const noNamed = { ...noFlag, env: { BD_DOLT_HOST: "generic" } };
    const noEnv = { ...noFlag, env: {} };
    const noMetadata = { ...noEnv, metadata: "{}" };
    const noLocal = { ...noMetadata, local: "" };

    expect(await hostOf(all)).toBe("flag");
    expect(await hostOf(noFlag)).toBe("named");
    expect(await hostOf(noNamed)).toBe("generic");
    expect(await hostOf(noEnv)).toBe("metadata");
    expect(await hostOf(noMetadata)).toBe("local");
    expect(await hostOf(noLocal)).toBe("project");
    expect(await hostOf({ ...noLocal, project: "" })).toBe("person");
  });

  test("knows the peer's environment names", async () => {
    const env = {
      BEADS_DOLT_PORT: "3309",
      BEADS_DOLT_SERVER_USER: "ann",
      BEADS_DOLT_SERVER_TLS: "1",
      BEADS_DOLT_SERVER_DATABASE: "other",
      BEADS_ACTOR: "ann",
      BD_ACTOR: "bob",
      CLAUDE_SESSION_ID: "s-2",
      BD_SESSION: "s-1",
    };

    expect(resolveSettings(await sourcesOf({ env }))).toMatchObject({
      endpoint: { port: 3309, user: "ann", tls: true },
      database: "other",
      actor: "ann",
      session: "s-1",
    });
    const both = { ...env, BEADS_DOLT_SERVER_PORT: "3308" };
    expect(resolveEndpoint(await sourcesOf({ env: both })).port).toBe(3308);
  });

  test("takes an empty variable and an empty yaml text for nothing", async () => {
    const sources = await sourcesOf({ env: { BEADS_DOLT_SERVER_HOST: "", BEADS_ACTOR: "" }, project: 'actor: ""\n' });

    expect(resolveSettings(sources)).toMatchObject({ endpoint: { host: "127.0.0.1" }, actor: undefined });
  });

  test.each([
    ["30", 30_000],
    ["30s", 30_000],
    ["500ms", 500],
    ["1m", 60_000],
    ["2.5", 2500],
    ["0", 0],
  ])("reads BEADS_DOLT_RETRY_MAX=%s", async (text, expected) => {
    expect(resolveSettings(await sourcesOf({ env: { BEADS_DOLT_RETRY_MAX: text } })).retryMaxMs).toBe(expected);
  });

  test("uses a socket from metadata.json, but not against a host given by flag or environment", async () => {
    const metadata = '{"dolt_server_socket":"/run/dolt.sock"}';

    expect(resolveEndpoint(await sourcesOf({ metadata })).socketPath).toBe("/run/dolt.sock");
    expect(resolveEndpoint(await sourcesOf({ metadata, flags: { "dolt.port": "3310" } }))).toEqual({
      host: "127.0.0.1",
      port: 3310,
      user: "root",
      tls: false,
    });
  });

  test("ignores the peer's port file", async () => {
    const root = temporaryFolder({ ".beads/dolt-server.port": "45123\n", ".beads/metadata.json": "{}" });
    const sources = await settingFiles(viewIn(root)).sources({ workspace: workspaceIn(join(root, ".beads")) });

    expect(resolveEndpoint(sources).port).toBe(3307);
  });
});

describe("TLS", () => {
  const tlsOf = async (situation: Situation) => resolveEndpoint(await sourcesOf(situation)).tls;
  const project = '{"dolt_server_tls":false}';

  test("that the person requires stays, whatever the project says", async () => {
    expect(await tlsOf({ metadata: project, env: { BEADS_DOLT_SERVER_TLS: "true" } })).toBe(true);
    expect(await tlsOf({ metadata: project, person: "dolt.tls: true" })).toBe(true);
    expect(await tlsOf({ project: "dolt.tls: false", local: "dolt.tls: off", env: { BD_DOLT_TLS: "1" } })).toBe(true);
    expect(await tlsOf({ metadata: project })).toBe(false);
  });

  test("that the project requires stays, too", async () => {
    const metadata = '{"dolt_server_tls":true}';

    expect(await tlsOf({ metadata })).toBe(true);
    expect(await tlsOf({ metadata, env: { BEADS_DOLT_SERVER_TLS: "false" } })).toBe(true);
  });
});

describe("a bad value names its source", () => {
  test.each([
    [
      { BEADS_DOLT_SERVER_PORT: "abc" },
      'BEADS_DOLT_SERVER_PORT says "abc" for dolt.port, which must be a port from 1 to 65535',
    ],
    [
      { BEADS_DOLT_SERVER_PORT: "65536" },
      'BEADS_DOLT_SERVER_PORT says "65536" for dolt.port, which must be a port from 1 to 65535',
    ],
    [
      { BEADS_DOLT_SERVER_TLS: "maybe" },
      'BEADS_DOLT_SERVER_TLS says "maybe" for dolt.tls, which must be true or false',
    ],
    [
      { BEADS_DOLT_RETRY_MAX: "-1" },
      'BEADS_DOLT_RETRY_MAX says "-1" for dolt.retry-max, which must be a time such as 30s or 500ms, of at most an hour',
    ],
  ])("%j", async (env, message) => {
    const sources = await sourcesOf({ env });

    const error = await bdErrorOf(() => resolveSettings(sources));

    expect(error).toMatchObject({ kind: "config", code: "SETTING_INVALID", message });
  });

  test("with file and line for yaml", async () => {
    const sources = await sourcesOf({ project: "# a\ndolt:\n  port: many\n" });

    const error = await bdErrorOf(() => resolveSettings(sources));

    expect(error.message).toBe(
      `${sources.root}/work/.beads/config.yaml, line 3 says "many" for dolt.port, which must be a port from 1 to 65535`,
    );
    expect(error.hint).toBe("bd config explain dolt.port");
  });

  test("as a usage error for a flag; a path is no database", async () => {
    const sources = await sourcesOf({ flags: { "dolt.database": "/x/.beads/dolt" } });

    const error = await bdErrorOf(() => resolveSettings(sources));

    expect(error).toMatchObject({ kind: "usage", code: "SETTING_INVALID" });
    expect(error.message).toContain('--db says "/x/.beads/dolt" for dolt.database');
  });

  test("for a section that was cut off", async () => {
    const error = await bdErrorOf(() => sourcesOf({ project: "json: true\ndolt:\n  ho" }));

    expect(error).toMatchObject({ code: "CONFIG_INVALID", details: { line: 2 } });
    expect(error.message).toContain("config.yaml, line 2: dolt must hold settings of its own, as dolt.NAME");
  });
});

describe("explainSetting", () => {
  test("names the winner, the home and the losers", async () => {
    const sources = await sourcesOf({
      env: { BEADS_DOLT_SERVER_PORT: "3310" },
      metadata: '{"dolt_server_port":3308}',
      person: "dolt.port: 3309\n",
    });

    const why = "BEADS_DOLT_SERVER_PORT goes first";
    expect(explainSetting("dolt.port", sources)).toEqual({
      key: "dolt.port",
      summary: "Port of the Dolt server",
      problem: undefined,
      trust: "project",
      value: "3310",
      home: "metadata",
      source: "BEADS_DOLT_SERVER_PORT",
      losers: [
        { source: `${sources.root}/work/.beads/metadata.json, dolt_server_port`, value: "3308", why },
        { source: `${sources.root}/home/.config/bd/config.yaml, line 1`, value: "3309", why },
        { source: "default", value: "3307", why },
      ],
    });
  });

  test("explains a bad value like a good one", async () => {
    const sources = await sourcesOf({ env: { BEADS_DOLT_SERVER_PORT: "abc" } });

    expect(explainSetting("dolt.port", sources)).toMatchObject({
      value: "abc",
      problem: "it must be a port from 1 to 65535",
      source: "BEADS_DOLT_SERVER_PORT",
    });
  });

  test("takes database keys from the table only, and shows what yaml says in vain", async () => {
    const sources = await sourcesOf({ project: "status.custom: a\n", env: { BD_STATUS_CUSTOM: "b" } });
    const database = new Map([
      ["status.custom", "triage"],
      ["foo.bar", "baz"],
    ]);

    expect(explainSetting("status.custom", { ...sources, database })).toMatchObject({
      key: "status.custom",
      value: "triage",
      home: "database",
      source: "the table config",
      losers: [{ source: `${sources.root}/work/.beads/config.yaml, line 1`, value: "a" }],
    });
    expect(explainSetting("foo.bar", { ...sources, database })).toMatchObject({ value: "baz", home: "database" });
    expect(explainSetting("status.custom", sources).value).toBeUndefined();
  });

  test("lets the environment override the peer's yaml keys", async () => {
    const sources = await sourcesOf({ project: "export:\n  auto: true\n", env: { BD_EXPORT_AUTO: "false" } });

    expect(explainSetting("export.auto", sources)).toMatchObject({
      value: "false",
      source: "BD_EXPORT_AUTO",
      losers: [{ value: "true" }],
    });
  });

  test("prints no tracker's token", async () => {
    const sources = await sourcesOf({ person: "github.token: ghp_123\n" });

    expect(explainSetting("github.token", sources)).toMatchObject({ value: "(set)", home: "person" });
  });
});

async function databaseOf(situation: Situation): Promise<string> {
  const sources = await sourcesOf(situation);
  return requireDatabase(sources, resolveSettings(sources));
}

describe("requireDatabase", () => {
  test("gives the database of a server workspace", async () => {
    expect(await databaseOf({})).toBe("beads_demo");
    expect(await databaseOf({ metadata: '{"dolt_server_port":3307,"dolt_database":"x"}' })).toBe("x");
    expect(await databaseOf({ flags: { "dolt.database": "y" } })).toBe("y");
  });

  test.each([
    '{"dolt_mode":"embedded","dolt_database":"x"}',
    '{"backend":"dolt","dolt_database":"x"}',
    '{"backend":"sqlite","dolt_mode":"server"}',
  ])("refuses a workspace of the Go program's own store: %s", async (metadata) => {
    const error = await bdErrorOf(() => databaseOf({ metadata }));

    expect(error).toMatchObject({ kind: "config", code: "NOT_A_SERVER_WORKSPACE" });
    expect(error.hint).toMatch(/^bd (?:-C \S+ )?init$/);
  });

  test("takes any setting of a server for a server", async () => {
    const metadata = '{"dolt_mode":"embedded","dolt_database":"x"}';

    expect(await databaseOf({ metadata, env: { BEADS_DOLT_SERVER_HOST: "127.0.0.1" } })).toBe("x");
    expect(await databaseOf({ metadata, env: { BEADS_DOLT_PORT: "3307" } })).toBe("x");
    expect(await databaseOf({ metadata, env: { BEADS_DOLT_SERVER_MODE: "1" } })).toBe("x");
  });

  test("refuses a workspace that names no database", async () => {
    const error = await bdErrorOf(() => databaseOf({ metadata: '{"dolt_mode":"server"}' }));

    expect(error).toMatchObject({ kind: "config", code: "NO_DATABASE" });
  });
});
