import { keyText, type Snapshot, textOf } from "../../../../src/core/merge/snapshot.ts";
import type { Random } from "./random.ts";
import { rowsOf } from "./tables.ts";

interface NewIssue {
  readonly id: string;
  readonly parent: { readonly id: string; readonly number: number } | undefined;
}

/** What people ask for by `--id`. */
const WANTED = ["x-1", "x-2", "x-p", "x-p.1", "x-p.1.1", "x-12", "x-looks_a2345678"];

/** An id as a program gives it, or as somebody asks for it. */
export function newIssue(snapshot: Snapshot, random: Random): NewIssue {
  const dice = random.next();
  const ids = rowsOf(snapshot, "issues").map((row) => textOf(row, "id"));
  if (dice < 0.45) return { id: random.pick(WANTED) ?? "", parent: undefined };
  if (dice < 0.6) return { id: `x-h${random.below(1e9)}`, parent: undefined };
  const parent = random.pick(ids);
  if (dice < 0.75 || parent === undefined) return { id: `x-${nextNumber("x-", ids)}`, parent: undefined };
  const counted = Number(textOf(snapshot.get("child_counters")?.get(keyText([parent])), "last_child"));
  const number = Math.max(counted + 1, nextNumber(`${parent}.`, ids));
  return { id: `${parent}.${number}`, parent: { id: parent, number } };
}

/** A moved id is no number, so it makes none larger. */
function nextNumber(before: string, ids: readonly string[]): number {
  const numbers = ids.flatMap((id) => {
    const rest = id.startsWith(before) ? id.slice(before.length) : "";
    return /^\d+$/.test(rest) ? [Number(rest)] : [];
  });
  return Math.max(0, ...numbers) + 1;
}
