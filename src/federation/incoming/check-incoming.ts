import { type CodeChange, codeKey } from "../../core/foreign-code/code-change.ts";
import { BdError, type CommandLine, command } from "../../errors.ts";
import { type Identity, identityAt } from "../../store/database-identity.ts";
import type { MergeEnds } from "../../store/merge.ts";
import type { Reader } from "../../store/session-types.ts";
import { type CodeSource, FROM_REMOTE } from "./code-source.ts";
import { type IncomingCode, incomingCodeOf } from "./incoming-code.ts";

/** What somebody let in by its name, as `codeKey` writes it: `trigger:evil`. */
export type Accepted = ReadonlySet<string>;

/** What was given on the command line. Throws BdError usage BAD_INPUT. */
export function acceptedCode(names: readonly string[] = []): Accepted {
  const wrong = names.find((name) => !/^[a-z]+:./s.test(name));
  if (wrong === undefined) return new Set(names);
  throw new BdError(
    "usage",
    "BAD_INPUT",
    `"${wrong}" names no code: it is KIND:NAME, as bd dolt pull --dry-run shows`,
    {
      hint: command`bd dolt pull --dry-run`,
    },
  );
}

/**
 * Whether what comes in may join this database at all: another project, another schema, and code that nobody accepted by
 * its name may not. Gives what comes in beside rows.
 * Throws BdError config OTHER_PROJECT, schema SCHEMA_DIFFERS, rejected REMOTE_HAS_CODE.
 */
export async function checkIncoming(reader: Reader, ends: MergeEnds, accepted: Accepted): Promise<IncomingCode> {
  const incoming = await lookAtIncoming(reader, ends);
  refuseCode(incoming.code, accepted);
  return incoming;
}

/** As `checkIncoming`, and says what code there is instead of refusing it. */
export async function lookAtIncoming(reader: Reader, ends: MergeEnds): Promise<IncomingCode> {
  const incoming = await incomingCodeOf(reader, ends);
  const [ours, theirs] = await reader.all([identityAt(ends.ours), identityAt(ends.theirs)]);
  checkSameProject(ours, theirs);
  return incoming;
}

const SHOWN = 5;

/** Throws BdError rejected, with the source's code. */
export function refuseCode(
  code: readonly CodeChange[],
  accepted: Accepted,
  {
    source = FROM_REMOTE,
    hint = command`bd dolt pull --dry-run`,
  }: { readonly source?: CodeSource; readonly hint?: CommandLine } = {},
): void {
  const refused = code.filter((one) => !accepted.has(codeKey(one)));
  if (refused.length === 0) return;
  const names = refused.slice(0, SHOWN).map((one) => `${codeKey(one)} (${one.change})`);
  const more = refused.length > SHOWN ? `, and ${refused.length - SHOWN} more` : "";
  throw source.refused(
    `${source.name} ${source.verb} what can execute here, or changes what the tracker does: ${names.join(", ")}${more}; ${source.undone}. Who has read it lets it in by name, each with --accept`,
    {
      hint,
      details: { code: refused.map(({ kind, name, change, definition }) => ({ kind, name, change, definition })) },
    },
  );
}

function checkSameProject(ours: Identity, theirs: Identity): void {
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
