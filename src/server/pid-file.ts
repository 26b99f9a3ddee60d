import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import * as z from "zod/mini";
import { errnoOf } from "../host/errno.ts";
import { inspectProcess } from "./process-identity.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import type { ServerPaths } from "./server-paths.ts";

/**
 * One JSON line. While a server starts it names the starting `bd`, so that of two starts at once one waits; then the
 * server. It comes and goes by link and rename, so that nobody ever reads half of it.
 */
const PidRecord = z.discriminatedUnion("state", [
  z.object({ state: z.literal("starting"), pid: z.number(), processStarted: z.string() }),
  z.object({
    state: z.literal("running"),
    pid: z.number(),
    processStarted: z.string(),
    host: z.string(),
    port: z.number(),
    dataDir: z.string(),
    doltPath: z.string(),
    doltVersion: z.string(),
  }),
]);
export type PidRecord = z.infer<typeof PidRecord>;

/** A server that `bd server start` started and that runs. */
export type OwnServer = Omit<Extract<PidRecord, { state: "running" }>, "state">;

export type PidFileState =
  | { readonly kind: "none" }
  | { readonly kind: "starting"; readonly pid: number }
  | { readonly kind: "running"; readonly server: OwnServer }
  /** What it names does not run any more. `why` is a whole sentence; `text` is what was read. */
  | { readonly kind: "stale"; readonly why: string; readonly text: string };

export async function readPidFile(environment: ServerEnvironment, paths: ServerPaths): Promise<PidFileState> {
  const text = await readIfThere(paths.pidFile);
  if (text === undefined) return { kind: "none" };
  const record = parseRecord(text);
  if (record === undefined) return { kind: "stale", why: `The pid file ${paths.pidFile} is unreadable`, text };

  const found = await inspectProcess(environment, record.pid);
  if (found === undefined) return { kind: "stale", why: `The process ${record.pid} of our pid file is gone`, text };
  const isSame = found.startedAt === record.processStarted;
  if (record.state === "starting" && isSame) return { kind: "starting", pid: record.pid };
  if (record.state === "running" && isSame && isServerOf(found.commandLine, record.dataDir)) {
    const { state: _, ...server } = record;
    return { kind: "running", server };
  }
  return { kind: "stale", why: `The pid ${record.pid} of our pid file belongs to another process now`, text };
}

/** Puts the record of this starting process in place; false when somebody else was first. */
export async function claimPidFile(environment: ServerEnvironment, paths: ServerPaths): Promise<boolean> {
  const self = await inspectProcess(environment, environment.pid);
  const record = { state: "starting", pid: environment.pid, processStarted: self?.startedAt ?? "" } as const;
  const draft = await writeDraft(paths, record);
  try {
    await link(draft, paths.pidFile);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Replaces our claim by the server that we started. */
export async function recordServer(paths: ServerPaths, server: OwnServer): Promise<void> {
  await rename(await writeDraft(paths, { state: "running", ...server }), paths.pidFile);
}

/** Removes the file if it still holds `text`: meanwhile another process may have put its own claim there. */
export async function removeStalePidFile(paths: ServerPaths, text: string): Promise<void> {
  const aside = draftName(paths);
  try {
    await rename(paths.pidFile, aside);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw error;
  }
  try {
    if ((await readIfThere(aside)) !== text) await link(aside, paths.pidFile);
  } catch (error) {
    // A third process has claimed it in between. Then two may start a server, and dolt itself lets only one have the port.
    if (errnoOf(error) !== "EEXIST") throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** For the process that holds the claim, and for the one that stopped the server. */
export async function removePidFile(paths: ServerPaths): Promise<void> {
  await rm(paths.pidFile, { force: true });
}

function isServerOf(commandLine: string, dataDir: string): boolean {
  return commandLine.includes(" sql-server ") && `${commandLine} `.includes(` --data-dir ${dataDir} `);
}

function parseRecord(text: string): PidRecord | undefined {
  try {
    return PidRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function writeDraft(paths: ServerPaths, record: PidRecord): Promise<string> {
  const draft = draftName(paths);
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600, flag: "wx" });
  return draft;
}

function draftName(paths: ServerPaths): string {
  return `${paths.pidFile}.${randomUUID()}`;
}
