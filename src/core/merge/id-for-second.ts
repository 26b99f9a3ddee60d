import { BdError } from "../../errors.ts";
import { childId, idSuffixCandidates, nextChildOrdinal, parseChildId } from "../issue-id.ts";
import { toWireTime } from "../wire-time.ts";
import type { Row } from "./cell.ts";

/**
 * The new id of the issue that does not keep its own because another one has it: for a child the next free number under
 * its parent, else the prefix and a suffix made from the issue. `taken` are the ids of both sides together, so that
 * both sides of a merge choose the same. Throws BdError rejected NO_FREE_ID.
 */
export function idForSecond(id: string, row: Row, taken: ReadonlySet<string>): string {
  const child = parseChildId(id);
  if (child !== undefined) return childId(child.parentId, nextChildOrdinal(child.parentId, 0, taken));
  const hyphen = id.lastIndexOf("-");
  const [prefix, suffix] = [id.slice(0, Math.max(hyphen, 0)), id.slice(hyphen + 1)];
  const seed = {
    title: textOf(row, "title"),
    description: textOf(row, "description"),
    creator: textOf(row, "created_by"),
    createdAtNs: BigInt(Date.parse(toWireTime(textOf(row, "created_at")))) * 1_000_000n,
  };
  for (const candidate of idSuffixCandidates(seed, suffix.length)) {
    const free = `${prefix}-${candidate}`;
    if (!taken.has(free)) return free;
  }
  throw new BdError("rejected", "NO_FREE_ID", `found no free id for the second issue '${id}'`, { details: { id } });
}

function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}
