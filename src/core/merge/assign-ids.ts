import { compareTexts, type Sides } from "./cell.ts";
import { type Birth, idAtLevel, type Level } from "./moved-id.ts";

/** An issue that wants an id, or a deleted one that had it. */
export interface Claim {
  readonly birth: Birth;
  /** How far it had to move already; it never moves back. */
  readonly reached: Level;
  readonly isAlive: boolean;
  /** Where each side has it. */
  readonly ids: Partial<Sides<string>>;
}

/**
 * Gives each claim its id: the earliest made comes first and takes the first id that it may have and nobody before it
 * holds. What comes out follows from the claims alone, not from their order. By claim, how far it had to move.
 *
 * A deleted issue keeps its id, so that nobody's id depends on who heard of the deletion when; but whoever was made
 * anew under it on the same side after the deletion may have it.
 */
export function claimIds(claims: readonly Claim[]): Map<Claim, Level> {
  const held = new Map<string, Claim[]>();
  const levels = new Map<Claim, Level>();
  for (const claim of claims.toSorted(compareClaims)) {
    let level = claim.reached;
    while ((held.get(idAtLevel(claim.birth, level)) ?? []).some((holder) => !mayShare(holder, claim))) level++;
    const id = idAtLevel(claim.birth, level);
    held.set(id, [...(held.get(id) ?? []), claim]);
    levels.set(claim, level);
  }
  return levels;
}

function compareClaims(a: Claim, b: Claim): number {
  return (
    compareTexts(a.birth.createdAt, b.birth.createdAt) ||
    compareTexts(a.birth.createdBy, b.birth.createdBy) ||
    compareTexts(a.birth.wanted, b.birth.wanted) ||
    compareTexts(a.birth.ext, b.birth.ext) ||
    Number(b.isAlive) - Number(a.isAlive) ||
    a.reached - b.reached ||
    compareTexts(idsOf(a), idsOf(b))
  );
}

function idsOf({ ids }: Claim): string {
  return [ids.ours ?? "", ids.theirs ?? ""].toSorted().join("\0");
}

/** Only a dead issue and one that was made under its id afterwards, on a side that knew of both. */
function mayShare(a: Claim, b: Claim): boolean {
  if (a.isAlive && b.isAlive) return false;
  const stoodOnOne = (side: "ours" | "theirs") => a.ids[side] !== undefined && a.ids[side] === b.ids[side];
  return stoodOnOne("ours") || stoodOnOne("theirs");
}
