import type { StoreConnection } from "./store-connection.ts";
import { TrackerError } from "./tracker-error.ts";

export const MOST_PAGE = 1000;
/** So many tasks of one millisecond cost no further command. */
const TIES = 50;

export interface PageOfIds {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/**
 * Ids of one page, the newest first, and the cursor of the next one, where there is one. Tasks of one millisecond go by their
 * ids. Throws TrackerError 400.
 */
export async function idsOfPage(
  connection: StoreConnection,
  index: string,
  { limit, cursor }: PageOfIds,
): Promise<[ids: string[], next: string | undefined]> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PAGE) {
    throw new TrackerError(400, `limit: must be 1 to ${MOST_PAGE}`, { field: "limit" });
  }
  const [, score = "+inf", last] = /^(\d{1,16})_([\w.-]{1,200})$/.exec(cursor ?? "") ?? [];
  if (cursor !== undefined && last === undefined) {
    throw new TrackerError(400, "cursor: this is none", { field: "cursor" });
  }
  for (let more = TIES; ; more *= 10) {
    const range = ["ZRANGE", index, score, "-inf", "BYSCORE", "REV", "LIMIT", "0", String(limit + more), "WITHSCORES"];
    const found = pairsIn(await connection.send(range));
    const pairs = found.filter(([id, at]) => last === undefined || at !== score || id < last);
    if (pairs.length <= limit && found.length === limit + more) continue;
    const page = pairs.slice(0, limit);
    const [id, at] = page.at(-1) ?? [];
    return [page.map(([one]) => one), pairs.length > limit ? `${at}_${id}` : undefined];
  }
}

function pairsIn(answer: unknown): [id: string, score: string][] {
  const flat = Array.isArray(answer) ? answer.flat().map(String) : [];
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, at) => [flat[2 * at] ?? "", flat[2 * at + 1] ?? ""]);
}
