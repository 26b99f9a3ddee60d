import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunOptions } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace();
});

afterAll(() => workspace.remove());

async function errorOf(...args: string[]): Promise<{ code: number; error: unknown }> {
  const { code, stdout } = await workspace.bd([...args, "--json"]);
  return { code, error: JSON.parse(stdout).code };
}

async function idOf(title: string): Promise<string> {
  return (await workspace.bd(["create", title, "--silent"])).stdout.trim();
}

describe("settings of the project's database", () => {
  it("are set, read and taken out, each change one commit of the actor", async () => {
    const set = await workspace.bd(["config", "set", "custom.colour", "red"]);
    expect(set).toEqual({ code: 0, stdout: "Set custom.colour = red\n", stderr: "" });
    expect(
      await workspace.sql(
        "SELECT message LIKE 'bd: config set custom.colour%' AS it, committer FROM dolt_log ORDER BY commit_order DESC LIMIT 1",
      ),
    ).toEqual([{ it: 1, committer: "tester" }]);
    expect((await workspace.bd(["config", "get", "custom.colour"])).stdout).toBe("red\n");
    expect(await workspace.json(["config", "list"])).toMatchObject({ "custom.colour": "red", schema_version: 1 });
    expect(await workspace.json(["config", "unset", "custom.colour"])).toEqual({
      key: "custom.colour",
      schema_version: 1,
    });
    expect((await workspace.bd(["config", "get", "custom.colour"])).stdout).toBe("custom.colour (not set)\n");
    expect(await workspace.json(["config", "get", "custom.colour"])).toEqual({
      key: "custom.colour",
      value: "",
      schema_version: 1,
    });
  });

  it("make no commit where nothing changes", async () => {
    await workspace.bd(["config", "set", "custom.same", "x"]);
    const before = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
    expect((await workspace.bd(["config", "set", "custom.same", "x"])).code).toBe(0);
    expect((await workspace.bd(["config", "unset", "custom.never"])).stdout).toBe("custom.never (not set)\n");
    expect(await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log")).toEqual(before);
  });

  it("of custom statuses are checked and mirrored for the peer's views", async () => {
    expect(await errorOf("config", "set", "status.custom", "Bad Name")).toEqual({
      code: 2,
      error: "INVALID_CUSTOM_STATUS",
    });
    await workspace.json(["config", "set", "status.custom", "review:wip,shipped:done"]);
    expect(await workspace.sql("SELECT name, category FROM custom_statuses ORDER BY name")).toEqual([
      { name: "review", category: "wip" },
      { name: "shipped", category: "done" },
    ]);
    await workspace.json(["config", "unset", "status.custom"]);
    expect(await workspace.sql("SELECT * FROM custom_statuses")).toEqual([]);
  });

  it("of custom types are checked and mirrored", async () => {
    expect(await errorOf("config", "set", "types.custom", "two words")).toEqual({
      code: 2,
      error: "INVALID_ISSUE_TYPE",
    });
    await workspace.json(["config", "set", "types.custom", "agent, merge-request"]);
    expect(await workspace.sql("SELECT name FROM custom_types ORDER BY name")).toEqual([
      { name: "agent" },
      { name: "merge-request" },
    ]);
    expect(await workspace.sql("SELECT * FROM dolt_status")).toEqual([]);
  });

  it("of infrastructure types hide what they name, however they are spaced", async () => {
    const listed = async () => (await workspace.bd(["list", "--flat"])).stdout.match(/ A (?:agent|foo|bug)$/gm);
    await workspace.json(["config", "set", "types.custom", "agent, foo"]);
    for (const type of ["agent", "foo", "bug"]) await workspace.json(["create", `A ${type}`, "-t", type]);

    await workspace.json(["config", "set", "types.infra", "agent, foo"]);
    expect(await workspace.json(["config", "get", "types.infra"])).toMatchObject({ value: "agent,foo" });
    expect(await listed()).toEqual([" A bug"]);

    await workspace.sql("SET autocommit = 1");
    await workspace.sql("UPDATE config SET value = 'foo, agent' WHERE `key` = 'types.infra'");
    expect(await listed()).toEqual([" A bug"]);
    await workspace.json(["config", "unset", "types.infra"]);
  });

  it("of fifty finished statuses with long names all count", async () => {
    const names = Array.from({ length: 50 }, (_, n) => `finished-in-its-own-way-${n + 100}`);
    await workspace.json(["config", "set", "status.custom", names.map((name) => `${name}:done`).join(",")]);
    const before = await workspace.json(["list"]);
    for (const name of [names[0], names[25], names[49]]) {
      await workspace.json(["update", await idOf("Finished"), "-s", name ?? ""]);
    }
    expect(await workspace.json(["list"])).toEqual(before);
  });

  it("refuse a key that nobody knows, with the one that is meant, and take out what another program set", async () => {
    expect(await workspace.bd(["config", "set", "status.costum", "review"])).toEqual({
      code: 2,
      stdout: "",
      stderr:
        'Error: there is no setting "status.costum"; did you mean "status.custom"?\nHint: bd config explain status.custom\n',
    });
    for (const verb of ["get", "explain", "unset"]) {
      const { code, stdout, stderr } = await workspace.bd(["config", verb, "status.costum"]);
      expect({ verb, code, stderr }).toEqual({
        verb,
        code: 0,
        stderr:
          'there is no setting "status.costum"; did you mean "status.custom"? (bd config explain status.custom)\n',
      });
      expect(stdout).toContain("status.costum (not set)\n");
      expect((await workspace.bd(["config", verb, "custom.never"])).stderr).toBe("");
      expect((await workspace.bd(["config", verb, "nothing.like.it"])).stderr).toBe("");
    }
    await workspace.sql("SET autocommit = 1");
    await workspace.sql("INSERT INTO config (`key`, value) VALUES ('foo.bar', 'baz')");
    expect((await workspace.bd(["config", "get", "foo.bar"])).stdout).toBe("baz\n");
    expect((await workspace.bd(["config", "unset", "foo.bar"])).stdout).toBe("Unset foo.bar\n");
  });

  it("keep the prefix as it is", async () => {
    expect(await errorOf("config", "set", "issue_prefix", "zz")).toEqual({ code: 1, error: "SETTING_FIXED" });
    expect(await errorOf("config", "unset", "issue_prefix")).toEqual({ code: 1, error: "SETTING_FIXED" });
  });
});

describe("settings of files", () => {
  it("go into the project's yaml, which keeps its comments", async () => {
    const path = join(workspace.dir, ".beads/config.yaml");
    const before = readFileSync(path, "utf8");
    await workspace.json(["config", "set", "export.auto", "true"]);
    const after = readFileSync(path, "utf8");
    expect(after.startsWith(before)).toBe(true);
    expect(after).toContain("export:\n  auto: true\n");
    expect(await workspace.json(["config", "get", "export.auto"])).toMatchObject({ value: "true" });
    await workspace.json(["config", "unset", "export.auto"]);
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it("are all there when several commands set them at the same time", async () => {
    const keys = ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => `directory.${name}`);
    const set = await Promise.all(keys.map((key) => workspace.spawn(["config", "set", key, "yes"]).done));
    expect(set.map(({ code }) => code)).toEqual(keys.map(() => 0));
    const yaml = readFileSync(join(workspace.dir, ".beads/config.yaml"), "utf8");
    expect(keys.filter((key) => !yaml.includes(`  ${key.slice("directory.".length)}: yes\n`))).toEqual([]);
  });

  it("go into the person's own yaml, and say when something else counts", async () => {
    const { stderr } = await workspace.bd(["config", "set", "actor", "ada"]);
    expect(stderr).toContain("actor stays tester: BEADS_ACTOR goes first");
    const path = join(workspace.home, ".config/bd/config.yaml");
    expect(readFileSync(path, "utf8")).toBe("actor: ada\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("are refused where every later command would stumble over them", async () => {
    expect(await errorOf("config", "set", "json", "perhaps")).toEqual({ code: 2, error: "SETTING_INVALID" });
    expect(await errorOf("config", "set", "dolt.port", "high")).toEqual({ code: 2, error: "SETTING_INVALID" });
  });

  it("never show or share a secret", async () => {
    expect(await errorOf("config", "set", "dolt.password", "hunter2")).toEqual({ code: 1, error: "SETTING_IS_SECRET" });
    const { stdout } = await workspace.bd(["config", "set", "github.token", "hunter2"]);
    expect(stdout).not.toContain("hunter2");
    expect(await workspace.json(["config", "get", "github.token"])).toMatchObject({ value: "(set)" });
    expect(readFileSync(join(workspace.dir, ".beads/config.yaml"), "utf8")).not.toContain("hunter2");
    const env = { BEADS_DOLT_PASSWORD: "hunter2" };
    const explained = await workspace.bd(["config", "explain", "dolt.password"], { env });
    expect(explained.stdout).toContain("from: BEADS_DOLT_PASSWORD");
    expect(explained.stdout).not.toContain("hunter2");
  });
});

describe("bd config explain", () => {
  it("names the value that counts, its source and the losers", async () => {
    const why = "BEADS_DOLT_SERVER_PORT goes first";
    expect(await workspace.json(["config", "explain", "dolt.port"])).toEqual({
      key: "dolt.port",
      summary: "Port of the Dolt server",
      trust: "project",
      value: String(workspace.port),
      home: "metadata",
      source: "BEADS_DOLT_SERVER_PORT",
      losers: [
        {
          source: `${join(workspace.dir, ".beads/metadata.json")}, dolt_server_port`,
          value: "3307",
          why,
        },
        { source: "default", value: "3307", why },
      ],
      schema_version: 1,
    });
  });

  it("works outside of a workspace for what is no project's", async () => {
    const { code, stdout } = await workspace.bd(["config", "explain", "actor"], { cwd: workspace.home });
    expect({ code, first: stdout.split("\n")[0] }).toEqual({ code: 0, first: "actor = tester" });
    expect(existsSync(join(workspace.home, ".beads"))).toBe(false);
  });
});

describe("what a project says that is not its to say", () => {
  const path = () => join(workspace.dir, ".beads/config.local.yaml");
  const saying = async (yaml: string, run: () => Promise<void>) => {
    writeFileSync(path(), yaml);
    await run().finally(() => rmSync(path()));
  };

  it("is not heard, and a note says so once, but not with -q", async () => {
    await saying("actor: mallory\nsession: theirs\n", async () => {
      const { stderr, stdout } = await workspace.bd(["create", "By whom?", "--json"]);
      expect(JSON.parse(stdout)).toMatchObject({ created_by: "tester" });
      expect(stderr).toBe(
        `${path()}, line 1: actor is not heard, it is yours to say and no project's (bd config explain actor)\n` +
          `${path()}, line 2: session is not heard, it is yours to say and no project's (bd config explain session)\n`,
      );
      expect((await workspace.bd(["list", "-q"])).stderr).toBe("");
      const explained = await workspace.bd(["config", "explain", "actor"]);
      expect(explained.stdout).toContain("actor = tester\n  from: BEADS_ACTOR\n");
      expect(explained.stdout).toContain("  said by: you, and no project\n");
      expect(explained.stdout).toContain(
        `  not used: mallory (${path()}, line 1): it is yours to say, and no project's\n`,
      );
    });
  });

  it("lifts no protection: readonly stays", async () => {
    await saying("readonly: false\n", async () => {
      const { stdout } = await workspace.bd(["create", "New", "--json"], { env: { BD_READONLY: "1" } });
      expect(JSON.parse(stdout)).toMatchObject({ code: "READ_ONLY" });
    });
  });

  it("and is no host ends the command, with file and key", async () => {
    await saying('dolt.host: "127.0.0.1 --user=x"\n', async () => {
      const metadata = join(workspace.dir, ".beads/metadata.json");
      const before = readFileSync(metadata, "utf8");
      writeFileSync(metadata, before.replace(/ *"dolt_server_host".*\n/, ""));
      const { code, stderr } = await workspace.bd(["list"]).finally(() => writeFileSync(metadata, before));
      expect(code).toBe(4);
      expect(stderr).toContain(`${path()}, line 1 says "127.0.0.1 --user=x" for dolt.host, which must be a host`);
    });
  });

  it("names no place for a server of this machine", async () => {
    await saying("dolt:\n  host: 0.0.0.0\n  port: 3999\n", async () => {
      const status = await workspace.json(["server", "status"], { env: { BEADS_DOLT_SERVER_PORT: "" } });
      expect(JSON.stringify(status)).not.toMatch(/0\.0\.0\.0|3999/);
    });
  });
});

describe("the setting json", () => {
  it("does what --json does, wherever it stands, and errors follow it", async () => {
    const bd = (args: readonly string[], options?: RunOptions) => workspace.bd(args, options);
    const env = { BD_JSON: "true" };
    const version = await bd(["version", "--json"]);
    expect(await bd(["version"], { env, cwd: workspace.home })).toEqual(version);
    expect(await bd(["show", "none"], { env })).toEqual(await bd(["show", "none", "--json"]));
    expect(await bd(["nosuch"], { env })).toEqual(await bd(["nosuch", "--json"]));
    expect(await bd(["list", "--flat", "-n", "2"], { env })).toEqual(await bd(["list", "--flat", "-n", "2", "--json"]));

    await bd(["config", "set", "json", "true"]);
    const elsewhere = await bd(["-C", workspace.dir, "show", "none"], { cwd: workspace.home });
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({ code: "ISSUE_NOT_FOUND" });
    const text = await bd(["version"], { env: { BD_JSON: "false" } });
    expect(text.stdout).not.toContain("{");
    await bd(["config", "unset", "json"]);
  });

  it("is joined by json-envelope", async () => {
    await workspace.bd(["config", "set", "json-envelope", "true"]);
    expect(await workspace.json(["config", "get", "custom.none"])).toEqual({
      schema_version: 1,
      data: { key: "custom.none", value: "" },
      cursor: expect.any(String),
    });
    await workspace.bd(["config", "unset", "json-envelope"]);
  });

  it("leaves commands alone that work without a workspace, where the settings are broken", async () => {
    const broken = await makeWorkspace({ initialised: false });
    mkdirSync(join(broken.dir, ".beads"));
    writeFileSync(join(broken.dir, ".beads/config.yaml"), "json: [true\n");
    const { code, stdout } = await broken.bd(["version"]);
    await broken.remove();
    expect({ code, text: stdout.startsWith("bd version ") }).toEqual({ code: 0, text: true });
  });
});

describe("the setting readonly", () => {
  it("refuses every change but the one that takes it back", async () => {
    await workspace.json(["config", "set", "readonly", "true"]);
    expect(await errorOf("create", "New")).toEqual({ code: 1, error: "READ_ONLY" });
    expect(await errorOf("init", "--prefix", "new")).toEqual({ code: 1, error: "READ_ONLY" });
    expect(await errorOf("config", "set", "custom.colour", "red")).toEqual({ code: 1, error: "READ_ONLY" });
    expect((await workspace.bd(["list"])).code).toBe(0);
    await workspace.json(["config", "set", "readonly", "false"]);
    expect((await workspace.bd(["create", "New"])).code).toBe(0);
    await workspace.json(["config", "set", "readonly", "true"]);
    await workspace.json(["config", "unset", "readonly"]);
    expect((await workspace.bd(["create", "New"])).code).toBe(0);
  });

  it("stands in the environment or the project's own files too", async () => {
    const { stdout } = await workspace.bd(["create", "New", "--json"], { env: { BD_READONLY: "1" } });
    expect(JSON.parse(stdout)).toMatchObject({ code: "READ_ONLY", hint: "bd config explain readonly" });
    const local = join(workspace.dir, ".beads/config.local.yaml");
    writeFileSync(local, "readonly: true\n");
    expect(await errorOf("create", "New")).toEqual({ code: 1, error: "READ_ONLY" });
    rmSync(local);
  });

  it("as a flag refuses that one change too", async () => {
    expect(await errorOf("config", "set", "readonly", "false", "--readonly")).toEqual({ code: 1, error: "READ_ONLY" });
  });
});
