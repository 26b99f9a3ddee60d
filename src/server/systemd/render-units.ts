import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as kind from "../../config/settings/setting-kinds.ts";
import { BdError, command } from "../../errors.ts";
import { DEFAULT_HOST, DEFAULT_PORT } from "../server-paths.ts";
import {
  BACKUP_UNITS,
  DAEMON_UNITS,
  REMOTE_PASSWORD_DROP_IN,
  SERVE_UNIT,
  SERVER_UNIT,
  withMark,
} from "./unit-files.ts";
import { quoteArgument, quotePath, quoteProgram } from "./unit-quoting.ts";

/** What stands in the units of one machine. Paths are absolute. */
export interface UnitPlaces {
  readonly dolt: string;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** The program that runs `bd`, and `bd` itself. */
  readonly node: string;
  readonly bd: string;
  /** Holds the password for pushes by the server; without it there is no drop-in. */
  readonly remotePasswordFile?: string | undefined;
}

export interface UnitText {
  /** Below the folder of units. */
  readonly name: string;
  readonly text: string;
}

/**
 * The units of a machine, from the templates that come with the program: whole files that work by themselves where
 * everything is in its usual place, and here get the places of this machine.
 *
 * @throws BdError `config` UNIT_PATH_UNUSABLE
 */
export async function renderUnits(templates: string, places: UnitPlaces): Promise<readonly UnitText[]> {
  const { dolt, node, bd, dataDir, remotePasswordFile = "/" } = places;
  for (const path of [dolt, node, bd, dataDir, remotePasswordFile]) {
    refuseUnwritable(path, CONTROL_CHARACTER, "a line break or another control character");
  }
  for (const program of [dolt, node]) refuseUnwritable(program, NOT_IN_PROGRAM, "a quote or a backslash");
  if (kind.host.parse(places.host) === undefined) throw unusable(places.host, `it is not ${kind.host.expected}`);
  if (kind.port.parse(`${places.port}`) === undefined)
    throw unusable(`${places.port}`, `it is not ${kind.port.expected}`);
  const template = (name: string) => readFile(join(templates, name), "utf8");
  const [server, dropIn, backup, timer, daemon, socket, serve] = await Promise.all(
    [SERVER_UNIT, "remote-password.conf", ...BACKUP_UNITS, ...DAEMON_UNITS, SERVE_UNIT].map(template),
  );
  const units = [
    { name: SERVER_UNIT, text: serverUnit(server ?? "", places) },
    { name: BACKUP_UNITS[0], text: workspaceUnit(backup ?? "", "oneshot", places) },
    { name: BACKUP_UNITS[1], text: timer ?? "" },
    { name: DAEMON_UNITS[0], text: workspaceUnit(daemon ?? "", "exec", places) },
    { name: DAEMON_UNITS[1], text: socket ?? "" },
    { name: SERVE_UNIT, text: workspaceUnit(serve ?? "", "exec", places) },
  ];
  if (places.remotePasswordFile !== undefined) {
    const text = passwordDropIn(dropIn ?? "", places, remotePasswordFile);
    units.splice(1, 0, { name: REMOTE_PASSWORD_DROP_IN, text });
  }
  return units.map(({ name, text }) => ({ name, text: withMark(text) }));
}

// oxlint-disable-next-line no-control-regex -- a line break would begin another setting
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;
/** systemd takes no such program, however it is quoted. */
const NOT_IN_PROGRAM = /["'\\]/;

const DATA_DIR = '"%h/.beads/dolt"';

function serverUnit(template: string, places: UnitPlaces): string {
  return fill(template, [
    ...serverCommand(places, quoteProgram),
    [`-m 0700 ${DATA_DIR}`, `-m 0700 ${quoteArgument(places.dataDir)}`],
    ["WorkingDirectory=-%h/.beads/dolt", `WorkingDirectory=-${quotePath(places.dataDir)}`],
  ]);
}

function passwordDropIn(template: string, places: UnitPlaces, passwordFile: string): string {
  const file = quotePath(passwordFile);
  return fill(template, [
    ...serverCommand(places, quoteArgument),
    ["dolt_remote_password:%h/.config/beads/remote-password", `dolt_remote_password:${file}`],
  ]);
}

function workspaceUnit(template: string, type: string, { node, bd, host, port }: UnitPlaces): string {
  // A unit has nothing of the shell's environment, where these variables say the same to the person's own `bd`.
  const place = [
    ...(host === DEFAULT_HOST ? [] : [`Environment=BEADS_DOLT_SERVER_HOST=${quotePath(host)}`]),
    ...(port === DEFAULT_PORT ? [] : [`Environment=BEADS_DOLT_SERVER_PORT=${port}`]),
  ];
  return fill(template, [
    ["/usr/local/bin/node /usr/local/bin/bd", `${quoteProgram(node)} ${quoteArgument(bd)}`],
    [`Type=${type}`, [`Type=${type}`, ...place].join("\n")],
  ]);
}

function serverCommand(places: UnitPlaces, quoteDolt: (path: string) => string): readonly Replacement[] {
  const { dolt, host, port, dataDir } = places;
  return [
    ["/usr/local/bin/dolt sql-server", `${quoteDolt(dolt)} sql-server`],
    [`--host ${DEFAULT_HOST} --port ${DEFAULT_PORT}`, `--host ${quoteArgument(host)} --port ${port}`],
    [`--data-dir ${DATA_DIR}`, `--data-dir ${quoteArgument(dataDir)}`],
  ];
}

type Replacement = readonly [usual: string, here: string];

function fill(template: string, replacements: readonly Replacement[]): string {
  const [comment = "", ...rest] = template.split(/^\n/m);
  let text = rest.join("\n");
  for (const [usual, here] of replacements) {
    if (!text.includes(usual)) throw new Error(`a unit template lacks ${usual}`);
    text = text.replace(usual, () => here);
  }
  return `${comment}\n${text}`;
}

function refuseUnwritable(path: string, never: RegExp, what: string): void {
  if (never.test(path)) throw unusable(path, `it has ${what}`);
}

function unusable(text: string, why: string): BdError {
  return new BdError("config", "UNIT_PATH_UNUSABLE", `${JSON.stringify(text)} can't stand in a unit: ${why}`, {
    hint: command`bd server start`,
    details: { path: text },
  });
}
