import { type Endpoint, endpointName } from "../../core/endpoint.ts";
import { BdError, command } from "../../errors.ts";
import { isLoopback } from "../../host/loopback.ts";
import { hasSection, passwordFromFile } from "../secrets/credentials-file.ts";
import {
  type Decision,
  decideKey,
  goesBefore,
  isPersons,
  readSetting,
  requireSetting,
  type SettingWord,
} from "./decide-setting.ts";
import type { SettingFiles, SettingSources } from "./setting-files.ts";
import type { Sovereignty } from "./setting-kinds.ts";

/** The settings that the program itself acts on, checked and typed. */
export interface Settings {
  /** Its password is not enumerable: it appears in no JSON and no inspection, and a spread copy has none. */
  readonly endpoint: Endpoint;
  readonly database: string | undefined;
  readonly projectId: string | undefined;
  /** The actor by flag, environment or file; git and the login name come after these. */
  readonly actor: string | undefined;
  readonly session: string | undefined;
  /** The longest wait for anything transient, in milliseconds. */
  readonly retryMaxMs: number;
}

/**
 * Decides every setting by one precedence (flag, environment, `metadata.json` and the project's yaml, the person's yaml,
 * default) among those who may say it.
 *
 * @throws BdError config/SETTING_INVALID naming the source of a bad value (usage/SETTING_INVALID when a flag gave it),
 *   config/CREDENTIALS_NOT_FOUND, config/PASSWORD_HOST_UNNAMED
 */
export function resolveSettings(sources: SettingSources): Settings {
  return {
    endpoint: resolveEndpoint(sources),
    database: readSetting("dolt.database", sources),
    projectId: readSetting("project_id", sources),
    actor: readSetting("actor", sources),
    session: readSetting("session", sources),
    retryMaxMs: requireSetting("dolt.retry-max", sources),
  };
}

/**
 * The server alone, for commands that have no database.
 *
 * @throws as `resolveSettings`
 */
export function resolveEndpoint(sources: SettingSources): Endpoint {
  const endpoint = endpointWithoutPassword(sources);
  const password = passwordFor(endpoint, sources);
  if (password === undefined) return endpoint;
  return Object.defineProperty(endpoint, "password", { value: password, enumerable: false });
}

/** As `resolveEndpoint`, without the password. */
export function endpointWithoutPassword(sources: SettingSources): Endpoint {
  const winner = (key: "dolt.host" | "dolt.port" | "dolt.socket"): SettingWord | undefined =>
    decideKey(key, sources).winner;
  const [host, port, socket] = [winner("dolt.host"), winner("dolt.port"), winner("dolt.socket")];
  // A host or port on the command line is meant, even where the project's file has a socket.
  const takesSocket =
    socket !== undefined && ![host, port].some((place) => place !== undefined && goesBefore(place, socket));
  return {
    host: requireSetting("dolt.host", sources),
    port: requireSetting("dolt.port", sources),
    ...(takesSocket ? { socketPath: readSetting("dolt.socket", sources) } : {}),
    user: requireSetting("dolt.user", sources),
    tls: requireSetting("dolt.tls", sources),
  };
}

type Place = Pick<Endpoint, "host" | "port" | "socketPath">;

/**
 * The password for a server. It goes only to a host that the person named (by flag, variable, own settings, or a section
 * of the credentials file), to this machine, and to a local socket: whoever writes a project's files could name any other.
 *
 * @throws BdError config/PASSWORD_HOST_UNNAMED, and as `passwordFromFile`
 */
function passwordFor(endpoint: Place, sources: SettingSources): string | undefined {
  const { winner } = decideKey("dolt.password", sources);
  if (winner === undefined) return passwordFromFile(sources.view, endpoint)?.value;
  const stranger = strangerWhoNames(endpoint, sources);
  if (stranger === undefined) return winner.value;
  const message = `the password of ${winner.source} goes only to servers that you name yourself, and ${endpoint.host} is named by ${stranger} alone; name it in BEADS_DOLT_SERVER_HOST, as dolt.host in your own config.yaml, or by a section [${endpointName(endpoint)}] of your credentials file`;
  throw new BdError("config", "PASSWORD_HOST_UNNAMED", message, {
    hint: command`BEADS_DOLT_SERVER_HOST=HOST bd ping`,
    details: { host: endpoint.host, source: stranger },
  });
}

/** Everybody who gives a password for the server, as `resolveEndpoint` decides. The values are secrets. */
export function decidePassword(endpoint: Place, sources: SettingSources): Decision {
  const { winner, others } = decideKey("dolt.password", sources);
  const fromFile = passwordFromFile(sources.view, endpoint);
  if (winner === undefined) return { winner: fromFile, others };
  const stranger = strangerWhoNames(endpoint, sources);
  if (stranger !== undefined) {
    const why = `${stranger} alone names ${endpoint.host}, and a password goes only to hosts that you name`;
    return { winner: undefined, others: [{ ...winner, why }, ...others] };
  }
  const beaten = fromFile === undefined ? [] : [{ ...fromFile, why: `${winner.source} goes first` }];
  return { winner, others: [...beaten, ...others] };
}

/** Who names the server where that is not the person: the source, for messages. */
function strangerWhoNames(endpoint: Place, sources: SettingSources): string | undefined {
  if (endpoint.socketPath !== undefined || isLoopback(endpoint.host)) return undefined;
  const { winner, others } = decideKey("dolt.host", sources);
  const names = (word: SettingWord): boolean => word.value.toLowerCase() === endpoint.host.toLowerCase();
  if (winner === undefined || [winner, ...others].some((word) => isPersons(word) && names(word))) return undefined;
  return hasSection(sources.view, endpoint) ? undefined : winner.source;
}

export interface FederationSettings {
  /** URL of the project's own remote. */
  readonly remote: string | undefined;
  readonly sovereignty: Sovereignty;
}

/** Throws BdError config SETTING_INVALID naming the source of a bad value, usage where the command line gave it. */
export function resolveFederation(sources: SettingSources): FederationSettings {
  return {
    remote: readSetting("federation.remote", sources),
    sovereignty: requireSetting("federation.sovereignty", sources),
  };
}

/** What a front asks before it calls: how answers look where no flag says it. */
export interface FrontSettings {
  readonly json: boolean;
  readonly jsonEnvelope: boolean;
  /** Whether a daemon is started where none is. */
  readonly autostart: boolean;
}

/**
 * Reads them for any command, also one that has no workspace or whose settings are broken: what can't be read says
 * nothing here, and the command that needs it says what is wrong. Throws nothing.
 */
export async function readFrontSettings(files: SettingFiles, directory: string | undefined): Promise<FrontSettings> {
  const sources = await readableSources(files, directory);
  const isOn = (key: "json" | "json-envelope" | "daemon.autostart") =>
    orElse(() => sources !== undefined && requireSetting(key, sources), false);
  return { json: isOn("json"), jsonEnvelope: isOn("json-envelope"), autostart: isOn("daemon.autostart") };
}

async function readableSources(
  files: SettingFiles,
  directory: string | undefined,
): Promise<SettingSources | undefined> {
  const workspace = await files.workspace(directory).catch(() => undefined);
  for (const from of [{ workspace }, {}]) {
    try {
      return await files.sources(from);
    } catch {
      // The command that needs them says what is wrong.
    }
  }
  return undefined;
}

function orElse<T>(read: () => T, fallback: T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}
