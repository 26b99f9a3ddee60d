import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { uninstallUnits } from "../../../src/server/systemd/uninstall-unit.ts";
import { managedState, unitStatus } from "../../../src/server/systemd/unit-status.ts";
import { requireUserManager } from "../../../src/server/systemd/user-manager.ts";
import { fakeDolt } from "../../support/fake-program.ts";
import { testEnvironment } from "../../support/server-environment.ts";

function machine(options: Parameters<typeof testEnvironment>[0] = {}) {
  const environment = testEnvironment({ platform: "linux", ...options });
  onTestFinished(() => environment.remove());
  return environment;
}

function writeUnit(home: string, command: string): string {
  const folder = join(home, ".config/systemd/user");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "dolt-server.service"), `[Service]\nExecStart=${command}\n`);
  return join(folder, "dolt-server.service");
}

it("says nothing where no unit is installed, without asking systemd", async () => {
  expect(await unitStatus(machine({ env: { PATH: "/nowhere" } }))).toBeUndefined();
});

it("reads a unit that a person wrote, and gets by without a user manager", async () => {
  const environment = machine({ env: { PATH: "/nowhere" } });
  const dolt = fakeDolt(join(environment.home, "my dolt/dolt"), "1.83.2");
  const path = writeUnit(
    environment.home,
    `"%h/my dolt/dolt" sql-server --host=127.0.0.1 --port 3308 --no-auto-commit --data-dir %h/data`,
  );

  expect(await unitStatus(environment)).toEqual({
    path,
    author: "other",
    dolt,
    doltIsThere: true,
    host: "127.0.0.1",
    port: 3308,
    dataDir: join(environment.home, "data"),
    manager: undefined,
    linger: undefined,
    dropIns: [],
  });
});

it("names the files beside the unit that change it", async () => {
  const environment = machine({ env: { PATH: "/nowhere" } });
  const unit = writeUnit(environment.home, "/usr/local/bin/dolt sql-server");
  mkdirSync(`${unit}.d`);
  for (const name of ["override.conf", "more.conf", "old.bak"]) writeFileSync(join(`${unit}.d`, name), "[Service]\n");
  expect(await unitStatus(environment)).toMatchObject({
    dropIns: [join(`${unit}.d`, "more.conf"), join(`${unit}.d`, "override.conf")],
  });
});

it("says that the unit's dolt is gone", async () => {
  const environment = machine({ env: { PATH: "/nowhere" } });
  writeUnit(environment.home, "/no/such/dolt sql-server --port 3307");
  expect(await unitStatus(environment)).toMatchObject({
    dolt: "/no/such/dolt",
    doltIsThere: false,
    dataDir: undefined,
  });
});

it("makes little of a unit that starts the server in a way of its own", async () => {
  const environment = machine({ env: { PATH: "/nowhere" } });
  writeUnit(environment.home, "/usr/local/bin/serve-issues");
  expect(await unitStatus(environment)).toMatchObject({ dolt: undefined, doltIsThere: undefined, port: undefined });
});

it("understands what systemd says", () => {
  const said = new Map([
    ["UnitFileState", "enabled"],
    ["ActiveState", "active"],
    ["SubState", "running"],
    ["MainPID", "42"],
    ["NRestarts", "2"],
    ["ActiveEnterTimestamp", "Sat 2026-11-21 12:00:01 UTC"],
    ["NeedDaemonReload", "yes"],
  ]);
  expect(managedState(said)).toEqual({
    enabled: true,
    state: "active",
    subState: "running",
    pid: 42,
    restarts: 2,
    since: "2026-11-21T12:00:01Z",
    needsReload: true,
  });
});

it.each([
  ["on macOS", { platform: "darwin" }, "darwin has no systemd", "bd server start"],
  [
    "without systemctl",
    { env: { PATH: "/nowhere", XDG_RUNTIME_DIR: "/run/user/1" } },
    "systemctl does not run (ENOENT)",
    "bd server start",
  ],
  [
    "after su",
    { env: { PATH: "/nowhere" } },
    "systemctl does not run (ENOENT)",
    "export XDG_RUNTIME_DIR=/run/user/$(id -u)",
  ],
])("says why there is no user manager %s", async (_where, options, why, hint) => {
  await expect(requireUserManager(machine(options))).rejects.toMatchObject({
    code: "NO_USER_MANAGER",
    message: `There is no user manager of systemd here: ${why}`,
    hint,
  });
});

it("has nothing to uninstall where nothing is installed", async () => {
  expect(await uninstallUnits(machine({ env: { PATH: "/nowhere" } }))).toEqual({ removed: [], kept: [] });
});
