import { once } from "node:events";
import { linkSync, lstatSync, renameSync, type Stats, unlinkSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { BdError, command } from "../errors.ts";
import { errnoOf } from "../host/errno.ts";
import { greet } from "../rpc/ask-daemon.ts";
import { socketPath, withSocketPath } from "../rpc/socket-path.ts";

/** The socket of a workspace, while it is ours. */
export interface ClaimedSocket {
  readonly server: Server;
  /** Whether the file is still the one that leads to us: another daemon may have replaced it, or somebody removed it. */
  isOurs(): boolean;
  /** Takes no more connections, and removes the file if it is ours. */
  release(): void;
}

export interface Claimant {
  readonly pid: number;
  /** Sets the mask of file modes, and gives what it was. */
  umask(mask: number): number;
  /** A socket that somebody has opened for us: systemd's. */
  readonly inherited?: number | undefined;
}

/** No more than that, whoever leaves them open. */
const MOST_CONNECTIONS = 1024;

/** How often a claim is begun again because others are at it, too. */
const MOST_TRIES = 20;

/**
 * Makes the socket of a `.beads` folder ours, with one truth about who lives: whoever answers. What a dead daemon has left
 * is removed.
 *
 * @throws BdError rejected/DAEMON_RUNS, config/DAEMON_SOCKET_BLOCKED
 */
export async function claimSocket(beadsDir: string, claimant: Claimant): Promise<ClaimedSocket> {
  const server = createServer({ allowHalfOpen: false });
  server.maxConnections = MOST_CONNECTIONS;
  if (claimant.inherited !== undefined) {
    server.listen({ fd: claimant.inherited });
    await once(server, "listening");
    return claimed(server, beadsDir, { removes: false });
  }
  await refuseSecond(beadsDir);
  // Each listens under a name of its own; who gives that the name that clients know is the daemon. Node removes the
  // first name when it closes, and never the second.
  const ownName = `bd-${claimant.pid}.sock`;
  removeFile(join(beadsDir, ownName));
  await listenOn(server, beadsDir, ownName, claimant);
  try {
    await takeName(beadsDir, ownName, claimant);
    return claimed(server, beadsDir, { removes: true });
  } catch (error) {
    server.close();
    throw error;
  } finally {
    removeFile(join(beadsDir, ownName));
  }
}

function claimed(server: Server, beadsDir: string, { removes }: { readonly removes: boolean }): ClaimedSocket {
  const path = socketPath(beadsDir);
  const ours = statsAt(path);
  const isOurs = () => {
    const there = statsAt(path);
    return there !== undefined && there.ino === ours?.ino && there.dev === ours.dev;
  };
  return {
    server,
    isOurs,
    release() {
      if (removes && isOurs()) removeFile(path);
      server.close();
    },
  };
}

async function listenOn(server: Server, folder: string, name: string, claimant: Claimant): Promise<void> {
  // Nobody else may connect, from the first moment on.
  const before = claimant.umask(0o077);
  try {
    withSocketPath(folder, name, (path) => server.listen(path));
  } finally {
    claimant.umask(before);
  }
  await once(server, "listening");
}

/** Gives the socket under `ownName` the name that clients know, which nobody else has at that moment. */
async function takeName(beadsDir: string, ownName: string, claimant: Claimant): Promise<void> {
  const path = socketPath(beadsDir);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      linkSync(join(beadsDir, ownName), path);
      return;
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
    const found = statsAt(path);
    await refuseSecond(beadsDir);
    if (found !== undefined) removeStale(beadsDir, found, claimant);
  }
  throw new BdError("rejected", "DAEMON_RUNS", `others begin a daemon for ${beadsDir}, too`, {
    hint: command`bd daemon status`,
  });
}

/** Removes the file that was found to lead nowhere, and no other that came in its place meanwhile. */
function removeStale(beadsDir: string, stale: Stats, { pid }: Claimant): void {
  const aside = join(beadsDir, `bd-${pid}-stale.sock`);
  try {
    renameSync(socketPath(beadsDir), aside);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = statsAt(aside);
  if (moved !== undefined && moved.ino !== stale.ino) giveBack(aside, socketPath(beadsDir));
  removeFile(aside);
}

function giveBack(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // A third one has the name: the one that lost it sees that, and leaves.
  }
}

async function refuseSecond(beadsDir: string): Promise<void> {
  const found = statsAt(socketPath(beadsDir));
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new BdError("config", "DAEMON_SOCKET_BLOCKED", `${socketPath(beadsDir)} is there and is no socket`, {
      hint: command`bd where`,
    });
  }
  const answer = await greet(beadsDir);
  if (answer === "nobody") return;
  const who = answer === "silent" ? "somebody holds its socket, and does not answer" : `PID ${answer.pid}`;
  throw new BdError("rejected", "DAEMON_RUNS", `a daemon of ${beadsDir} runs already (${who})`, {
    hint: command`bd daemon status`,
    details: answer === "silent" ? {} : { pid: answer.pid },
  });
}

function statsAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not there, or is gone with its folder.
  }
}
