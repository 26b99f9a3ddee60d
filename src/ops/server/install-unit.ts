import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { findDolt } from "../../server/dolt/find-dolt.ts";
import { readPidFile } from "../../server/pid-file.ts";
import type { ServerEnvironment } from "../../server/server-environment.ts";
import { serverPaths } from "../../server/server-paths.ts";
import { type InstalledUnit, installUnits } from "../../server/systemd/install-unit.ts";
import { refuseRivals, startUnit } from "../../server/systemd/start-unit.ts";
import { BACKUP_UNITS } from "../../server/systemd/unit-files.ts";
import { unitStatus } from "../../server/systemd/unit-status.ts";
import { requireUserManager } from "../../server/systemd/user-manager.ts";
import { defineOperation } from "../operation.ts";
import { oneOf } from "../wire/formats.ts";
import { identifyAs, inWords, PlaceInput, placeOf, serverEnvironment } from "./server-place.ts";

const InstallUnitInput = z.extend(PlaceInput, {
  /** Enable and start it, too. */
  now: z.boolean(),
  /** Only show what would be written. */
  dry_run: z.boolean(),
  /** Replace what was changed by hand; the old file stays beside it. */
  force: z.boolean(),
  remote_password_file: z.optional(z.string()),
});
type InstallUnitInput = z.infer<typeof InstallUnitInput>;

export interface InstallUnitResult {
  readonly units: readonly InstalledUnit[];
  readonly dryRun: boolean;
  readonly host: string;
  readonly port: number;
  /** Where the server was to be started. */
  readonly started: { readonly outcome: "started" | "already-running"; readonly pid: number } | undefined;
  /** Command lines that remain to be typed, each with what it is good for. */
  readonly next: readonly (readonly [line: string, meaning: string])[];
}

/** Writes the systemd units for our server and for backups, with the places of this machine. */
export const installServerUnit = defineOperation({
  name: "server.install-unit",
  access: "machine",
  input: InstallUnitInput,
  async run(context, input: InstallUnitInput): Promise<InstallUnitResult> {
    const { machine } = context;
    const environment = serverEnvironment(context);
    const { now, dry_run: dryRun, force, remote_password_file: passwordFile } = input;
    const endpoint = await placeOf(context, input);
    const { host, port } = endpoint;
    const { dataDir } = serverPaths(environment);
    const server = { host, port, identify: identifyAs(context, endpoint) };
    const starts = now && !dryRun;
    if (!dryRun) await requireUserManager(environment);
    if (starts) await refuseRivals(environment, server);
    const dolt = await findDolt(environment);
    context.detail(inWords(dolt));
    const remotePasswordFile = passwordFile === undefined ? undefined : resolve(context.folder, passwordFile);
    const units = await installUnits(environment, {
      templates: join(machine.packageRoot, "systemd"),
      places: { dolt: dolt.path, host, port, dataDir, node: machine.node, bd: machine.bd, remotePasswordFile },
      force,
      dryRun,
    });
    const changed = units.some(({ name, state }) => state !== "current" && !isBackup(name));
    const started = starts ? await startUnit(environment, { ...server, changed }) : undefined;
    const next = dryRun ? [] : await nextLines(environment, changed && !starts);
    return { units, dryRun, host, port, started, next };
  },
  wire: {
    of: ({ units, dryRun, host, port, started, next }) => ({
      dry_run: dryRun,
      host,
      port,
      // What was written can be read where it is.
      units: units.map(({ name, path, state, text, diff, backup }) => ({
        name,
        path,
        state,
        text: dryRun ? text : undefined,
        diff,
        backup,
      })),
      outcome: started?.outcome,
      pid: started?.pid,
      next: next.map(([line]) => line),
    }),
    schema: () =>
      z.looseObject({
        dry_run: z.boolean(),
        host: z.string(),
        port: z.int(),
        units: z.array(installedUnit()),
        outcome: z.optional(z.enum(["started", "already-running"])),
        pid: z.optional(z.int()),
        next: z.array(z.string()),
      }),
  },
});

function installedUnit() {
  return z.looseObject({
    name: z.string(),
    path: z.string(),
    state: oneOf<InstalledUnit["state"]>({ new: true, current: true, outdated: true, edited: true, foreign: true }),
    text: z.optional(z.string()),
    diff: z.optional(z.string()),
    backup: z.optional(z.string()),
  });
}

function isBackup(name: string): boolean {
  return BACKUP_UNITS.some((unit) => unit === name);
}

async function nextLines(environment: ServerEnvironment, isOutdated: boolean): Promise<InstallUnitResult["next"]> {
  const [status, own] = await Promise.all([
    unitStatus(environment),
    readPidFile(environment, serverPaths(environment)),
  ]);
  const manager = status?.manager;
  const isUp = manager?.state === "active" && manager.enabled;
  const lines: [string, string][] = [];
  if (own.kind === "running") lines.push(["bd server stop", "end the server that holds the data now"]);
  if (!isUp) lines.push(["systemctl --user enable --now dolt-server", "start it, now and at every login"]);
  else if (isOutdated) lines.push(["systemctl --user restart dolt-server", "let the change take effect"]);
  if (status?.linger === false)
    lines.push(["loginctl enable-linger", "keep it running after logout, and start it at boot"]);
  return lines;
}
