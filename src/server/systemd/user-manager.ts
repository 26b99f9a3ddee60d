import { BdError, command } from "../../errors.ts";
import { lastLines, runTool } from "../../host/child-process.ts";
import type { ServerEnvironment } from "../server-environment.ts";

const TIMEOUT_MS = 90_000; // a stop may take the unit's TimeoutStopSec
const LOOK_TIMEOUT_MS = 5000;

export type UnitProperties = ReadonlyMap<string, string>;

/**
 * Throws where there is no `systemd --user` to talk to.
 *
 * @throws BdError `unavailable` NO_USER_MANAGER
 */
export async function requireUserManager(environment: ServerEnvironment): Promise<void> {
  const why = await userManagerObstacle(environment);
  if (why === undefined) return;
  const lacksPlace = environment.platform === "linux" && !environment.env["XDG_RUNTIME_DIR"];
  throw new BdError("unavailable", "NO_USER_MANAGER", `There is no user manager of systemd here: ${why}`, {
    // After `su` and `sudo` the variable is missing although the manager may run.
    hint: lacksPlace ? command`export XDG_RUNTIME_DIR=/run/user/$(id -u)` : command`bd server start`,
    details: { reason: why },
  });
}

/** Why `systemctl --user` would not work; undefined when it does. */
async function userManagerObstacle(environment: ServerEnvironment): Promise<string | undefined> {
  if (environment.platform !== "linux") return `${environment.platform} has no systemd`;
  const args = ["--user", "show", "--property=Version"];
  const result = await runTool(environment, { path: "systemctl", args, timeoutMs: LOOK_TIMEOUT_MS });
  if (result.kind === "unrunnable") return `systemctl does not run (${result.reason})`;
  if (result.exitCode === 0) return undefined;
  return lastLines(result.stderr, 1)[0] ?? "systemctl does not answer";
}

/** @throws BdError `unavailable` SYSTEMCTL_FAILED */
export async function systemctl(environment: ServerEnvironment, ...args: readonly string[]): Promise<string> {
  const result = await runTool(environment, { path: "systemctl", args: ["--user", ...args], timeoutMs: TIMEOUT_MS });
  if (result.kind === "ended" && result.exitCode === 0) return result.stdout;
  const why = result.kind === "ended" ? lastLines(result.stderr, 3).join(" ") : result.reason;
  const line = `systemctl --user ${args.join(" ")}`;
  throw new BdError("unavailable", "SYSTEMCTL_FAILED", `\`${line}\` failed: ${why || "it did not end in time"}`, {
    hint: command`bd server status`,
    details: { command: line },
  });
}

/** Properties of a unit, by name; empty values are left out, times are in UTC. Undefined where systemd does not say. */
export async function showUnit(
  environment: ServerEnvironment,
  unit: string,
  names: readonly string[],
): Promise<UnitProperties | undefined> {
  const args = ["--user", "show", `--property=${names.join(",")}`, unit];
  // So that times are all written alike.
  const env = { TZ: "UTC", LC_ALL: "C" };
  const result = await runTool(environment, { path: "systemctl", args, env, timeoutMs: LOOK_TIMEOUT_MS });
  if (result.kind === "unrunnable" || result.exitCode !== 0) return undefined;
  const lines = result.stdout.split("\n").map((line) => /^(\w+)=(.+)$/.exec(line));
  return new Map(lines.flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""]])));
}

/** Forgets that a unit failed. Where there is nothing to forget, some systemds call that a failure. */
export async function resetFailed(environment: ServerEnvironment, unit: string): Promise<void> {
  await runTool(environment, { path: "systemctl", args: ["--user", "reset-failed", unit], timeoutMs: LOOK_TIMEOUT_MS });
}

/**
 * The end of a unit's journal, oldest first.
 *
 * @throws BdError `unavailable` JOURNAL_UNREADABLE
 */
export async function journalOf(
  environment: ServerEnvironment,
  unit: string,
  count: number,
): Promise<readonly string[]> {
  // With --quiet it would not say that it may not read.
  const args = ["--user", "--unit", unit, "--lines", String(count), "--output", "cat", "--no-pager"];
  const result = await runTool(environment, { path: "journalctl", args, timeoutMs: LOOK_TIMEOUT_MS });
  const lines = result.kind === "ended" && result.exitCode === 0 ? lastLines(result.stdout, count) : undefined;
  const entries = lines?.filter((line) => line !== "-- No entries --");
  const complaint = result.kind === "ended" ? lastLines(result.stderr, 3).join(" ") : result.reason;
  if (entries !== undefined && (entries.length > 0 || complaint === "")) return entries;
  throw new BdError(
    "unavailable",
    "JOURNAL_UNREADABLE",
    `can't read the journal of ${unit}: ${complaint || "journalctl failed"}`,
    {
      hint: command`bd server status`,
      details: { unit },
    },
  );
}

/** Whether the person's units go on without a login; undefined where nobody says. */
export async function readLinger(environment: ServerEnvironment): Promise<boolean | undefined> {
  const user = environment.env["USER"] ?? "";
  const args = ["show-user", "--property=Linger", "--value", ...(user === "" ? [] : [user])];
  const result = await runTool(environment, { path: "loginctl", args, timeoutMs: LOOK_TIMEOUT_MS });
  if (result.kind === "unrunnable" || result.exitCode !== 0) return undefined;
  return result.stdout.trim() === "yes";
}
