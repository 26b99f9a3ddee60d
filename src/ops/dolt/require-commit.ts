import { HASH_CHARACTER } from "../../core/commit-hash.ts";
import { BdError, command } from "../../errors.ts";
import { commitsNamed } from "../../federation/restore.ts";
import type { Reader } from "../../store/session-types.ts";

const BEGINNING = new RegExp(`^${HASH_CHARACTER}{4,32}$`);

/** The hash of the one commit that people mean by its beginning. Throws BdError not-found COMMIT_NOT_FOUND. */
export async function requireCommit(reader: Reader, given: string): Promise<string> {
  const [commit, another] = BEGINNING.test(given) ? await commitsNamed(reader, given) : [];
  if (commit !== undefined && another === undefined) return commit;
  const message =
    another === undefined
      ? `no commit "${given}" (a hash, or at least its first four characters)`
      : `several commits begin with "${given}"`;
  throw new BdError("not-found", "COMMIT_NOT_FOUND", message, {
    hint: command`bd dolt log -n 0`,
    details: { commit: given },
  });
}
