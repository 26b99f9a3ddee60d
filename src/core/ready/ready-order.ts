import { familyOf } from "../issue/id-order.ts";

export type SortPolicy = "priority" | "oldest" | "hybrid";

const HYBRID_RECENT_MS = 48 * 60 * 60 * 1000;

export interface ReadyOrderKey {
  readonly id: string;
  readonly priority: number;
  /** Wire time. */
  readonly created_at: string;
  /** When its family began, where that is known: siblings stand together, at that place. Wire time. */
  readonly born?: string;
}

/**
 * The order of ready work, for `Array.sort`.
 * priority: the most urgent first, of these the newest; children where their family began, by number. oldest: by age
 * alone. hybrid: what is younger than 48 hours by priority, then the rest by age. Ties go by id.
 */
export function readyOrder(policy: SortPolicy, now: Date): (a: ReadyOrderKey, b: ReadyOrderKey) => number {
  if (policy === "oldest") return byAge;
  return policy === "hybrid" ? hybridOrder(now) : byPriority;
}

function byPriority(a: ReadyOrderKey, b: ReadyOrderKey): number {
  return a.priority - b.priority || compare(b.born ?? b.created_at, a.born ?? a.created_at) || byId(a, b);
}

function hybridOrder(now: Date): (a: ReadyOrderKey, b: ReadyOrderKey) => number {
  const isRecent = (key: ReadyOrderKey) => Date.parse(key.created_at) >= now.getTime() - HYBRID_RECENT_MS;
  return (a, b) => {
    const recent = isRecent(a);
    if (recent !== isRecent(b)) return recent ? -1 : 1;
    return recent ? a.priority - b.priority || byId(a, b) : byAge(a, b);
  };
}

function byAge(a: ReadyOrderKey, b: ReadyOrderKey): number {
  return compare(a.created_at, b.created_at) || byId(a, b);
}

/**
 * As `store/queries/rank.ts` says it to the server: families by id, in each children before what they belong to, the second
 * before the tenth.
 */
function byId({ id: a }: ReadyOrderKey, { id: b }: ReadyOrderKey): number {
  return compare(familyOf(a), familyOf(b)) || depthOf(b) - depthOf(a) || a.length - b.length || compare(a, b);
}

function depthOf(id: string): number {
  return id.split(".").length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
