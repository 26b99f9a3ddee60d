import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { BdError, command } from "../../errors.ts";
import type { Timing } from "../../store/connection/pauses.ts";
import type { Session } from "../../store/session-types.ts";
import { trackedHash } from "../compare.ts";
import { lookNow } from "./read-outside-snapshot.ts";
import {
  type Generation,
  generation,
  generationNumber,
  generationsOnDisk,
  isReady,
  markReady,
  type RelayPlace,
} from "./relay-folder.ts";
import { call, type DoltProcess, failedStatement, initScratch, runStatements, statement } from "./relay-process.ts";
import { classifyRemoteError, MOVED_BRANCH } from "./remote-errors.ts";
import { addServerRemote, allServerRemotes, type Remote, removeServerRemote } from "./remotes.ts";
import { procedure } from "./server-transport.ts";
import type { PushRequest, Transport } from "./transport.ts";

/** The server does not see the folder that we see: it runs on another machine, in a container, as another user. */
export class NotShared extends Error {}

/** The server and our folder have lost track of one another, or the folder was tampered with. */
class Stale extends Error {}

export interface RelayOptions {
  readonly session: Session;
  readonly remote: Remote;
  readonly branch: string;
  /** Undefined for a folder, which asks nobody. */
  readonly user: string | undefined;
  /** Reaches nothing but the environment of one dolt process at a time. */
  readonly password: string | undefined;
  readonly place: RelayPlace;
  readonly dolt: Pick<DoltProcess, "dolt" | "env" | "signal">;
  readonly timing: Timing;
  readonly note: (line: string) => void;
  readonly detail: (line: string) => void;
}

/** How long a push waits for another one of the same person that goes the same way. */
const BUSY_LIMIT_MS = 600_000;
/** How long a dolt that outlived its `bd` may go on in the folder. */
const TAKEN_LIMIT_MS = 30_000;
const TAKEN_PAUSE_MS = 200;

/**
 * The person's password counts only in a process of the person's. So the server hands the commits to a store of ours,
 * a folder that both see, and one dolt process with the person's environment carries them from there to the remote.
 */
export function relayTransport(options: RelayOptions): Transport & { readonly prepare: () => Promise<void> } {
  const { session, remote, branch, user } = options;
  const relay = new Relay(options);
  return {
    carrier: "relay",
    remote,
    user,
    branch,
    trackingRef: relay.trackingRef,
    witness: "process",
    prepare: () => locked(options, async () => void (await relay.open())),
    fetch: () => locked(options, () => relay.onFreshStore((at) => relay.fetch(at))),
    push: (request) => locked(options, () => relay.onFreshStore((at) => relay.push(at, request))),
  };

  /** One at a time per relay, because they share its folder. The lock hangs on the session's connection. */
  function locked<T>({ place, note }: RelayOptions, work: () => Promise<T>): Promise<T> {
    const onWait = () => note("waiting for another transfer of yours to this remote");
    return session.locked({ name: `${place.id}:relay`, waitMs: BUSY_LIMIT_MS, onWait, busy }, work);
  }
}

class Relay {
  readonly #options: RelayOptions;
  readonly trackingRef: string;
  /** The remote's name in the scratch repository. */
  readonly #up: string;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.trackingRef = `${options.remote.name}/${options.branch}`;
    this.#up = `up-${createHash("sha256").update(options.remote.url.dolt).digest("hex").slice(0, 8)}`;
  }

  /** Runs the work on the current store, and on a new one where that turns out to be stale. */
  async onFreshStore<T>(work: (at: Generation) => Promise<T>): Promise<T> {
    try {
      return await work(await this.open());
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      this.#options.detail(`the relay is stale (${error.message}): making a new one`);
    }
    try {
      return await work(await this.#make());
    } catch (error) {
      throw error instanceof Stale ? relayFailed(error.message) : error;
    }
  }

  async open(): Promise<Generation> {
    const numbers = await this.#atServer();
    const newest = numbers.length === 0 ? undefined : generation(this.#options.place, Math.max(...numbers));
    return newest !== undefined && isReady(newest) ? newest : this.#make();
  }

  /** Throws NotShared. */
  async #make(): Promise<Generation> {
    const { place, session, branch } = this.#options;
    const used = [...(await this.#atServer()), ...(await generationsOnDisk(place)), 0];
    const made = generation(place, Math.max(...used) + 1);
    await initScratch(this.#process(made));
    await session.call(addServerRemote(made.remote, made.storeUrl));
    if (!(await this.#serverFills(made, branch))) {
      await session.call(removeServerRemote(made.remote));
      throw new NotShared();
    }
    await runStatements(this.#process(made), [statement`call dolt_remote('add', 'origin', ${made.storeUrl})`]);
    await markReady(made);
    return made;
  }

  /** Whether what the server writes into the store arrives in our folder. */
  async #serverFills({ remote, store }: Generation, branch: string): Promise<boolean> {
    try {
      await this.#options.session.call(procedure("DOLT_PUSH", ["--force", remote, branch]));
      return (await readdir(store)).length > 0;
    } catch (error) {
      if (error instanceof BdError || isDoltFailure(error, "not-ours")) throw error;
      this.#options.detail(`nothing that the server writes arrives in ${store}: ${wordsOf(error)}`);
      return false;
    }
  }

  async #atServer(): Promise<number[]> {
    const { session, place } = this.#options;
    const remotes = await lookNow(session, allServerRemotes);
    return remotes.flatMap(({ name }) => generationNumber(place, name) ?? []);
  }

  async fetch(at: Generation): Promise<string | undefined> {
    try {
      return await this.#bringIn(at, await this.#transfer(at, []));
    } catch (error) {
      if (isDoltFailure(error, "empty")) return undefined;
      throw error;
    }
  }

  async push(at: Generation, { commit, replaces }: PushRequest): Promise<string | undefined> {
    const { session, branch } = this.#options;
    await this.#withStore(() => session.call(procedure("DOLT_PUSH", ["--force", at.remote, branch])));
    const out = `out-${this.#up}`;
    const target = `${out}:${branch}`;
    const seen = `remotes/${this.#up}/${branch}`;
    const pushing =
      replaces === undefined
        ? [call("dolt_push", [...this.#asUser, this.#up, target])]
        : [
            call("dolt_fetch", [...this.#asUser, this.#up, branch]),
            // Dolt knows no "only if it is still there"; a branch that does not exist is what it can't push.
            call(
              "dolt_push",
              ["--force", ...this.#asUser, this.#up],
              statement`(select if(hash = ${replaces}, ${target}, ${`${MOVED_BRANCH}:${branch}`}) from dolt_remote_branches where name = ${seen})`,
            ),
          ];
    // Naming the commit is what tells a stale store: it would hold older ones only.
    const sending = [
      statement`call dolt_fetch('origin', ${branch})`,
      statement`call dolt_branch('-f', ${out}, ${commit})`,
      ...pushing,
    ];
    return this.#bringIn(at, await this.#transfer(at, sending));
  }

  /** What the server can't do with the store, it can't because the store is not what it was. */
  async #withStore(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw error instanceof BdError || isDoltFailure(error, "not-ours") ? error : new Stale(wordsOf(error));
    }
  }

  /** One process: what is to be sent first, then what the remote has, into the store. Gives the remote's commit. */
  async #transfer(at: Generation, sending: readonly string[]): Promise<string> {
    const { branch, password } = this.#options;
    await this.#nameRemote(at);
    const seen = `remotes/${this.#up}/${branch}`;
    const statements = [
      ...sending,
      call("dolt_fetch", [...this.#asUser, this.#up, branch]),
      statement`call dolt_push('--force', 'origin', ${`${this.#up}/${branch}:${this.#incoming}`})`,
      statement`select hash from dolt_remote_branches where name = ${seen}`,
    ];
    const rows = await this.#whenFree(() => runStatements(this.#process(at), statements, password)).catch((error) => {
      throw isAboutStore(error) ? new Stale(wordsOf(error)) : error;
    });
    const hash = rows.at(-1)?.["hash"];
    if (typeof hash !== "string") throw relayFailed("dolt did not say which commit the remote has");
    return hash;
  }

  get #asUser(): readonly string[] {
    const { user } = this.#options;
    return user === undefined ? [] : ["--user", user];
  }

  get #incoming(): string {
    return `in-${this.#up}`;
  }

  /** The server takes over from the store what the remote has. */
  async #bringIn(at: Generation, hash: string): Promise<string> {
    const { session, branch, remote } = this.#options;
    const refs = `refs/heads/${this.#incoming}:refs/remotes/${remote.name}/${branch}`;
    await this.#withStore(() => session.call(procedure("DOLT_FETCH", [at.remote, refs])));
    const tracked = await lookNow(session, trackedHash(this.trackingRef));
    if (tracked !== hash) throw new Stale("the server sees another commit in it than we do");
    return hash;
  }

  async #nameRemote(at: Generation): Promise<void> {
    if (isReady(at, this.#up)) return;
    try {
      const adding = statement`call dolt_remote('add', ${this.#up}, ${this.#options.remote.url.dolt})`;
      await this.#whenFree(() => runStatements(this.#process(at), [adding]));
    } catch (error) {
      if (!isDoltFailure(error, "exists")) throw error;
    }
    await markReady(at, this.#up);
  }

  /** A dolt that outlived its killed `bd` holds the folder until it is done. */
  async #whenFree<T>(work: () => Promise<T>): Promise<T> {
    const { timing, dolt } = this.#options;
    const start = timing.now();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isDoltFailure(error, "taken") || timing.now() - start > TAKEN_LIMIT_MS) throw error;
        await timing.sleep(TAKEN_PAUSE_MS, dolt.signal);
      }
    }
  }

  #process({ scratch, doltHome }: Generation): DoltProcess {
    return { ...this.#options.dolt, folder: scratch, doltHome };
  }
}

function isDoltFailure(error: unknown, failure: ReturnType<typeof classifyRemoteError>): boolean {
  return !(error instanceof BdError) && classifyRemoteError(error) === failure;
}

/** Whether a statement failed that has to do with the store, and not with the remote. */
function isAboutStore(error: unknown): boolean {
  const failed = failedStatement(error) ?? "";
  return failed.includes("'origin'") || failed.startsWith("call dolt_branch(");
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function relayFailed(why: string): BdError {
  return new BdError("unavailable", "RELAY_FAILED", `the relay to the remote does not work: ${why}`, {
    hint: command`bd dolt status`,
  });
}

function busy(): BdError {
  return new BdError("unavailable", "RELAY_BUSY", "another transfer of yours to this remote has not ended", {
    hint: command`bd dolt status`,
  });
}
