import type { Sides } from "../core/merge/cell.ts";
import { combine, number, type Query, query, rows, text } from "../store/query.ts";
import { join, sql } from "../store/sql.ts";
import type { Reader } from "../store/store.ts";

/** Where two commits parted. */
export interface Parting {
  /** Their best common ancestors: none of them leads to another. In order, the same from either side. */
  readonly bases: readonly string[];
  /**
   * Where there are several, as after two people pulled from each other at once: the first commit that brings them all
   * together, on each side.
   */
  readonly meets: Sides<string> | undefined;
}

interface Tips extends Sides<string> {
  /** One of the best common ancestors. */
  readonly base: string;
}

/** By commit, its parents; from the newest on, and never a parent before its child. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** Whether there may be several best common ancestors at all: only where both sides have merges that the other lacks. */
export function mayBeCrossed({ ours, theirs }: Sides<string>): Query<boolean> {
  const merges = (from: string, to: string) =>
    query(sql`SELECT COUNT(*) AS n FROM DOLT_LOG(${`${from}..${to}`}, '--merges')`, ({ rows: [row = {}] }) =>
      number(row, "n"),
    );
  return combine([merges(theirs, ours), merges(ours, theirs)], (here, there) => here > 0 && there > 0);
}

export async function partingOf(reader: Reader, { ours, theirs, base }: Tips): Promise<Parting> {
  const [here, there] = await reader.all([graphOf([ours], theirs), graphOf([theirs], ours)]);
  const edge = new Set([...here.values(), ...there.values()].flat());
  const others = [...edge].filter((hash) => hash !== base && !here.has(hash) && !there.has(hash));
  const single = { bases: [base], meets: undefined };
  if (others.length === 0) return single;
  const [apart] = await reader.all([graphOf(others, base)]);
  const inner = new Set([...apart.values()].flat());
  const further = others.filter((hash) => apart.has(hash) && !inner.has(hash));
  if (further.length === 0) return single;
  const bases = [base, ...further].toSorted();
  return { bases, meets: { ours: meetOf(here, bases) ?? ours, theirs: meetOf(there, bases) ?? theirs } };
}

/** The oldest commit that has all bases behind it. */
function meetOf(graph: Graph, bases: readonly string[]): string | undefined {
  const known = new Map<string, ReadonlySet<string>>(bases.map((base) => [base, new Set([base])]));
  for (const [hash, parents] of [...graph].toReversed()) {
    const behind = new Set(parents.flatMap((parent) => [...(known.get(parent) ?? [])]));
    if (behind.size === bases.length) return hash;
    known.set(hash, behind);
  }
  return undefined;
}

/** The commits that lead to one of the tips and not to `without`. */
function graphOf(tips: readonly string[], without: string): Query<Graph> {
  const revisions = join(
    tips.map((tip) => sql`${tip}`),
    ", ",
  );
  const found = rows(
    sql`SELECT commit_hash, parents FROM DOLT_LOG(${revisions}, '--not', ${without}, '--parents')`,
    (row) => [text(row, "commit_hash"), text(row, "parents").split(", ").filter(Boolean)] as const,
  );
  return combine([found], (commits) => new Map(commits));
}
