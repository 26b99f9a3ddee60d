import { createHash } from "node:crypto";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { BdError, command } from "../errors.ts";

/** What a folder holds, in one word. */
export interface FolderDigest {
  /** SHA-256 over names, sizes and contents of all files, in the order of their names. */
  readonly hash: string;
  /** Of all files together. */
  readonly bytes: number;
}

export interface DigestRules {
  /** Names of files and folders that do not count, wherever they lie. */
  readonly without: ReadonlySet<string>;
  /** Let the disk have the files for good, so that no loss of power takes them. */
  readonly sync?: boolean;
  /** Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads everything below a folder. Throws BdError config FILE_NOT_REGULAR for links, pipes and devices, and errors of the
 * file system.
 */
export async function folderDigest(folder: string, rules: DigestRules): Promise<FolderDigest> {
  const hash = createHash("sha256");
  let bytes = 0;
  for (const name of await filesBelow(folder, "", rules)) {
    rules.signal?.throwIfAborted();
    const file = await open(join(folder, name), "r");
    try {
      const own = await digestOf(file);
      bytes += own.bytes;
      hash.update(`${name}\0${own.bytes}\0${own.hash}\n`);
      if (rules.sync === true) await file.sync();
    } finally {
      await file.close();
    }
  }
  return { hash: hash.digest("hex"), bytes };
}

async function digestOf(file: FileHandle): Promise<FolderDigest> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
    const read: Buffer = chunk;
    bytes += read.length;
    hash.update(read);
  }
  return { hash: hash.digest("hex"), bytes };
}

async function filesBelow(root: string, below: string, rules: DigestRules): Promise<string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(below, entry.name);
    if (rules.without.has(entry.name)) continue;
    if (entry.isDirectory()) found.push(...(await filesBelow(root, path, rules)));
    else if (entry.isFile()) found.push(path);
    else throw notPlain(join(root, path));
  }
  return found;
}

function notPlain(path: string): BdError {
  return new BdError("config", "FILE_NOT_REGULAR", `${path} is neither a file nor a folder, but a link or a device`, {
    hint: command`bd server status`,
    details: { path },
  });
}
