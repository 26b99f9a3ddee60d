import { type Endpoint, endpointName } from "../core/endpoint.ts";
import { BdError, command } from "../errors.ts";
import { hasSection, passwordFromFile } from "./credentials-file.ts";
import { type Decision, decideKey, isPersons, type SettingWord } from "./decide-setting.ts";
import type { SettingSources } from "./setting-files.ts";
import { host, isLoopback } from "./setting-kinds.ts";

type Place = Pick<Endpoint, "host" | "port" | "socketPath">;

/**
 * The password for a server. It goes only to a host that the person named (by flag, variable, own settings, or a section
 * of the credentials file), to this machine, and to a local socket: whoever writes a project's files could name any other.
 *
 * @throws BdError config/PASSWORD_HOST_UNNAMED, and as `passwordFromFile`
 */
export function endpointPassword(endpoint: Place, sources: SettingSources): string | undefined {
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

/** Everybody who gives a password for the server, as `endpointPassword` decides. The values are secrets. */
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
  const names = (word: SettingWord): boolean => host.parse(word.value)?.toLowerCase() === endpoint.host.toLowerCase();
  if (winner === undefined || [winner, ...others].some((word) => isPersons(word) && names(word))) return undefined;
  return hasSection(sources.view, endpoint) ? undefined : winner.source;
}
