import { BdError, command } from "../errors.ts";
import type { Identity } from "../store/identity.ts";

/**
 * Whether what comes in may join this database at all. One side without a project id is no clash.
 * Throws BdError config OTHER_PROJECT, schema SCHEMA_DIFFERS.
 */
export function checkIncoming(ours: Identity, theirs: Identity): void {
  if (ours.projectId !== undefined && theirs.projectId !== undefined && ours.projectId !== theirs.projectId) {
    throw new BdError(
      "config",
      "OTHER_PROJECT",
      `the remote belongs to project ${theirs.projectId}, but this database to ${ours.projectId}: nothing was merged`,
      { hint: command`bd where`, details: { ours: ours.projectId, theirs: theirs.projectId } },
    );
  }
  if (ours.schemaVersion === theirs.schemaVersion) return;
  const older = theirs.schemaVersion < ours.schemaVersion ? "on the machine that pushed last" : "here";
  throw new BdError(
    "schema",
    "SCHEMA_DIFFERS",
    `the remote has schema ${theirs.schemaVersion}, this database ${ours.schemaVersion}: run bd migrate ${older}, push there, then pull; nothing was merged`,
    {
      hint: theirs.schemaVersion > ours.schemaVersion ? command`bd migrate --dry-run` : command`bd dolt pull --dry-run`,
      details: { ours: ours.schemaVersion, theirs: theirs.schemaVersion },
    },
  );
}
