/** What a daemon counts from its beginning on, for `bd daemon status`. */
export class Statistics {
  /** Lines and operations that were taken. */
  requests = 0;
  /** Lines that were given back, by why. */
  readonly direct = new Map<string, number>();
  /** Of the file side: see `watch-files.ts`. */
  readonly files = { changes: 0, imports: 0, importedChanges: 0 };
  readonly mutations = { seen: 0, exports: 0, exported: 0 };
  readonly watcher = { events: 0, errors: 0, lastError: undefined as string | undefined };
  /** When the file of issues and the tracker last gave each other something. */
  lastSync: Date | undefined;
  lastHealth: Health | undefined;
  readonly #times: number[] = [];

  wentDirect(why: string): void {
    this.direct.set(why, (this.direct.get(why) ?? 0) + 1);
  }

  /** How long a request took, in milliseconds. */
  took(ms: number): void {
    this.#times.push(ms);
    if (this.#times.length > KEPT_TIMES) this.#times.shift();
  }

  /** The time that so many of the last requests did not exceed; undefined before the first. */
  quantile(share: number): number | undefined {
    const sorted = this.#times.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }
}

const KEPT_TIMES = 1000;

export interface Health {
  readonly at: Date;
  /** `ok`, or what is wrong. */
  readonly database: string;
  /** Bytes that are free where the workspace is. */
  readonly diskFree: number | undefined;
}
