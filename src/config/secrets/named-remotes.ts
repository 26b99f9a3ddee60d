import { isSameRemote, parseRemoteUrl, type RemoteUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import { decideKey, isPersons, readSetting } from "../settings/decide-setting.ts";
import { personConfigPath, type SettingSources } from "../settings/setting-files.ts";
import { setYamlSetting } from "../yaml/yaml-edit.ts";
import { type RemoteHost, remoteHostOf } from "./remote-host.ts";

const KEY = "federation.hosts";
/** A file of the person's may hold secrets. */
const PRIVATE_MODE = 0o600;

/**
 * Guards a secret for remotes, be it the person's or the server's: it goes only to a host that the person named, and to this
 * machine. A project's files and the server's list of remotes could name any other.
 *
 * @param again the words of the command to try again
 * @throws BdError config/REMOTE_HOST_UNNAMED, config/SETTING_INVALID
 */
export function requireNamedHost(url: RemoteUrl, sources: SettingSources, again: readonly string[]): void {
  const host = remoteHostOf(url);
  const stranger = strangerWhoNames(url, sources);
  if (host === undefined || stranger === undefined) return;
  const asWritten = host.isPlain
    ? `${host.text}, with http:// because it would cross the network in the clear`
    : host.text;
  const secret = url.needs === "password" ? "a password for remotes" : "the login of the server's account";
  const message = `${secret} goes only to hosts that you name yourself, and ${host.text} is named by ${stranger} alone; nothing was sent. Where it may have that, add it to ${KEY} in your own config.yaml (as ${asWritten})`;
  throw new BdError("config", "REMOTE_HOST_UNNAMED", message, {
    hint: command`BD_FEDERATION_HOSTS=HOST ${again}`,
    details: { host: host.text, source: stranger },
  });
}

/** Who names a remote's host where the person does not: the source, for messages. */
export function strangerWhoNames(url: RemoteUrl, sources: SettingSources): string | undefined {
  const host = remoteHostOf(url);
  if (host === undefined || host.isOwn || isListed(host, sources)) return undefined;
  const { winner, others } = decideKey("federation.remote", sources);
  const words = winner === undefined ? others : [winner, ...others];
  if (words.some((word) => isPersons(word) && hostIn(word.value)?.text === host.text)) return undefined;
  return words.find(({ value }) => isSameRemote(value, url.text))?.source ?? "the server's list of remotes";
}

/**
 * Keeps the host of a remote that the person typed among those that the person named. Gives the host where it is new
 * there, and the file.
 *
 * @throws as `setYamlSetting`, BdError config/SETTING_INVALID
 */
export async function nameHostOf(
  url: RemoteUrl,
  sources: SettingSources,
  signal?: AbortSignal,
): Promise<{ readonly host: RemoteHost; readonly path: string } | undefined> {
  const host = remoteHostOf(url);
  if (host === undefined || host.isOwn || isListed(host, sources)) return undefined;
  const path = personConfigPath(sources.view);
  const withHost = (present: string | undefined) => (present ? `${present},${host.text}` : host.text);
  await setYamlSetting(path, KEY, withHost, { mode: PRIVATE_MODE, signal });
  return { host, path };
}

function isListed({ text }: RemoteHost, sources: SettingSources): boolean {
  return (readSetting(KEY, sources) ?? []).some((named) => named.text === text);
}

function hostIn(url: string): RemoteHost | undefined {
  try {
    return remoteHostOf(parseRemoteUrl(url));
  } catch (error) {
    if (error instanceof BdError) return undefined;
    throw error;
  }
}
