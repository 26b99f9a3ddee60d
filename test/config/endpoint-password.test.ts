import { chmodSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { explainSetting } from "../../src/config/settings/explain-setting.ts";
import { type SettingSources, settingFiles } from "../../src/config/settings/setting-files.ts";
import { resolveEndpoint, resolveSettings } from "../../src/config/settings/settings.ts";
import { type Situation, sourcesOf } from "./setting-situation.ts";
import { bdErrorOf, temporaryFolder, viewIn } from "./temporary-folder.ts";

describe("the password", () => {
  const CREDENTIALS =
    "# servers\n[127.0.0.1:3308]\npassword=wrong\n\n[127.0.0.1:3307]\nuser=x\npassword = p=4 s\n[/run/d.sock]\npassword=sock\n";

  async function withCredentials(env: Readonly<Record<string, string>>): Promise<SettingSources> {
    const home = temporaryFolder({ ".config/beads/credentials": CREDENTIALS });
    chmodSync(join(home, ".config/beads/credentials"), 0o600);
    return settingFiles(viewIn("/", env, home)).sources();
  }

  test("comes from BEADS_DOLT_PASSWORD, else from the section of the endpoint", async () => {
    expect(resolveEndpoint(await withCredentials({ BEADS_DOLT_PASSWORD: "env" })).password).toBe("env");
    expect(resolveEndpoint(await withCredentials({})).password).toBe("p=4 s");
    expect(resolveEndpoint(await withCredentials({ BEADS_DOLT_SERVER_SOCKET: "/run/d.sock" })).password).toBe("sock");
    expect(resolveEndpoint(await withCredentials({ BEADS_DOLT_SERVER_PORT: "3309" })).password).toBeUndefined();
  });

  test("comes from the file that BEADS_CREDENTIALS_FILE names, which must be there", async () => {
    const folder = temporaryFolder({ "keys.ini": "[127.0.0.1:3307]\r\npassword=named\r\n" });
    chmodSync(join(folder, "keys.ini"), 0o600);
    const named = await settingFiles(viewIn(folder, { BEADS_CREDENTIALS_FILE: "keys.ini" })).sources();
    const missing = await settingFiles(viewIn(folder, { BEADS_CREDENTIALS_FILE: "gone.ini" })).sources();

    const error = await bdErrorOf(() => resolveEndpoint(missing));

    expect(resolveEndpoint(named).password).toBe("named");
    expect(error).toMatchObject({ kind: "config", code: "CREDENTIALS_NOT_FOUND" });
  });

  test("is the last one that the file has for the server", async () => {
    const text = "[127.0.0.1:3307]\npassword=old\n[127.0.0.1:3308]\npassword=other\n[127.0.0.1:3307]\npassword=new\n";
    const home = temporaryFolder({ ".config/beads/credentials": text });
    chmodSync(join(home, ".config/beads/credentials"), 0o600);

    expect(resolveEndpoint(await settingFiles(viewIn("/", {}, home)).sources()).password).toBe("new");
  });

  test("is taken from no file that others can read or write", async () => {
    const home = temporaryFolder({ ".config/beads/credentials": CREDENTIALS });
    const path = join(home, ".config/beads/credentials");
    chmodSync(path, 0o644);
    const resolved = async (env: Readonly<Record<string, string>> = {}) =>
      resolveEndpoint(await settingFiles(viewIn("/", env, home)).sources());

    const error = await bdErrorOf(resolved);

    expect(error).toMatchObject({ kind: "config", code: "CREDENTIALS_READABLE", hint: `chmod 600 ${path}` });
    expect(error.message).toBe(`${path} can be read by everybody on this machine`);
    expect((await resolved({ BEADS_DOLT_PASSWORD: "env" })).password).toBe("env");
    expect((await resolved({ BEADS_DOLT_SERVER_PORT: "3309" })).password).toBeUndefined();
    for (const mode of [0o640, 0o620, 0o602]) {
      chmodSync(path, mode);
      expect((await bdErrorOf(resolved)).message).toBe(`${path} can be read or written by more than its owner`);
    }
  });

  test("shows up in no JSON, no inspection and no explanation", async () => {
    const sources = await withCredentials({ BEADS_DOLT_PASSWORD: "s3cret" });
    const settings = resolveSettings(sources);
    const explanation = explainSetting("dolt.password", sources);

    expect(settings.endpoint.password).toBe("s3cret");
    expect(JSON.stringify(settings)).not.toContain("s3cret");
    expect(inspect(settings, { depth: 9 })).not.toContain("s3cret");
    expect(explanation).toMatchObject({ value: "(set)", home: "credentials", source: "BEADS_DOLT_PASSWORD" });
    expect(explanation.losers.map((loser) => loser.value)).toEqual(["(set)"]);
  });

  const FAR = '{"dolt_server_host":"db.example.test","dolt_server_port":3307}';

  test("goes to no host that only the project names", async () => {
    const env = { BEADS_DOLT_PASSWORD: "s3cret" };
    for (const project of [
      { metadata: FAR },
      { project: "dolt.host: db.example.test" },
      { local: "dolt.host: 10.0.0.7" },
    ]) {
      const sources = await sourcesOf({ ...project, env });

      const error = await bdErrorOf(() => resolveSettings(sources));

      expect(error).toMatchObject({
        kind: "config",
        code: "PASSWORD_HOST_UNNAMED",
        hint: "BEADS_DOLT_SERVER_HOST=HOST bd ping",
      });
      expect(error.message).toContain(`${sources.root}/work/.beads/`);
      expect(error.message).not.toContain("s3cret");
      const { value, losers } = explainSetting("dolt.password", sources);
      expect({ value, losers: losers.map(({ why }) => why) }).toEqual({
        value: undefined,
        losers: [expect.stringContaining("a password goes only to hosts that you name")],
      });
    }
  });

  test("goes to a host that the person names too, in whatever way", async () => {
    const secret = { BEADS_DOLT_PASSWORD: "s3cret" };
    const named: readonly Situation[] = [
      { flags: { "dolt.host": "db.example.test" } },
      { env: { BEADS_DOLT_SERVER_HOST: "DB.example.test" } },
      { env: { BD_DOLT_HOST: "db.example.test" } },
      { person: "dolt:\n  host: db.example.test\n" },
      { credentials: "[db.example.test:3307]\nuser=ann\n" },
    ];
    for (const { env = {}, ...situation } of named) {
      const sources = await sourcesOf({ metadata: FAR, ...situation, env: { ...env, ...secret } });

      expect(resolveEndpoint(sources).password).toBe("s3cret");
    }
    for (const credentials of ["[db.example.test:3308]\n", "[example.test:3307]\n", "db.example.test:3307\n"]) {
      const sources = await sourcesOf({ metadata: FAR, credentials, env: secret });

      expect(await bdErrorOf(() => resolveEndpoint(sources))).toMatchObject({ code: "PASSWORD_HOST_UNNAMED" });
    }
  });

  test.each(["127.0.0.1", "127.1.2.3", "localhost", "::1"])(
    "goes to this machine (%s), whoever names it",
    async (host) => {
      const metadata = JSON.stringify({ dolt_server_host: host });

      expect(resolveEndpoint(await sourcesOf({ metadata, env: { BEADS_DOLT_PASSWORD: "x" } })).password).toBe("x");
    },
  );

  test("goes to a local socket, whoever names it", async () => {
    const metadata = '{"dolt_server_host":"db.example.test","dolt_server_socket":"/run/d.sock"}';

    expect(resolveEndpoint(await sourcesOf({ metadata, env: { BEADS_DOLT_PASSWORD: "x" } })).password).toBe("x");
  });

  test("from the file goes to the server of its section, because the person wrote that", async () => {
    const credentials = "[db.example.test:3307]\npassword=far\n";

    expect(resolveEndpoint(await sourcesOf({ metadata: FAR, credentials })).password).toBe("far");
  });

  test("is nobody's business where there is none", async () => {
    expect(resolveEndpoint(await sourcesOf({ metadata: FAR }))).toMatchObject({ host: "db.example.test" });
  });

  test("is not read from yaml, which says so", async () => {
    const sources = await sourcesOf({ project: "dolt:\n  password: s3cret\n" });

    expect(resolveEndpoint(sources).password).toBeUndefined();
    expect(explainSetting("dolt.password", sources)).toMatchObject({
      value: undefined,
      losers: [{ source: `${sources.root}/work/.beads/config.yaml, line 2`, value: "(set)" }],
    });
  });
});
