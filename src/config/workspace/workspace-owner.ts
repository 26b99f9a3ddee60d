import { dirname, isAbsolute, join } from "node:path";
import { BdError, type CommandLine, command } from "../../errors.ts";
import { isOwned, type Owners } from "../../host/owners.ts";
import { realName, statsIfSeen, uidsAt } from "../../host/read-file.ts";

/** What the person says about workspaces that others own. */
export interface Trust {
  /** Whose workspaces need no word. */
  readonly owners: Owners;
  /** Absolute folders, `FOLDER/*` for all those below one, `*` for all. */
  readonly trusted: readonly string[];
}

/** All that is read from a workspace. */
const FILES = ["redirect", "metadata.json", "config.yaml", "config.local.yaml", "issues.jsonl"];

/**
 * Who may own the files of a workspace that was found: settings of somebody else would decide where the person's issues
 * and passwords go. Undefined for anybody, where the person trusts the folder whoever owns it.
 *
 * @throws BdError config/WORKSPACE_NOT_TRUSTED
 */
export function ownersOfWorkspace(beadsDir: string, { owners, trusted }: Trust): Owners {
  const paths = [beadsDir, ...FILES.map((name) => join(beadsDir, name))];
  const foreign = paths.flatMap((path) => uidsAt(path).map((uid) => ({ path, uid })));
  const first = foreign.find((found) => !isOwned(found, owners));
  if (first === undefined) return owners;
  const root = realName(dirname(beadsDir));
  if (isTrusted(root, trusted)) return undefined;
  const { path, uid: owner } = first;
  throw new BdError(
    "config",
    "WORKSPACE_NOT_TRUSTED",
    `${path} belongs to another user (uid ${owner}), whose settings bd does not follow unasked`,
    { hint: trustLine(root, trusted), details: { path, owner } },
  );
}

/** Whether the person trusts a folder, which must be named without links. */
export function isTrusted(root: string, trusted: Trust["trusted"]): boolean {
  return trusted.some((entry) => covers(entry, root));
}

/** The one line that trusts a folder, beside those that are trusted already. */
export function trustLine(root: string, trusted: Trust["trusted"]): CommandLine {
  return command`bd config set trusted-folders ${[...trusted, root].join(":")}`;
}

function covers(entry: string, root: string): boolean {
  if (entry === "*") return true;
  if (!isAbsolute(entry)) return false;
  const all = entry.endsWith("/*");
  const folder = all ? entry.slice(0, -1) : entry;
  if (statsIfSeen(folder) === undefined) return false;
  const real = realName(folder);
  return all ? root.startsWith(join(real, "/")) : root === real;
}
