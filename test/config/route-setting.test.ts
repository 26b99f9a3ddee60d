import { describe, expect, test } from "vitest";
import { homeOf, refuseSharedSecret, routeSetting } from "../../src/config/route-setting.ts";
import { findSetting, SETTINGS } from "../../src/config/setting-homes.ts";
import { bdErrorOf } from "./temporary-folder.ts";

describe("homeOf", () => {
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
  ])("of %s is %s", (key, home) => {
    expect(homeOf(key)).toBe(home);
  });

  test("is one for every key", () => {
    const keys = SETTINGS.map((setting) => setting.key);

    expect(keys).toEqual([...new Set(keys)]);
  });
});

describe("routeSetting", () => {
  test("sends a known key home without a word", () => {
    expect(routeSetting("types.custom")).toMatchObject({ key: "types.custom", home: "database", warnings: [] });
    expect(routeSetting("dolt.port").definition?.metadata).toBe("dolt_server_port");
  });

  test("sends an unknown key to the database with the peer's warning", () => {
    expect(routeSetting("foo.bar")).toEqual({
      key: "foo.bar",
      home: "database",
      definition: undefined,
      warnings: [
        `Warning: "foo.bar" is not a recognized config key. Use 'custom.*' for user-defined keys.`,
        "Run 'bd config --help' for valid namespaces.",
      ],
    });
  });

  test.each(["issue_prefix", "issue-prefix", "project_id"])("refuses %s, which is for good", async (key) => {
    const error = await bdErrorOf(() => routeSetting(key));

    expect(error).toMatchObject({ kind: "rejected", code: "SETTING_FIXED" });
    expect(error.message).toMatch(new RegExp(`^${key} can't be set here: `));
    expect(error.hint).toMatch(/^bd /);
  });

  test("refuses the password of the server", async () => {
    const error = await bdErrorOf(() => routeSetting("dolt.password"));

    expect(error).toMatchObject({ kind: "rejected", code: "SETTING_IS_SECRET" });
    expect(error.message).toContain("BEADS_DOLT_PASSWORD");
  });

  test.each(["", "a b", ".x", "x.", "a: b"])("refuses %j as a name", async (key) => {
    expect(await bdErrorOf(() => routeSetting(key))).toMatchObject({ kind: "usage", code: "SETTING_KEY_INVALID" });
  });
});

test("refuseSharedSecret keeps secrets out of a file that git tracks", async () => {
  const error = await bdErrorOf(() => refuseSharedSecret("github.token", "/p/.beads/config.yaml"));

  expect(error).toMatchObject({ kind: "rejected", code: "SETTING_IS_SECRET" });
  expect(() => refuseSharedSecret("github.org", "/p/.beads/config.yaml")).not.toThrow();
});

test("the summary of a family serves each of its keys", () => {
  expect(findSetting("sync.remote")).toEqual({ key: "sync.remote", home: "project", summary: "Settings of sync" });
  expect(findSetting("nosuch")).toBeUndefined();
});
