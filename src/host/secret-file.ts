import type { Stats } from "node:fs";
import { BdError, type CommandLine, command } from "../errors.ts";
import { isOwned, type Person, trustedOwners } from "./owners.ts";
import { readWithStats } from "./read-file.ts";

const OTHERS_READ = 0o004;
/** Every right of the group and of others. */
const SHARED = 0o077;

/** Why a secret may not be taken from its file. */
export interface SecretFault {
  /** Completes the sentence "PATH …". */
  readonly why: string;
  /** A line that mends it, where there is one. */
  readonly mend: CommandLine | undefined;
}

/**
 * Reads a file that holds a secret, and judges the very file that was read: it must belong to the person or to root, and
 * nobody else may read or write it. Undefined where there is none.
 *
 * @throws as `readTextFile`
 */
export function readSecretFile(
  path: string,
  person: Person,
): { readonly text: string; readonly fault: SecretFault | undefined } | undefined {
  const read = readWithStats(path);
  return read && { text: read.text, fault: faultOf(path, read.stats, person) };
}

/** The secret that must be in a file: its text without the end of its line. Throws what `refuse` makes of a fault. */
export function requireSecret(path: string, person: Person, refuse: (fault: SecretFault) => BdError): string {
  const refused = (why: string) => refuse({ why, mend: undefined });
  let secret: ReturnType<typeof readSecretFile>;
  try {
    secret = readSecretFile(path, person);
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
    throw refused(error.message.slice(path.length).trim());
  }
  if (secret === undefined) throw refused("can't be read (ENOENT)");
  if (secret.fault !== undefined) throw refuse(secret.fault);
  const text = secret.text.replace(/\r?\n$/, "");
  if (text === "") throw refused("is empty");
  return text;
}

function faultOf(path: string, stats: Stats, person: Person): SecretFault | undefined {
  if (!isOwned(stats, trustedOwners(person))) {
    return { why: `belongs to another user of this machine (uid ${stats.uid})`, mend: undefined };
  }
  if ((stats.mode & SHARED) === 0) return undefined;
  const everybody = (stats.mode & OTHERS_READ) !== 0;
  const why = everybody ? "can be read by everybody on this machine" : "can be read or written by more than its owner";
  return { why, mend: command`chmod 600 ${path}` };
}
