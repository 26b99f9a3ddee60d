import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { BdError, command } from "../../errors.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { serverPaths } from "../server-paths.ts";
import { foreignDropIns } from "./drop-ins.ts";
import { type InstalledServerUnit, installedServerUnit } from "./installed-unit.ts";
import { SERVER_UNIT } from "./unit-files.ts";
import { readLinger, showUnit, type UnitProperties } from "./user-manager.ts";

export interface UnitStatus extends InstalledServerUnit {
  /** Whether the dolt that the unit names is there and runs; undefined where the unit's file does not say which. */
  readonly doltIsThere: boolean | undefined;
  /** What the user manager says; undefined where there is none to ask. */
  readonly manager: ManagedState | undefined;
  /** Whether the unit runs without a login; undefined where nobody says. */
  readonly linger: boolean | undefined;
  /** Paths of files beside the unit that change it, and that we did not write. */
  readonly dropIns: readonly string[];
}

export interface ManagedState {
  /** Whether it starts by itself. */
  readonly enabled: boolean;
  /** As systemd calls it: `active`, `inactive`, `failed`, `activating` (also between two attempts). */
  readonly state: string;
  /** `running`, `auto-restart`, `dead` … */
  readonly subState: string;
  readonly pid: number | undefined;
  /** How often systemd started it again since it was started. */
  readonly restarts: number;
  /** When it became active, RFC 3339. */
  readonly since: string | undefined;
  /** The file has changed since the manager read it. */
  readonly needsReload: boolean;
}

const PROPERTIES = [
  "UnitFileState",
  "ActiveState",
  "SubState",
  "MainPID",
  "NRestarts",
  "ActiveEnterTimestamp",
  "NeedDaemonReload",
];

/** Undefined where no unit is installed. Starts no process there, and throws nothing. */
export async function unitStatus(environment: ServerEnvironment): Promise<UnitStatus | undefined> {
  const unit = await installedServerUnit(environment);
  if (unit === undefined || environment.platform !== "linux") return undefined;
  const [properties, linger, doltIsThere, dropIns] = await Promise.all([
    showUnit(environment, SERVER_UNIT, PROPERTIES),
    readLinger(environment),
    unit.dolt === undefined ? undefined : isExecutable(unit.dolt),
    foreignDropIns(environment),
  ]);
  const manager = properties === undefined ? undefined : managedState(properties);
  return { ...unit, doltIsThere, linger, dropIns: dropIns.map(({ path }) => path), manager };
}

export function managedState(properties: UnitProperties): ManagedState {
  const pid = Number(properties.get("MainPID") ?? 0);
  const state = properties.get("ActiveState") ?? "unknown";
  return {
    enabled: properties.get("UnitFileState") === "enabled",
    state,
    subState: properties.get("SubState") ?? "unknown",
    pid: pid === 0 ? undefined : pid,
    restarts: Number(properties.get("NRestarts") ?? 0),
    since: state === "active" ? wireTime(properties.get("ActiveEnterTimestamp")) : undefined,
    needsReload: properties.get("NeedDaemonReload") === "yes",
  };
}

/** `Sat 2026-11-21 12:00:00 UTC` */
function wireTime(shown: string | undefined): string | undefined {
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(shown ?? "") ?? [];
  return day === undefined ? undefined : `${day}T${time}Z`;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The server that a unit of systemd runs in this place; undefined where no unit stands for it, or no user manager runs.
 *
 * @throws BdError `rejected` SERVER_IS_A_UNIT where it is the unit's to start
 */
export async function findUnitServer(
  environment: ServerEnvironment,
  place: { readonly host: string; readonly port: number },
): Promise<{ readonly unit: string; readonly pid: number } | undefined> {
  const unit = await unitStatus(environment);
  if (unit?.manager === undefined) return undefined;
  const isSamePlace = unit.host === place.host && unit.port === place.port;
  if (!isSamePlace && unit.dataDir !== serverPaths(environment).dataDir) return undefined;
  const { state, pid } = unit.manager;
  if (isSamePlace && state === "active" && pid !== undefined) return { unit: SERVER_UNIT, pid };
  throw new BdError(
    "rejected",
    "SERVER_IS_A_UNIT",
    `systemd runs this server, as ${SERVER_UNIT} on ${unit.host}:${unit.port} (${state})`,
    {
      hint: state === "active" ? command`bd server status` : command`systemctl --user start dolt-server`,
      details: { unit: unit.path, state },
    },
  );
}

export function isActive(unit: UnitStatus | undefined): boolean {
  return unit?.manager?.state === "active";
}
