import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { findDolt } from "../../../src/server/dolt/find-dolt.ts";
import { fakeDolt, fakeProgram } from "../../support/fake-program.ts";
import { type TestEnvironment, testEnvironment } from "../../support/server-environment.ts";

let environment: TestEnvironment;
afterEach(() => environment.remove());

/** `PATH` holds only the folder `bin` of the home directory. */
function bareEnvironment(): TestEnvironment {
  const bare = testEnvironment();
  return { ...bare, env: { ...bare.env, PATH: join(bare.home, "bin") } };
}

describe("finding dolt", () => {
  it("takes BEADS_DOLT_BIN before all others", async () => {
    environment = bareEnvironment();
    fakeDolt(join(environment.home, "bin/dolt"), "1.90.0");
    const named = fakeDolt(join(environment.home, "elsewhere/dolt"), "1.84.0");

    const dolt = await findDolt({ ...environment, env: { ...environment.env, BEADS_DOLT_BIN: named } });

    expect(dolt).toEqual({ path: named, version: "1.84.0", source: "BEADS_DOLT_BIN" });
    expect(environment.said).toEqual([]);
  });

  it("refuses a BEADS_DOLT_BIN that is not there, and looks no further", async () => {
    environment = bareEnvironment();
    fakeDolt(join(environment.home, "bin/dolt"), "1.90.0");
    const env = { ...environment.env, BEADS_DOLT_BIN: "/nowhere/dolt" };

    await expect(findDolt({ ...environment, env })).rejects.toMatchObject({
      kind: "config",
      code: "DOLT_BIN_UNUSABLE",
      message: "BEADS_DOLT_BIN can't be used: /nowhere/dolt is not there",
      hint: "env -u BEADS_DOLT_BIN bd server install",
    });
  });

  it("refuses a BEADS_DOLT_BIN that is another program", async () => {
    environment = bareEnvironment();
    const named = fakeProgram(join(environment.home, "git"), "echo git version 2.39.5");

    await expect(
      findDolt({ ...environment, env: { ...environment.env, BEADS_DOLT_BIN: named } }),
    ).rejects.toMatchObject({ code: "DOLT_BIN_UNUSABLE" });
  });

  it("refuses an older BEADS_DOLT_BIN with both versions", async () => {
    environment = bareEnvironment();
    const named = fakeDolt(join(environment.home, "old/dolt"), "1.50.0");

    await expect(
      findDolt({ ...environment, env: { ...environment.env, BEADS_DOLT_BIN: named } }),
    ).rejects.toMatchObject({
      kind: "unavailable",
      code: "DOLT_TOO_OLD",
      message: `${named} is dolt 1.50.0, and 1.83.2 or newer is needed`,
    });
  });

  it("takes the one on PATH", async () => {
    environment = bareEnvironment();
    const path = fakeDolt(join(environment.home, "bin/dolt"), "1.83.2");

    expect(await findDolt(environment)).toEqual({ path, version: "1.83.2", source: "PATH" });
  });

  it("runs nothing from a relative PATH entry", async () => {
    environment = testEnvironment({ env: { PATH: ".:bin::" } });

    await expect(findDolt(environment)).rejects.toMatchObject({ code: "DOLT_NOT_FOUND" });
  });

  it("passes over an older one on PATH, says so, and takes the one in our cache", async () => {
    environment = bareEnvironment();
    const old = fakeDolt(join(environment.home, "bin/dolt"), "1.50.0");
    const cached = fakeDolt(join(environment.home, ".cache/beads/dolt/1.83.2/dolt"), "1.83.2");

    expect(await findDolt(environment)).toEqual({ path: cached, version: "1.83.2", source: "cache" });
    expect(environment.said).toEqual([`The dolt on PATH is not used: ${old} is 1.50.0, older than 1.83.2`]);
  });

  it("refuses an older one on PATH with both versions when there is no other", async () => {
    environment = bareEnvironment();
    const old = fakeDolt(join(environment.home, "bin/dolt"), "1.50.0");

    await expect(findDolt(environment)).rejects.toMatchObject({
      kind: "unavailable",
      code: "DOLT_TOO_OLD",
      message: `${old} is dolt 1.50.0, and 1.83.2 or newer is needed`,
      hint: "bd server install",
    });
  });

  it("looks for the cache where XDG_CACHE_HOME says", async () => {
    environment = bareEnvironment();
    const cacheHome = join(environment.home, "xdg");
    const cached = fakeDolt(join(cacheHome, "beads/dolt/1.83.2/dolt"), "1.83.2");

    const dolt = await findDolt({ ...environment, env: { ...environment.env, XDG_CACHE_HOME: cacheHome } });

    expect(dolt.path).toBe(cached);
  });

  it("says where it looked and what to do when there is none", async () => {
    environment = bareEnvironment();

    await expect(findDolt(environment)).rejects.toMatchObject({
      kind: "unavailable",
      code: "DOLT_NOT_FOUND",
      hint: "bd server install",
    });
    expect(environment.said).toEqual([
      "No dolt on PATH",
      `No usable dolt in our cache (${environment.home}/.cache/beads/dolt/1.83.2/dolt)`,
    ]);
  });
});
