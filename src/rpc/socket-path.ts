import { lstatSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";

/** The name of the socket in the `.beads` folder of its workspace. */
const SOCKET_NAME = "bd.sock";

export const socketPath = (beadsDir: string): string => join(beadsDir, SOCKET_NAME);

/** The least of what systems take for the path of a socket, in bytes: macOS has 104 with the zero at the end. */
const LONGEST_PATH = 103;

/**
 * Calls `use` with a path of a socket in a folder that the system takes: a name in the folder itself where the whole path
 * is too long, during which that is the working directory of the process. `use` must be done with the path when it
 * returns; to connect and to listen are.
 */
export function withSocketPath<T>(folder: string, name: string, use: (path: string) => T): T {
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return use(path);
  const before = process.cwd();
  process.chdir(folder);
  try {
    return use(`./${name}`);
  } finally {
    process.chdir(before);
  }
}

/** Whether nobody else has put it there: the socket of another user is nobody's to talk to. */
export function isOwnSocket(beadsDir: string): boolean {
  const stats = lstatSync(socketPath(beadsDir), { throwIfNoEntry: false });
  return stats === undefined || stats.uid === process.geteuid?.();
}

export function connectTo(beadsDir: string): Socket {
  return withSocketPath(beadsDir, SOCKET_NAME, (path) => connect(path));
}
