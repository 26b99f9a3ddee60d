import type { Remote } from "./remotes.ts";

/** Who carries the data, in the words of the output. */
export type Carrier = "server" | "relay" | "server-password";

/**
 * By whose eyes it is known what the remote has: the remote itself answered over the network, a process of ours looked, we
 * looked into the folder; or the server's word alone.
 */
export type Witness = "remote" | "process" | "folder" | "server";

/** Who goes to which remote, and as whom. */
export interface Way {
  readonly carrier: Carrier;
  readonly remote: Remote;
  /** As whom the remote sees us; undefined without credentials of a person. */
  readonly user: string | undefined;
  /** Why the person's own credentials could not be used; undefined where there are none, or they are used. */
  readonly relayObstacle?: RelayObstacle | undefined;
  /** The words of the command to try again; default: a fetch. */
  readonly again?: readonly string[] | undefined;
}

/** A way to a remote's branch. What its functions throw are Dolt's own errors, or BdErrors. */
export interface Transport extends Way {
  /** The branch, here and there. */
  readonly branch: string;
  /** The ref of our database that holds the remote's branch after a fetch: `origin/main`. */
  readonly trackingRef: string;
  readonly witness: Witness;
  /** Gives the newest commit of the remote's branch; undefined where nothing was ever pushed. */
  fetch(): Promise<string | undefined>;
  /** Makes a commit of ours the newest one there, then fetches; gives what the remote has now. */
  push(options: PushRequest): Promise<string | undefined>;
}

export interface RelayObstacle {
  /** Finishes a sentence. */
  readonly why: string;
  /** Lines that say what would remove it. */
  readonly wayOut: readonly string[];
}

export interface PushRequest {
  /** The hash of a commit of the branch. */
  readonly commit: string;
  /**
   * The remote's newest commit, which ours takes the place of and need not follow. It is looked at again right before:
   * where another one is there, nothing is pushed. Undefined for a push that throws nothing away.
   */
  readonly replaces: string | undefined;
}
