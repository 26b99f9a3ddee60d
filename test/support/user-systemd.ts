import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { doltBinary } from "./dolt-binary.ts";

const PROJECT = join(import.meta.dirname, "../..");
const RUNNER = join(import.meta.dirname, "with-user-systemd.sh");

/** A person's machine with systemd: a home directory, and node, bd and dolt in /usr/local/bin. */
export interface SystemdMachine {
  /** Empty at first. */
  readonly home: string;
  /** Where /usr/local/bin is from outside. */
  readonly bin: string;
  /** Runs a bash script beside a fresh user manager, from the home directory; one that fails is an error. */
  run(script: string): Promise<MachineRun>;
  /** Writes a file below the home directory. */
  write(path: string, text: string, mode?: number): void;
  read(path: string): string;
}

export interface MachineRun {
  readonly stdout: string;
  readonly stderr: string;
  /** Of the manager and all units. */
  readonly journal: string;
}

/** Why there can be no such machine here; undefined when there can. */
export function systemdObstacle(): string | undefined {
  const { folder, remove } = makeFolder();
  try {
    const { status, stderr } = spawnSync(RUNNER, [folder, "true"], { encoding: "utf8" });
    return status === 0 ? undefined : stderr.trim() || `the user manager ended with ${status}`;
  } finally {
    remove();
  }
}

const DEADLINE_MS = 90_000;

/** What scripts may use. `wait_for COMMAND…`: until it succeeds, at most half a minute; `answers PORT`: whether somebody listens. */
const PRELUDE = `
wait_for() {
  for _ in $(seq 300); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "waited in vain for: $*" >&2
  return 1
}
answers() { (exec 3<>"/dev/tcp/127.0.0.1/\${1:-3307}") 2>/dev/null; }
`;

/** A machine that goes with the test. It stays the same over several runs, as over several boots. */
export function testMachine(): SystemdMachine {
  const { folder, remove } = makeFolder();
  onTestFinished(remove);
  const home = join(folder, "home");
  const bin = join(folder, "bin");
  const project = join(folder, "project");
  mkdirSync(project);
  // Mounted, because the person may not look into the folders that these are in.
  const mounts = [
    [process.execPath, join(bin, "node")],
    [doltBinary(), join(bin, "dolt")],
    [PROJECT, project],
  ];
  for (const tool of ["node", "dolt"]) writeFileSync(join(bin, tool), "", { mode: 0o755 });
  symlinkSync(join(project, "dist/bd.cjs"), join(bin, "bd"));
  const machine: SystemdMachine = {
    home,
    bin,
    run: (script) => run(folder, mounts.map((pair) => pair.join(" ")).join("\n"), script),
    write(path, text, mode = 0o644) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text, { mode });
      chmodSync(join(home, path), mode);
    },
    read: (path) => readFileSync(join(home, path), "utf8"),
  };
  return machine;
}

/** Puts a file as it is shipped where the person's units live. */
export function installShipped(machine: SystemdMachine, name: string, target = name): void {
  machine.write(`.config/systemd/user/${target}`, readFileSync(join(PROJECT, "systemd", name), "utf8"));
}

function makeFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "bd-systemd-"));
  chmodSync(folder, 0o755);
  for (const name of ["home", "bin"]) mkdirSync(join(folder, name));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function run(folder: string, mounts: string, script: string): Promise<MachineRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(RUNNER, [folder, "bash", "-ec", PRELUDE + script], {
      env: { PATH: process.env["PATH"] ?? "", MOUNTS: mounts },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const limit = setTimeout(() => child.kill("SIGTERM"), DEADLINE_MS);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(limit);
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString("utf8");
      const journal = readFileSync(join(folder, "journal"), { encoding: "utf8", flag: "a+" });
      const printed = { stdout: text(stdout), stderr: text(stderr) };
      if (code === 0) resolve({ ...printed, journal });
      else reject(new Error(`the script ended with ${code}: ${JSON.stringify(printed, undefined, 2)}\n${journal}`));
    });
  });
}
