import { type HostProcess, hostProcess, type Variables } from "./store-address.ts";

/**
 * Who is told that something waits for a mirror: the daemon of the workspace that the app stands in (`daemon`), a
 * `bd tracker sync` that is started for it (`process`), or nobody.
 */
export type MirrorTold = "daemon" | "process" | "off";

const TOLD = `${JSON.stringify({ id: 1, op: "daemon.event", input: { event: "tracker-changed" } })}\n`;
const LONGEST_MS = 2000;
/** Changes that follow one another are brought over together. */
const PAUSE_MS = 100;

/**
 * Gives what is called after each change: it begins to tell a mirror, and returns at once. One telling at a time, and one
 * more for all that happened meanwhile. Where functions run, nothing is attempted: the entries wait in the stream.
 */
export function mirrorTeller(told: MirrorTold, env: Variables, host = hostProcess()): () => void {
  const tell = told === "off" || env["VERCEL"] ? undefined : tellerFor(told, env, host);
  if (tell === undefined) return () => {};
  let [isTelling, isMore] = [false, false];
  const go = () => {
    isMore = isTelling;
    if (isTelling) return;
    isTelling = true;
    tell(() => {
      const timer: unknown = setTimeout(() => {
        isTelling = false;
        if (isMore) go();
      }, PAUSE_MS);
      // It keeps no process alive.
      if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function")
        timer.unref();
    });
  };
  return go;
}

/** Calls back once, whatever became of it. Undefined where there is no such host. */
type Teller = (done: () => void) => void;

function tellerFor(told: "daemon" | "process", env: Variables, host: HostProcess): Teller | undefined {
  if (host.getBuiltinModule === undefined) return undefined;
  return told === "daemon" ? daemonTeller(host, env) : processTeller(host);
}

function daemonTeller(host: HostProcess, env: Variables): Teller {
  return (done) => {
    const path = socketOf(host, env);
    const net = builtin(host, "net");
    if (path === undefined || net === undefined) return done();
    const socket = net.connect(path);
    socket.unref();
    socket.setTimeout(LONGEST_MS, () => socket.destroy());
    socket.on("error", () => {});
    socket.once("close", () => done());
    socket.once("data", () => socket.end(TOLD));
  };
}

function processTeller(host: HostProcess): Teller {
  return (done) => {
    const child = builtin(host, "child_process")?.spawn("bd", ["tracker", "sync", "--once", "--quiet"], {
      stdio: "ignore",
      detached: true,
    });
    if (child === undefined) return done();
    child.unref();
    let isOver = false;
    const end = () => {
      if (!isOver) done();
      isOver = true;
    };
    child.once("error", end);
    child.once("exit", end);
  };
}

/** The socket of the nearest workspace above the app, where this user's daemon listens. */
function socketOf(host: HostProcess, env: Variables): string | undefined {
  const fs = builtin(host, "fs");
  const path = builtin(host, "path");
  if (fs === undefined || path === undefined) return undefined;
  const folders = env["BEADS_DIR"] ? [env["BEADS_DIR"]] : [];
  for (let at = host.cwd?.() ?? "/"; folders.length === 0; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, ".beads"))) folders.push(path.join(at, ".beads"));
    if (at === path.dirname(at)) break;
  }
  const [folder] = folders;
  if (folder === undefined) return undefined;
  const socket = path.join(folder, "bd.sock");
  const stats = fs.lstatSync(socket, { throwIfNoEntry: false });
  return stats?.isSocket() === true && stats.uid === host.geteuid?.() ? socket : undefined;
}

/** As much of Node's modules as is used: this file has no types of Node, as its users may have none. */
interface Net {
  connect(path: string): Hearing & {
    unref(): void;
    setTimeout(ms: number, act: () => void): void;
    end(text: string): void;
    destroy(): void;
  };
}
interface ChildProcesses {
  spawn(
    program: string,
    args: readonly string[],
    options: { readonly stdio: "ignore"; readonly detached: boolean },
  ): Hearing & { unref(): void };
}
interface Files {
  existsSync(path: string): boolean;
  lstatSync(
    path: string,
    options: { readonly throwIfNoEntry: false },
  ): { isSocket(): boolean; readonly uid: number } | undefined;
}
interface Paths {
  join(...parts: string[]): string;
  dirname(path: string): string;
}
interface Hearing {
  on(event: string, act: () => void): unknown;
  once(event: string, act: () => void): unknown;
}

interface Modules {
  readonly net: Net;
  readonly child_process: ChildProcesses;
  readonly fs: Files;
  readonly path: Paths;
}

function builtin<Name extends keyof Modules>(host: HostProcess, name: Name): Modules[Name] | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is Node's module of that name
  return host.getBuiltinModule?.(name) as Modules[Name] | undefined;
}
