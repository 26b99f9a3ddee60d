import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inject } from "vitest";
import { docker } from "./container-engine.ts";
import { Shell, type ShellResult } from "./container-shell.ts";
import { freePort } from "./private-dolt.ts";
import { BD_PATH } from "./run-bd.ts";

/** How a person calls compose: version 2 or newer, or Debian's 1.29. */
export type ComposeCommand = "docker compose" | "docker-compose";

const ROOT = join(import.meta.dirname, "../..");
const READY_DEADLINE_MS = 120_000;

/** Why that compose can't be run here; undefined where it can. */
export function composeObstacle(command: ComposeCommand): string | undefined {
  const { obstacle } = inject("containers");
  if (obstacle !== undefined) return obstacle;
  const { status, stdout } = spawnSync(`${command} version --short`, { shell: true, encoding: "utf8" });
  const wanted = command === "docker compose" ? /^v?[2-9]/ : /^1\.29/;
  if (status === 0 && wanted.test(stdout)) return undefined;
  return command === "docker compose" ? "`docker compose` is not there" : "there is no docker-compose 1.29";
}

/** A person's machine on which docs/deploy-compose.md is followed. Ports and the name of the project are its own. */
export class ComposeMachine {
  readonly home: string;
  readonly project: string;
  readonly port: number;
  readonly shell: Shell;
  readonly #command: ComposeCommand;
  readonly #dockerHost: string;
  readonly #image: string;
  readonly #names: string[] = [];

  private constructor(command: ComposeCommand, [port, remotePort]: readonly [number, number]) {
    const containers = inject("containers");
    if (containers.obstacle !== undefined) throw new Error(containers.obstacle);
    this.#command = command;
    this.#dockerHost = containers.dockerHost;
    this.#image = containers.image;
    this.port = port;
    this.home = mkdtempSync("/tmp/bd-compose-");
    this.project = this.home.slice("/tmp/".length).toLowerCase();
    const bin = join(this.home, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "bd"), `#!/bin/sh\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`);
    chmodSync(join(bin, "bd"), 0o755);
    const env = {
      PATH: `${bin}:${process.env["PATH"]}`,
      HOME: this.home,
      DOCKER_HOST: this.#dockerHost,
      DOCKER_CONFIG: process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"),
      COMPOSE_PROJECT_NAME: this.project,
      BD_PORT: String(port),
      BD_REMOTE_PORT: String(remotePort),
      BEADS_DOLT_SERVER_PORT: String(port),
      BEADS_ACTOR: "ann",
    };
    this.shell = new Shell({ cwd: ROOT, env });
  }

  static async make(command: ComposeCommand): Promise<ComposeMachine> {
    return new ComposeMachine(command, [await freePort(), await freePort()]);
  }

  /** Types lines as the document has them, for this compose and port; hides what is of this machine in the output. */
  async type(lines: string): Promise<ShellResult> {
    const own = lines
      .replaceAll("docker compose", this.#command)
      .replaceAll("beads_dolt-data", `${this.project}_dolt-data`)
      .replaceAll("127.0.0.1:3307", `127.0.0.1:${this.port}`);
    const { code, output } = await this.shell.run(own);
    return { code, output: output.replaceAll(`127.0.0.1:${this.port}`, "127.0.0.1:3307").replaceAll(this.home, "~") };
  }

  /** As `type`, for lines that must succeed. */
  async run(lines: string): Promise<string> {
    const { code, output } = await this.type(lines);
    if (code !== 0) throw new Error(`${lines}\nended with ${code}:\n${output}`);
    return output;
  }

  docker(...args: readonly string[]): string {
    return docker(this.#dockerHost, args);
  }

  /** Gives the server's image another name, unless an image has it. */
  nameImage(name: string): void {
    if (this.docker("image", "ls", "-q", name) !== "") return;
    this.docker("tag", this.#image, name);
    this.#names.push(name);
  }

  /** The names of what the project has in the engine. */
  things(kind: "container" | "network" | "volume"): string[] {
    const all = kind === "container" ? ["--all", "--format", "{{.Names}}"] : ["--format", "{{.Name}}"];
    const filter = `label=com.docker.compose.project=${this.project}`;
    return this.docker(kind, "ls", ...all, "--filter", filter)
      .split("\n")
      .filter(Boolean)
      .toSorted();
  }

  container(service: string): string {
    const filters = [`project=${this.project}`, `service=${service}`, "oneoff=False"];
    const labels = filters.flatMap((label) => ["--filter", `label=com.docker.compose.${label}`]);
    return this.docker("ps", "-aq", "--no-trunc", ...labels);
  }

  /** Waits for what the document calls well: servers healthy, the others ended. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_DEADLINE_MS;
    for (;;) {
      const states = this.things("container").map((name) =>
        this.docker(
          "inspect",
          "-f",
          "{{.State.Status}} {{.State.ExitCode}} {{with .State.Health}}{{.Status}}{{end}}",
          name,
        ),
      );
      if (states.every((state) => state === "running 0 healthy" || state === "exited 0")) return;
      if (Date.now() > deadline) throw new Error(`containers are not ready: ${states.join(", ")}`);
      await delay(200);
    }
  }

  /** The server's process as this machine sees it. */
  serverPid(service: string): number {
    const id = this.container(service);
    const pid = readdirSync("/proc").find(
      (name) =>
        /^\d+$/.test(name) &&
        fileOf(name, "cgroup").includes(id) &&
        fileOf(name, "cmdline").startsWith("dolt\0sql-server"),
    );
    if (pid === undefined) throw new Error(`no process of this machine belongs to the container of ${service}`);
    return Number(pid);
  }

  async remove(): Promise<void> {
    await this.shell.close();
    const containers = this.things("container");
    if (containers.length > 0) this.docker("rm", "-f", "-v", ...containers);
    for (const kind of ["network", "volume"] as const) {
      for (const name of this.things(kind)) this.docker(kind, "rm", name);
    }
    for (const name of this.#names) this.docker("image", "rm", name);
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** The command lines of all processes of this machine. */
export function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => fileOf(name, "cmdline"));
}

/** Of a process that may be gone by now. */
function fileOf(pid: string, file: string): string {
  try {
    return readFileSync(join("/proc", pid, file), "utf8");
  } catch {
    return "";
  }
}
