import type { Endpoint } from "../core/endpoint.ts";
import { passwordFromFile } from "./credentials-file.ts";
import { findSetting } from "./setting-homes.ts";
import { goesBefore, type SettingCandidate, type SettingSources, settingCandidates } from "./setting-sources.ts";
import { booleanSetting, databaseSetting, durationSetting, portSetting, presenceSetting } from "./setting-values.ts";

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
  readonly json: boolean;
  readonly jsonEnvelope: boolean;
  readonly agentMode: boolean;
  readonly readonly: boolean;
}

/**
 * Decides every setting by one precedence: flag, environment, `metadata.json` and the project's yaml, the person's
 * yaml, default.
 *
 * @throws BdError config/SETTING_INVALID naming the source of a bad value (usage/SETTING_INVALID when a flag gave it),
 *   config/CREDENTIALS_NOT_FOUND
 */
export function resolveSettings(sources: SettingSources): Settings {
  const winner = (key: string): SettingCandidate | undefined => candidatesOf(key, sources)[0];
  const isOn = (key: SwitchKey): boolean => switchSetting(key, sources);
  const database = winner("dolt.database");
  return {
    endpoint: resolveEndpoint(sources),
    database: database && databaseSetting("dolt.database", database),
    projectId: winner("project_id")?.value,
    actor: winner("actor")?.value,
    session: winner("session")?.value,
    retryMaxMs: durationSetting("dolt.retry-max", required("dolt.retry-max", sources)),
    json: isOn("json"),
    jsonEnvelope: isOn("json-envelope"),
    agentMode: presenceSetting(winner("agent-mode")),
    readonly: isOn("readonly"),
  };
}

type SwitchKey = "json" | "json-envelope" | "readonly";

/**
 * One switch alone, for those who act on it before, or without, all the others.
 *
 * @throws BdError config/SETTING_INVALID
 */
export function switchSetting(key: SwitchKey, sources: SettingSources): boolean {
  return booleanSetting(key, candidatesOf(key, sources)[0]);
}

/**
 * The server alone, for commands that have no database.
 *
 * @throws as `resolveSettings`
 */
export function resolveEndpoint(sources: SettingSources): Endpoint {
  const endpoint = withoutPassword(sources);
  const password = candidatesOf("dolt.password", sources)[0] ?? passwordFromFile(sources.view, endpoint);
  if (password === undefined) return endpoint;
  return Object.defineProperty(endpoint, "password", { value: password.value, enumerable: false });
}

/** Everybody who gives a password for the server, the winner first. The values are secrets. */
export function passwordCandidates(sources: SettingSources): SettingCandidate[] {
  const fromFile = passwordFromFile(sources.view, withoutPassword(sources));
  return [...candidatesOf("dolt.password", sources), ...(fromFile === undefined ? [] : [fromFile])];
}

function withoutPassword(sources: SettingSources): Endpoint {
  const host = required("dolt.host", sources);
  const port = required("dolt.port", sources);
  const socket = candidatesOf("dolt.socket", sources)[0];
  // A host or port on the command line is meant, even where the project's file has a socket.
  const takesSocket = socket !== undefined && !goesBefore(host, socket) && !goesBefore(port, socket);
  return {
    host: host.value,
    port: portSetting("dolt.port", port),
    ...(takesSocket ? { socketPath: socket.value } : {}),
    user: required("dolt.user", sources).value,
    tls: booleanSetting("dolt.tls", required("dolt.tls", sources)),
  };
}

function candidatesOf(key: string, sources: SettingSources): SettingCandidate[] {
  const definition = findSetting(key);
  if (definition === undefined) throw new Error(`setting-homes.ts has no ${key}`);
  return settingCandidates(definition, sources);
}

function required(key: string, sources: SettingSources): SettingCandidate {
  const first = candidatesOf(key, sources)[0];
  if (first === undefined) throw new Error(`setting-homes.ts has no default for ${key}`);
  return first;
}
