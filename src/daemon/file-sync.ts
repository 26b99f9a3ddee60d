import type { App } from "../app/app.ts";
import { toBdError } from "../app/error-wire.ts";
import type { BdError } from "../errors.ts";
import type { Caller } from "../ops/caller.ts";
import type { SyncInput } from "../ops/sync/sync.ts";
import type { SyncResult } from "../ops/sync/sync-result.ts";

interface FileSyncFacts {
  readonly app: App;
  readonly caller: Caller;
  readonly onTrouble: (why: string) => void;
  /** Something was taken in or written. */
  readonly onDone: () => void;
}

/** Brings the file of issues and the tracker together where the project wants that (`sync.jsonl`), one run after the other. */
export class FileSync {
  readonly #facts: FileSyncFacts;
  readonly #leaving = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #trouble: string | undefined;

  constructor(facts: FileSyncFacts) {
    this.#facts = facts;
  }

  /** Throws nothing. Gives whether it has to be done once more, because git was in the middle of something. */
  run(direction: SyncInput["direction"]): Promise<boolean> {
    const next = this.#last.then(() => this.#synchronise(direction));
    this.#last = next;
    return next;
  }

  /** Lets what has begun come to its end. */
  async end(): Promise<void> {
    await this.#last;
    this.#leaving.abort();
  }

  async #synchronise(direction: SyncInput["direction"]): Promise<boolean> {
    const { app, caller, onTrouble, onDone } = this.#facts;
    const input: SyncInput = { direction, full: false, dry_run: false, allow_deletes: false, by_itself: true };
    let busy = false;
    let error: BdError | undefined;
    try {
      for await (const frame of app.call("sync.run", input, { caller, signal: this.#leaving.signal })) {
        if (frame.kind === "error") error = toBdError(frame.error);
        if (frame.kind !== "result") continue;
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation of that name gives it
        const result = frame.result.output as SyncResult;
        busy = result.busyWith !== undefined;
        if (hasDone(result)) onDone();
      }
    } catch (thrown) {
      error = toBdError(thrown);
    }
    // Who may change nothing is told so by commands.
    if (error?.code === "READ_ONLY") error = undefined;
    if (error !== undefined && error.message !== this.#trouble) onTrouble(error.message);
    this.#trouble = error?.message;
    return busy;
  }
}

function hasDone({ plan: { taken }, written = [] }: SyncResult): boolean {
  return taken.changed.length + taken.deleted.length + written.length > 0;
}
