import { BdError, command } from "../errors.ts";
import type { LostDaemon } from "../rpc/lost-daemon.ts";
import type { Writing } from "../rpc/protocol.ts";

/**
 * What is to be settled before a line runs here that a daemon was running when it ended; undefined for nothing.
 *
 * @throws BdError unavailable/DAEMON_LOST where the line can't be run again, and says what is known of the first run
 */
export function afterLostDaemon({ writings, isBegun }: LostDaemon): Writing | undefined {
  const [first] = writings;
  const changes = new Set(writings.map(({ operationId }) => operationId)).size;
  // Of several changes of one line, all but the last have landed.
  if (!isBegun && changes <= 1) return writings.at(-1);
  if (first === undefined) throw lost("nothing was changed", command`bd daemon status`);
  const what = changes > 1 ? "a part of the changes was made" : "the change may have been made";
  throw lost(what, command`bd changes --since=${first.since}`);
}

function lost(what: string, hint: ReturnType<typeof command>): BdError {
  return new BdError("unavailable", "DAEMON_LOST", `the daemon ended in the middle of this; ${what}`, { hint });
}
