import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refuseSharedSecret, settingToSet, settingToUnset } from "../../../src/config/settings/edit-setting.ts";
import { ALL_SETTINGS, findSetting, settingFor } from "../../../src/config/settings/find-setting.ts";
import { SETTINGS } from "../../../src/config/settings/setting-table.ts";
import { bdErrorOf } from "../temporary-folder.ts";

describe("the home", () => {
  test.each([
    ["dolt.port", "metadata"],
    ["dolt.retry-max", "project"],
    ["dolt.auto-start", "project"],
    ["dolt.password", "credentials"],
    ["json", "project"],
    ["sync.remote", "project"],
    ["actor", "person"],
    ["github.token", "person"],
    ["github.org", "database"],
    ["linear.api_key", "person"],
    ["status.custom", "database"],
    ["compact_tier1_days", "database"],
    ["kv.api_token", "database"],
    ["issue-prefix", "database"],
    ["beads.role", "git"],
    ["foo.bar", "database"],
    ["dolt.prot", "project"],
    ["foo.token", "person"],
  ])("of %s is %s", (key, home) => {
    expect(settingFor(key).home).toBe(home);
  });
});

describe("a key that is set", () => {
  test.each([
    "types.custom",
    "dolt.port",
    "custom.colour",
    "kv.x",
    "jira.url",
    "directory.labels",
    "compact_batch_size",
  ])("may be %s", async (key) => {
    expect(await settingToSet(key)).toMatchObject({ key });
  });

  test.each([
    ["dolt.prot", "dolt.port"],
    ["dolt.por", "dolt.port"],
    ["reedonly", "readonly"],
    ["Readonly", "readonly"],
    ["status.costum", "status.custom"],
    ["host", "dolt.host"],
    ["federation.remotes", "federation.remote"],
    ["sync.remot", "sync.remote"],
  ])("is not %s, but %s may be meant", async (key, near) => {
    const error = await bdErrorOf(() => settingToSet(key));

    expect(error).toMatchObject({ kind: "usage", code: "SETTING_UNKNOWN", details: { key, nearest: near } });
    expect(error.message).toBe(`there is no setting "${key}"; did you mean "${near}"?`);
    expect(error.hint).toBe(`bd config explain ${near}`);
  });

  test("that resembles nothing is told where one's own goes", async () => {
    const error = await bdErrorOf(() => settingToSet("my.own.thing"));

    expect(error).toMatchObject({ code: "SETTING_UNKNOWN", hint: "bd config set custom.my.own.thing VALUE" });
  });

  test("is every one of the table, but for families and what is fixed", async () => {
    for (const [key, { fixed, home }] of ALL_SETTINGS) {
      const name = key.replace("*", "name");
      const outcome = await settingToSet(name).then(
        (row) => row.key,
        (error: unknown) => error,
      );
      if (fixed !== undefined) expect(outcome, key).toMatchObject({ code: "SETTING_FIXED" });
      else if (home === "credentials") expect(outcome, key).toMatchObject({ code: "SETTING_IS_SECRET" });
      else expect(outcome, key).toBe(name);
    }
  });

  test.each(["issue_prefix", "issue-prefix", "project_id"])("is not %s, which is for good", async (key) => {
    const error = await bdErrorOf(() => settingToUnset(key));

    expect(error).toMatchObject({ kind: "rejected", code: "SETTING_FIXED" });
    expect(error.message).toMatch(new RegExp(`^${key} can't be set here: `));
    expect(error.hint).toMatch(/^bd /);
  });

  test("is not the password of the server", async () => {
    const error = await bdErrorOf(() => settingToSet("dolt.password"));

    expect(error).toMatchObject({ kind: "rejected", code: "SETTING_IS_SECRET" });
    expect(error.message).toContain("BEADS_DOLT_PASSWORD");
  });

  test.each(["", "a b", ".x", "x.", "a: b", "*", "sync.*"])("is not %j, which is no name", async (key) => {
    expect(await bdErrorOf(() => settingToSet(key))).toMatchObject({ kind: "usage", code: "SETTING_KEY_INVALID" });
  });

  test("is, whatever the text, one of the known ones or refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 40 }), async (key) => {
        const outcome = await settingToSet(key).catch((error: unknown) => error);
        if (findSetting(key) === undefined) expect(outcome).toMatchObject({ kind: "usage" });
      }),
    );
  });
});

test("what nobody knows can be taken out, wherever it was put", () => {
  expect(settingToUnset("foo.bar")).toMatchObject({ key: "foo.bar", home: "database" });
  expect(settingToUnset("dolt.prot")).toMatchObject({ key: "dolt.prot", home: "project" });
});

test("refuseSharedSecret keeps secrets out of a file that git tracks", async () => {
  const error = await bdErrorOf(() => refuseSharedSecret(settingFor("github.token"), "/p/.beads/config.yaml"));

  expect(error).toMatchObject({ kind: "rejected", code: "SETTING_IS_SECRET" });
  expect(() => refuseSharedSecret(settingFor("github.org"), "/p/.beads/config.yaml")).not.toThrow();
});

test("no key of ours is also one that is kept for the Go program", () => {
  for (const [key, row] of Object.entries(SETTINGS)) expect(ALL_SETTINGS.get(key)).toEqual({ ...row, key });
});
