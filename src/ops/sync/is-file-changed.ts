import type { Workspace } from "../../config/workspace/workspace.ts";
import { realName } from "../../host/read-file.ts";
import { stampOf } from "../../sync/sync-file.ts";
import { readSyncState } from "../../sync/sync-state.ts";

/** Whether the file of issues is another one than was last written or taken in, as far as its stat tells. */
export function isFileChanged({ beadsDir, owners }: Pick<Workspace, "beadsDir" | "owners">): boolean {
  const place = { beadsDir: realName(beadsDir), ...(owners === undefined ? {} : { owners }) };
  const stamp = stampOf(place.beadsDir);
  return stamp !== undefined && stamp !== readSyncState(place)?.stamp;
}
