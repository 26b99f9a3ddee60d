import { realName } from "../../host/read-file.ts";
import { type FilePlace, stampOf } from "../../sync/sync-file.ts";
import { readSyncState } from "../../sync/sync-state.ts";

/**
 * Whether the file of issues is another one than was last written or taken in, as far as its stat tells; `unknown` where
 * nothing was ever written or taken in: the clone may be anybody's.
 */
export function fileChange({ beadsDir, owners }: FilePlace): "same" | "changed" | "unknown" {
  const place = { beadsDir: realName(beadsDir), ...(owners === undefined ? {} : { owners }) };
  const stamp = stampOf(place.beadsDir);
  if (stamp === undefined) return "same";
  const state = readSyncState(place);
  if (state === undefined) return "unknown";
  return stamp === state.stamp ? "same" : "changed";
}
