import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { accessSync, constants, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import * as z from "zod/mini";
import { doltBinary } from "./dolt-binary.ts";

/** An engine that runs containers. */
export interface ContainerEngine {
  /** For DOCKER_HOST. */
  readonly dockerHost: string;
  /** Removes what we made. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 30_000;
const PULL_LIMIT_MS = 300_000;

/** The compose file's image, which is the only place that names it. */
export function serverImage(): string {
  const text = readFileSync(join(import.meta.dirname, "../../docker-compose.yml"), "utf8");
  const { "x-dolt": dolt } = z
    .object({ "x-dolt": z.object({ image: z.string() }) })
    .parse(parse(text, { merge: true }));
  return dolt.image.replace(/\$\{\w+:-([^}]*)\}/, "$1");
}

/** Runs `docker` on that engine and gives what it printed; throws Error with what it complained of. */
export function docker(dockerHost: string | undefined, args: readonly string[], timeout = 60_000): string {
  const env = {
    ...process.env,
    DOCKER_BUILDKIT: "0",
    ...(dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }),
  };
  const { status, stdout, stderr, error } = spawnSync("docker", args, { env, timeout, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`docker ${args.join(" ")}: ${stderr.trim()}`);
  return stdout.trim();
}

/** The engine that answers here, if any. It belongs to somebody: only what tests make in it is removed. */
export function runningEngine(): ContainerEngine | undefined {
  try {
    docker(undefined, ["version", "-f", "{{.Server.Version}}"], 10_000);
    const dockerHost =
      process.env["DOCKER_HOST"] ?? docker(undefined, ["context", "inspect", "-f", "{{.Endpoints.docker.Host}}"]);
    return { dockerHost, stop: async () => {} };
  } catch {
    return undefined;
  }
}

/**
 * Starts a `dockerd` that touches no firewall and no routing, and dies with this process, containers and all: it is the
 * first process of a PID namespace that goes with its parent. Throws Error that says what is missing.
 */
export async function startPrivateEngine(): Promise<ContainerEngine> {
  if (process.getuid?.() !== 0) throw new Error("no container engine answers, and only root can start one");
  const dockerd = programAt("dockerd");
  if (dockerd === undefined) throw new Error("no container engine answers, and there is no dockerd to start");
  // The path of a socket may have 107 bytes.
  const folder = mkdtempSync("/tmp/bd-engine-");
  let failure = "";
  for (const storage of ["overlay2", "vfs"]) {
    const engine = new PrivateEngine(folder, dockerd, storage);
    if (await engine.answers()) return engine;
    failure = engine.lastWords();
    await engine.end();
  }
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`dockerd does not start: ${failure}`);
}

class PrivateEngine implements ContainerEngine {
  readonly dockerHost: string;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #output: Buffer[] = [];
  readonly #removeAtExit = (): void => this.#remove();

  constructor(folder: string, dockerd: string, storage: string) {
    this.#folder = folder;
    this.dockerHost = `unix://${folder}/docker.sock`;
    const places = ["data-root", "exec-root"].map((place) => `--${place}=${join(folder, storage, place)}`);
    const quiet = ["iptables", "ip6tables", "ip-masq", "ip-forward"].map((what) => `--${what}=false`);
    const dying = "--pdeathsig KILL unshare --mount --pid --mount-proc --fork --kill-child".split(" ");
    const engine = ["--host", this.dockerHost, "--pidfile", join(folder, "docker.pid"), "--storage-driver", storage];
    const settings = ["--bridge=none", "--userland-proxy=true", "--log-level=warn", ...places, ...quiet];
    this.#child = spawn("setpriv", [...dying, dockerd, ...engine, ...settings], {
      // It looks for its own programs there.
      env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => this.#output.push(chunk));
    }
    this.#child.on("error", (error) => this.#output.push(Buffer.from(error.message)));
    process.once("exit", this.#removeAtExit);
  }

  async answers(): Promise<boolean> {
    const deadline = Date.now() + START_DEADLINE_MS;
    while (Date.now() < deadline && !this.#ended()) {
      try {
        docker(this.dockerHost, ["version"], 5000);
        return true;
      } catch {
        await delay(100);
      }
    }
    return false;
  }

  lastWords(): string {
    return Buffer.concat(this.#output).toString("utf8").trim().split("\n").slice(-3).join("\n");
  }

  /** Orderly, so that no bridge stays behind at the machine. */
  async stop(): Promise<void> {
    const containers = docker(this.dockerHost, ["ps", "-aq"]).split("\n").filter(Boolean);
    if (containers.length > 0) docker(this.dockerHost, ["rm", "-f", ...containers]);
    docker(this.dockerHost, ["network", "prune", "-f"]);
    await this.end();
    this.#remove();
  }

  async end(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill("SIGKILL");
    if (!this.#ended()) await gone;
    process.off("exit", this.#removeAtExit);
  }

  #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }

  #remove(): void {
    this.#child.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * Has the image in the engine: it is there, or it can be pulled, or it is built from the static dolt of the tests and
 * nothing else. Gives what removes it again. Throws Error where nothing of this works.
 */
export function obtainImage(dockerHost: string, image: string): () => void {
  if (succeeds(() => docker(dockerHost, ["image", "inspect", image]))) return () => {};
  if (succeeds(() => docker(dockerHost, ["pull", "-q", image], PULL_LIMIT_MS))) return () => {};
  const context = mkdtempSync("/tmp/bd-image-");
  try {
    copyFileSync(doltBinary(), join(context, "dolt"));
    writeFileSync(join(context, "Dockerfile"), DOCKERFILE);
    docker(dockerHost, ["build", "-q", "-t", image, context]);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
  const remove = () => void succeeds(() => docker(dockerHost, ["image", "rm", "-f", image]));
  try {
    docker(dockerHost, ["run", "--rm", "--network=none", "--entrypoint=dolt", image, "version"]);
  } catch (error) {
    remove();
    throw new Error(`the image ${image} can't be pulled, and ${doltBinary()} runs in none (is it static?)`, {
      cause: error,
    });
  }
  return remove;
}

// What the compose file uses of the official image: the folder, and that arguments go to the server.
const DOCKERFILE = `FROM scratch
COPY dolt /usr/local/bin/dolt
ENV PATH=/usr/local/bin HOME=/home/dolt DOLT_DISABLE_EVENT_FLUSH=true
WORKDIR /home/dolt
WORKDIR /tmp
WORKDIR /var/lib/dolt
VOLUME /var/lib/dolt
EXPOSE 3306
ENTRYPOINT ["dolt", "sql-server", "--host=0.0.0.0", "--port=3306"]
`;

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

function programAt(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => succeeds(() => accessSync(path, constants.X_OK)));
}
