import { expect, it } from "vitest";
import type { AnyOperation, OutputOf } from "../../../src/ops/operation.ts";
import { installOwnDolt } from "../../../src/ops/server/install.ts";
import { installServerUnit } from "../../../src/ops/server/install-unit.ts";
import { ownServerStatus } from "../../../src/ops/server/status.ts";
import { uninstallServerUnit } from "../../../src/ops/server/uninstall-unit.ts";
import { misfitOf } from "../../support/checked-wires.ts";

// What only a machine with systemd, or without a dolt, gives: no test beside has it in process.

const UNIT = "/home/ann/.config/systemd/user/dolt-server.service";
const DATA = "/home/ann/.beads/dolt";

it("units that were written", () =>
  fits(installServerUnit, {
    units: [
      {
        name: "dolt-server.service",
        path: UNIT,
        state: "edited",
        text: "[Unit]\n",
        diff: "-a\n+b\n",
        backup: `${UNIT}~`,
      },
      {
        name: "bd-backup@.timer",
        path: `${UNIT}x`,
        state: "new",
        text: "[Timer]\n",
        diff: undefined,
        backup: undefined,
      },
    ],
    dryRun: true,
    host: "127.0.0.1",
    port: 3307,
    started: { outcome: "started", pid: 7 },
    next: [["systemctl --user enable --now dolt-server", "start it"]],
  }));

it("units that were removed", () => fits(uninstallServerUnit, { removed: [UNIT], kept: [], dataDir: DATA }));

it("a dolt that was obtained", () => fits(installOwnDolt, { path: "/opt/dolt", version: "1.83.2", source: "cache" }));

it("a server that systemd runs", () =>
  fits(ownServerStatus, {
    state: "stopped",
    server: undefined,
    host: "127.0.0.1",
    port: 3307,
    answer: { kind: "mysql", product: "dolt-or-mysql", version: "8.0.33" },
    answers: "Dolt 1.83.2",
    dataDir: DATA,
    databases: ["beads_shop"],
    logFile: `${DATA}/bd-server.log`,
    pidFile: `${DATA}/bd-server.pid`,
    unit: {
      path: UNIT,
      author: "we",
      dolt: "/opt/dolt",
      doltIsThere: true,
      host: "127.0.0.1",
      port: 3307,
      dataDir: DATA,
      manager: {
        enabled: true,
        state: "active",
        subState: "running",
        pid: 7,
        restarts: 0,
        since: "2026-11-21T12:00:00Z",
        needsReload: false,
      },
      linger: true,
      dropIns: [],
    },
  }));

async function fits<O extends AnyOperation>({ name, wire }: O, output: OutputOf<O>): Promise<void> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation's own output, as its type says
  expect(await misfitOf(name, wire, wire.of(output as never, {} as never))).toBeUndefined();
}
