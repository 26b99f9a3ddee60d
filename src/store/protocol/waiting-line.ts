import type { Link } from "../connection/link.ts";
import { type Query, query, text } from "../query.ts";
import { join, type Sql, sql } from "../sql.ts";
import { ROLLBACK } from "../statements.ts";
import { isLocked, takeLock, wholeSeconds, writeLockName } from "./lock-queries.ts";

/*
 * Dolt gives a lock to any of those who wait for it, so that among many writers somebody always waits too long. Therefore
 * who does not get the write lock soon stands in a line. It is made of locks too, so that it is gone with those who stood
 * in it: places in a ring, of which everybody takes the one behind the last and waits for the one before, and the front,
 * which is for who waits for nobody any more. While somebody is at the front, only that one waits for the write lock.
 */

const PLACES = 64;
/** How long one packet waits for a lock of the line. */
const SLICE_MS = 2000;
/** How long a write waits for the lock outside of the line, while nobody stands in it. */
const UNQUEUED_MS = 2000;
const CROWDED_PAUSE_MS = 200;

/** Waits for the write lock on the link's connection; the time of waiting begins anew whenever the lock moves. */
export class WaitingLine {
  readonly #link: Link;
  readonly #database: string;
  readonly #front: string;
  #seen: string | undefined;
  /** Locks of the line that we hold, the front among them; none outside of it. */
  #held: readonly string[] = [];

  constructor(link: Link) {
    this.#link = link;
    this.#database = link.options.database;
    this.#front = `${writeLockName(this.#database)}:front`;
  }

  /** How to ask for the write lock now. Who gets it leaves the line in the same statement, and the next moves up. */
  takeLock(): Query<boolean> {
    const name = writeLockName(this.#database);
    const waitMs = this.#link.remainingMs();
    if (this.#held.length === 0) {
      const seconds = wholeSeconds(waitMs, UNQUEUED_MS);
      const wait = sql`IF(IS_FREE_LOCK(${this.#front}), ${seconds}, 0)`;
      return query(sql`SELECT GET_LOCK(${name}, ${wait}) AS locked`, isLocked);
    }
    const releases = this.#held.map((held) => sql`COALESCE(RELEASE_LOCK(${held}), 0)`);
    const taken = sql`GET_LOCK(${name}, ${wholeSeconds(waitMs, SLICE_MS)}) = 1`;
    return query(sql`SELECT IF(${taken}, 1 + 0 * (${join(releases, " + ")}), 0) AS locked`, isLocked);
  }

  /** The write lock was got, or the connection lost, and with either the place. */
  left(): void {
    this.#held = [];
  }

  /** After the write lock was not to be had: waits for the front. False when nothing has moved for too long. */
  async moveUp(): Promise<boolean> {
    for (;;) {
      const free = await this.#look();
      if (this.#link.remainingMs() <= 0) return false;
      if (this.#held.includes(this.#front)) return true;
      const place = placeBehindLast(free);
      if (place === undefined) await this.#link.sleep(CROWDED_PAUSE_MS * (0.5 + this.#link.options.timing.random()));
      else if (await this.#standAt(place, free)) return this.#held.includes(this.#front);
    }
  }

  /** Takes the place and waits there. False where somebody who looked at the same moment was faster. */
  async #standAt(place: number, free: readonly boolean[]): Promise<boolean> {
    const before = (place + PLACES - 1) % PLACES;
    const own = this.#placeName(place);
    const predecessor = free[before] === true ? undefined : this.#placeName(before);
    const waits = predecessor === undefined ? [] : [waitingIf(own, predecessor)];
    const steps = [takeLock(own, 0), ...waits, waitingIf(predecessor ?? own, this.#front)];
    let [mine, ...passed] = await this.#link.all(steps);
    if (mine !== true) return false;
    this.#held = [own];
    for (;;) {
      if (predecessor !== undefined && passed[0] === true) this.#held = [own, predecessor];
      if (passed.at(-1) === true) {
        this.#held = [...this.#held, this.#front];
        return true;
      }
      await this.#look();
      if (this.#link.remainingMs() <= 0) return true;
      const isNext = predecessor === undefined || this.#held.includes(predecessor);
      passed = await this.#link.all(isNext ? [waitingIf(own, this.#front)] : steps.slice(1));
      if (isNext) passed = [true, ...passed];
    }
  }

  /** Which places are free; sees on the way whether the lock moves. */
  async #look(): Promise<boolean[]> {
    // The snapshot of an older transaction would show an older database.
    const [, seen, free] = await this.#link.all([ROLLBACK, standstill(this.#database), this.#freePlaces()]);
    if (this.#seen !== undefined && seen !== this.#seen) this.#link.progressed();
    this.#seen = seen;
    return free;
  }

  #freePlaces(): Query<boolean[]> {
    const places = Array.from({ length: PLACES }, (_, place) => sql`IS_FREE_LOCK(${this.#placeName(place)})`);
    return query(sql`SELECT CONCAT(${join(places, ", ")}) AS free`, ({ rows: [row = {}] }) =>
      text(row, "free")
        .split("")
        .map((isFree) => isFree === "1"),
    );
  }

  #placeName(place: number): string {
    return `${writeLockName(this.#database)}:${place}`;
  }
}

/** Who holds the write lock, and what the database contains: both stay as they are only where the holder does nothing. */
function standstill(database: string): Query<string> {
  return query(
    sql`SELECT CONCAT_WS(' ', IS_USED_LOCK(${writeLockName(database)}), DOLT_HASHOF_DB()) AS seen`,
    ({ rows: [row = {}] }) => text(row, "seen"),
  );
}

/** Waits for a lock where the statement before has got the other one. */
function waitingIf(held: string, wanted: string): Query<boolean> {
  const isOurs: Sql = sql`IS_USED_LOCK(${held}) = CONNECTION_ID()`;
  return query(
    sql`SELECT IF(${isOurs}, GET_LOCK(${wanted}, ${wholeSeconds(SLICE_MS, SLICE_MS)}), 0) AS locked`,
    isLocked,
  );
}

/**
 * The first place of the longest run of free ones: who gave up in the middle of the line leaves a gap that is shorter.
 * Undefined where all are taken.
 */
export function placeBehindLast(free: readonly boolean[]): number | undefined {
  if (!free.includes(true)) return undefined;
  if (!free.includes(false)) return 0;
  const at = (place: number) => free[(place + free.length) % free.length] === true;
  const starts = [...free.keys()].filter((place) => at(place) && !at(place - 1));
  const lengthFrom = (start: number) => {
    let length = 1;
    while (at(start + length)) length += 1;
    return length;
  };
  return starts.toSorted((a, b) => lengthFrom(b) - lengthFrom(a))[0];
}
