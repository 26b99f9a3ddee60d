import { shownUrl } from "../../core/remote-url.ts";
import { BdError, command, type ErrorOptions } from "../../errors.ts";
import type { Session } from "../../store/session-types.ts";
import { trackedHash } from "../compare.ts";
import { refuseFolder } from "./local-folder.ts";
import { lookNow } from "./read-outside-snapshot.ts";
import { type FolderView, viewFolder } from "./remote-folder.ts";
import { addServerRemote, removeServerRemote } from "./remotes.ts";
import type { PushRequest, RelayObstacle, Transport } from "./transport.ts";

interface FolderOptions {
  readonly session: Session;
  /** The path of the folder. */
  readonly path: string;
  /** Whether a push may make the folder: somebody named the remote to the server before. */
  readonly mayMake: boolean;
  /** By which the server reaches the folder. */
  readonly server: Transport;
  /** Opens the way by a process of ours, which remembers nothing. */
  readonly relay: () => Promise<Transport | RelayObstacle>;
  readonly detail: (line: string) => void;
}

/**
 * A remote that is a folder of this machine. A running server keeps in memory what it once saw there, and goes on with
 * that when the folder was emptied or is not mounted any more: it says that everything is there, or writes a part that
 * nobody can read. So the folder is looked at before and after each transfer. Where something is there, the server sees
 * what others have written; where nothing is there and the server remembers something, a process of ours transfers.
 */
export function folderTransport(options: FolderOptions): Transport {
  const folder = new Folder(options);
  return {
    ...options.server,
    witness: "folder",
    fetch: () => folder.fetch(),
    push: (request) => folder.push(request),
  };
}

class Folder {
  readonly #options: FolderOptions;
  #carrier: Transport;
  /** The remote's newest commit, as of the last fetch. */
  #seen: string | undefined;

  constructor(options: FolderOptions) {
    this.#options = options;
    this.#carrier = options.server;
  }

  async fetch(): Promise<string | undefined> {
    const view = viewFolder(this.#options.path);
    this.#refuseDamaged(view);
    this.#seen = view.kind === "nothing" ? await this.#nothing() : await this.#carrier.fetch();
    return this.#seen;
  }

  async push(request: PushRequest): Promise<string | undefined> {
    const before = viewFolder(this.#options.path);
    this.#refuseDamaged(before);
    // Between the look of the plan and this one it may have been emptied.
    if (before.kind === "nothing") await this.#beginHere();
    const there = await this.#carrier.push(request);
    const after = viewFolder(this.#options.path);
    this.#refuseDamaged(after);
    const isWritten =
      after.kind === "unseen" || (after.kind === "store" && (there === this.#seen || !isSame(before, after)));
    return isWritten ? there : undefined;
  }

  /** The server is not asked: it would make the folder. */
  async #nothing(): Promise<undefined> {
    const { session, server } = this.#options;
    const known = await lookNow(session, trackedHash(server.trackingRef));
    if (known !== undefined) throw this.#lost(known);
    return undefined;
  }

  /** The server may remember what was there. */
  async #beginHere(): Promise<void> {
    const { path, server, relay, detail, mayMake } = this.#options;
    await this.#nothing();
    refuseFolder({ remote: server.remote, path, mayMake });
    if ((await server.fetch()) === undefined) return;
    detail(`the server remembers a store in ${path} that is not there any more: the relay transfers`);
    await this.#forget();
    const carrier = await relay();
    if ("why" in carrier) throw this.#stale(carrier);
    this.#carrier = carrier;
  }

  /** So that the next command does not take the server's memory for what was there. */
  async #forget(): Promise<void> {
    const { session, server } = this.#options;
    const { name, url } = server.remote;
    await session.call(removeServerRemote(name));
    await session.call(addServerRemote(name, url.dolt));
  }

  #lost(known: string): BdError {
    const why = `held commit ${known.slice(0, 8)}, and its folder is empty or gone now: is its disk mounted? To fill it anew, remove the remote and add it again`;
    return new BdError("unavailable", "REMOTE_LOST", ...this.#told(why, { remote_hash: known }));
  }

  /** Before the server reads what may never end. Throws BdError unavailable REMOTE_DAMAGED. */
  #refuseDamaged(view: FolderView): void {
    if (view.kind === "foreign")
      throw new BdError(
        "unavailable",
        "REMOTE_DAMAGED",
        ...this.#told(`holds no manifest that can be read: ${view.why}`),
      );
    if (view.kind !== "damaged") return;
    const { missing } = view;
    const why = `lacks files that its manifest names (${missing.join(", ")})`;
    throw new BdError("unavailable", "REMOTE_DAMAGED", ...this.#told(why, { missing }));
  }

  #stale({ why }: RelayObstacle): BdError {
    const because = `was emptied while the server runs, which goes on with what it remembers, and no process of ours can fill it because ${why}: restart the server, or name another folder`;
    return new BdError("unavailable", "REMOTE_STALE", ...this.#told(because));
  }

  /** The rest of an error about this remote. */
  #told(why: string, details: Readonly<Record<string, unknown>> = {}): [message: string, options: ErrorOptions] {
    const { name, url } = this.#options.server.remote;
    const shown = shownUrl(url.text);
    return [
      `remote '${name}' (${shown}) ${why}; nothing was transferred`,
      { hint: command`bd dolt remote list`, details: { remote: name, url: shown, ...details } },
    ];
  }
}

function isSame(before: FolderView, after: FolderView): boolean {
  return before.kind === "store" && after.kind === "store" && before.manifest === after.manifest;
}
