import { wantedIdIn } from "../../core/merge/moved-id.ts";
import { BdError, command } from "../../errors.ts";
import { type MovedHold, movedHolds, movedIds } from "../../store/queries/moved-holds.ts";
import { combine, type Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import type { ReadContext } from "../context.ts";

/** Ids that a command was given, and the moved issues that somebody may have meant by them. */
export interface Moved {
  /** Of the issues that were found. */
  readonly ids: readonly string[];
  readonly holds: readonly MovedHold[];
}

/** Before anybody was named. */
export const NOBODY_MOVED: Moved = { ids: [], holds: [] };

/** Who holds issues; without a session, whatever the actor holds. */
export interface Claimant {
  readonly actor: string;
  readonly session: string | undefined;
}

/** For commands that name an issue only by a flag: nothing is looked for where nobody was named. */
export function movedBeside(name: string | undefined): Query<readonly string[]> {
  return name === undefined ? combine([], () => []) : movedIds;
}

/** Of all issues that moved, those that once had one of the ids that were named: only these cost a packet more. */
export async function movedAmong(reader: Reader, ids: readonly string[], moved: readonly string[]): Promise<Moved> {
  const meant = moved.filter((id) => ids.includes(wantedIdIn(id)));
  const [holds] = meant.length === 0 ? [[]] : await reader.all([movedHolds(meant)]);
  return { ids, holds };
}

/**
 * The issue that a claimant may mean by the id of another one: it was made under it, and who holds it may not have heard of
 * the move. None where the claimant works on the other one as well.
 */
export function meantBy(id: string, holds: readonly MovedHold[], { actor, session }: Claimant): MovedHold | undefined {
  const own = holds.filter((hold) => hold.actor === actor && (session === undefined || hold.session === session));
  return own.find(({ holder }) => holder.id === id && !holder.isHeld);
}

/** Says of each named issue that has the id of another one which the caller works on, where that one is now. */
export async function sayMoved(
  context: Pick<ReadContext, "actor" | "claimSession" | "note">,
  { ids, holds }: Moved,
): Promise<void> {
  // Asking who calls may take a process.
  if (!holds.some(({ holder }) => ids.includes(holder.id))) return;
  const claimant = { actor: (await context.actor()).name, session: await context.claimSession() };
  for (const id of new Set(ids)) {
    const hold = meantBy(id, holds, claimant);
    if (hold !== undefined) context.note(inWords(hold));
  }
}

function inWords({ id, title, holder }: MovedHold): string {
  return `${holder.id} is "${holder.title}"; the issue that you had claimed as ${holder.id} is ${id} now ("${title}")`;
}

/** A claim asked again would take somebody else's issue. */
export function claimMoved(hold: MovedHold): BdError {
  const { id, title, holder } = hold;
  return new BdError("conflict", "CLAIM_MOVED", `cannot claim ${holder.id}: ${inWords(hold)}`, {
    hint: command`bd show ${[holder.id, id]}`,
    details: { id: holder.id, title: holder.title, held: id, held_title: title },
  });
}
