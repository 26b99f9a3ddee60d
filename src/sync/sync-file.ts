import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { BdError, command } from "../errors.ts";
import type { Owners } from "../host/owners.ts";
import { isLink, readStream } from "../host/read-file.ts";
import { writeTextFile } from "../host/write-file.ts";

export const SYNC_FILE = "issues.jsonl";
const MOST_BYTES = 512 * 1024 * 1024;

/** Where the file is, and whose it may be. */
export interface FilePlace {
  readonly beadsDir: string;
  readonly owners?: Owners;
}

/** The file of issues as it was at one moment. */
export interface SyncFile {
  readonly text: string;
  /** What git calls these bytes. */
  readonly blob: string;
  /** What tells this file from one that was written since, without a look into it. */
  readonly stamp: string;
}

/**
 * Reads the workspace's file; undefined where there is none. No link is followed. Throws BdError config FILE_IS_LINK,
 * conflict SYNC_UNREADABLE, and as `readStream`.
 */
export async function readSyncFile(
  { beadsDir, owners }: FilePlace,
  format: ObjectFormat,
): Promise<SyncFile | undefined> {
  const path = syncPath(beadsDir);
  for (;;) {
    const stamp = stampOf(beadsDir);
    if (stamp === undefined) return undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of readStream(path, { ...(owners === undefined ? {} : { owners }), maxBytes: MOST_BYTES }))
      chunks.push(chunk);
    // Whoever writes it in place is waited for.
    if (stampOf(beadsDir) !== stamp) continue;
    const bytes = Buffer.concat(chunks);
    if (!isUtf8(bytes)) {
      throw new BdError("conflict", "SYNC_UNREADABLE", `${path} is not UTF-8: nothing was taken in, nothing written`, {
        hint: command`bd sync --status`,
        details: { path },
      });
    }
    return { text: bytes.toString("utf8"), blob: blobOf(bytes, format), stamp };
  }
}

/** Replaces the file, unless somebody changed it since `stamp`: false then. A new one may be read by everybody. */
export function writeSyncFile(beadsDir: string, text: string, stamp: string | undefined): boolean {
  const onlyIf = () => stampOf(beadsDir) === stamp;
  return onlyIf() && writeTextFile(syncPath(beadsDir), text, { within: beadsDir, onlyIf });
}

/** One look at the file's stat; undefined where there is none. Throws BdError config FILE_IS_LINK. */
export function stampOf(beadsDir: string): string | undefined {
  const path = syncPath(beadsDir);
  if (isLink(path)) {
    throw new BdError("config", "FILE_IS_LINK", `${path} is a symbolic link: bd sync follows none`, {
      hint: command`ls -l ${path}`,
      details: { path },
    });
  }
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(":");
}

export function syncPath(beadsDir: string): string {
  return join(beadsDir, SYNC_FILE);
}

/** By what a repository names its objects. */
export type ObjectFormat = "sha1" | "sha256";

const SHA256_LENGTH = 64;

/** The format that an object was named by. */
export function formatOf(name: string): ObjectFormat {
  return name.length === SHA256_LENGTH ? "sha256" : "sha1";
}

export function blobOf(bytes: Uint8Array | string, format: ObjectFormat): string {
  const length = typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length;
  return createHash(format).update(`blob ${length}\0`).update(bytes).digest("hex");
}
