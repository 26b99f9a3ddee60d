import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createConnection } from "mysql2/promise";

export interface PrivateDoltOptions {
  /** Fills the data directory before the first start, for example from a fixture. */
  readonly seed?: (dataDir: string) => Promise<void>;
  /** Further arguments of `dolt sql-server`. */
  readonly arguments?: readonly string[];
  /** Settings of the server's listener that have no argument, such as `tls_key` and `tls_cert`. */
  readonly listener?: Readonly<Record<string, string | boolean>>;
  /** The text of a configuration file, which stands in place of all arguments. */
  readonly configuration?: (place: { readonly port: number; readonly dataDir: string }) => string;
  /** Further environment of the server. Nothing else of ours reaches it but PATH. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface PrivateDolt {
  readonly host: "127.0.0.1";
  /** Stays the same over `crash` and `start`. */
  readonly port: number;
  /** One folder per database. */
  readonly dataDir: string;
  /** The server's own HOME, where dolt keeps its global configuration. */
  readonly home: string;
  /** Of the running server; undefined while it is down. */
  readonly pid: number | undefined;
  /** What the server has printed so far, over all its starts. */
  log(): Promise<string>;
  /** Kills the server with SIGKILL and waits until it is gone; the data stays. */
  crash(): Promise<void>;
  /** Starts it again after `crash`, on the same port and data. */
  start(): Promise<void>;
  /** Ends the server and removes everything it wrote. Harmless when called twice. */
  stop(): Promise<void>;
}

/** Those that this process started, by their ports. */
const servers = new Map<number, PrivateDolt>();

/** The data directory of a server that this process started, undefined for any other. */
export function dataDirAt(port: number): string | undefined {
  return servers.get(port)?.dataDir;
}

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
const PORT_ATTEMPTS = 5;

/**
 * Starts a `dolt sql-server --no-auto-commit` that belongs to the caller alone: free port, own data directory and HOME
 * under the temporary directory, user `root` without a password. The binary is `BEADS_DOLT_BIN`, or `dolt` from PATH.
 * Resolves when it answers a query. It dies with this process even when `stop` is never called.
 */
export async function startPrivateDolt(options: PrivateDoltOptions = {}): Promise<PrivateDolt> {
  const root = await mkdtemp(join(tmpdir(), "bd-dolt-"));
  try {
    const dataDir = join(root, "data");
    const home = join(root, "home");
    await Promise.all([mkdir(dataDir), mkdir(home)]);
    await options.seed?.(dataDir);
    // Between finding a free port and listening on it somebody else may take it: then a new port is tried.
    for (let attempt = 1; ; attempt++) {
      const server = new Server({ root, dataDir, home, port: await freePort(), options });
      try {
        await server.start();
        servers.set(server.port, server);
        return server;
      } catch (error) {
        const taken = error instanceof ServerExited && error.message.includes("already in use");
        if (!taken || attempt === PORT_ATTEMPTS) throw error;
      }
    }
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
}

/** A TCP port of 127.0.0.1 that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return address.port;
}

class ServerExited extends Error {}

interface Place {
  readonly root: string;
  readonly dataDir: string;
  readonly home: string;
  readonly port: number;
  readonly options: PrivateDoltOptions;
}

class Server implements PrivateDolt {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly dataDir: string;
  readonly home: string;
  readonly #place: Place;
  readonly #logFile: string;
  #child: ChildProcess | undefined;
  readonly #killAtExit = (): void => {
    this.#child?.kill("SIGKILL");
    rmSync(this.#place.root, { recursive: true, force: true });
  };

  constructor(place: Place) {
    this.#place = place;
    this.port = place.port;
    this.dataDir = place.dataDir;
    this.home = place.home;
    this.#logFile = join(place.root, "server.log");
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async log(): Promise<string> {
    return readFile(this.#logFile, "utf8");
  }

  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error("the server is running already");
    const log = openSync(this.#logFile, "a");
    const child = spawn(process.env.BEADS_DOLT_BIN ?? "dolt", ["sql-server", ...(await this.#arguments())], {
      cwd: this.dataDir,
      env: {
        PATH: process.env.PATH ?? "",
        HOME: this.home,
        DOLT_DISABLE_EVENT_FLUSH: "true",
        ...this.#place.options.env,
      },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    await once(child, "spawn");
    this.#child = child;
    process.once("exit", this.#killAtExit);
    try {
      await this.#answers(child);
    } catch (error) {
      await this.crash();
      throw error;
    }
  }

  /** A configuration file stands instead of all arguments: dolt takes one or the other. */
  async #arguments(): Promise<readonly string[]> {
    const { root, dataDir, options } = this.#place;
    const file = join(root, "server.yaml");
    if (options.configuration !== undefined) {
      await writeFile(file, options.configuration(this));
      return ["--config", file];
    }
    if (options.listener === undefined) {
      const place = ["--host", this.host, "--port", String(this.port), "--data-dir", dataDir];
      return ["--no-auto-commit", ...place, ...(options.arguments ?? [])];
    }
    const listener = { host: this.host, port: this.port, ...options.listener };
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ data_dir: dataDir, behavior: { autocommit: false }, listener }));
    return ["--config", file];
  }

  async crash(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    servers.delete(this.port);
    await this.#end("SIGTERM");
    rmSync(this.#place.root, { recursive: true, force: true });
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    process.off("exit", this.#killAtExit);
    if (child === undefined || hasExited(child)) return;
    const exited = once(child, "exit");
    child.kill(signal);
    const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await exited;
    clearTimeout(impatience);
  }

  /** Waits for a query's answer; throws when the server ends or stays silent. */
  async #answers(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_DEADLINE_MS;
    for (;;) {
      if (hasExited(child)) throw new ServerExited(`dolt sql-server ended at once:\n${await this.log()}`);
      try {
        const password = this.#place.options.env?.["DOLT_ROOT_PASSWORD"] ?? "";
        const connection = await createConnection({ host: this.host, port: this.port, user: "root", password });
        await connection.query("SELECT 1");
        await connection.end();
        // Somebody else's server on that port would answer too, while ours gives up.
        if (!hasExited(child)) return;
      } catch (error) {
        if (Date.now() > deadline)
          throw new Error(`dolt sql-server does not answer:\n${await this.log()}`, { cause: error });
      }
      await delay(50);
    }
  }
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
