import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ONLY_COMMIT_HASH } from "../../core/commit-hash.ts";
import { BdError } from "../../errors.ts";
import { readTextFile } from "../../host/read-file.ts";

/**
 * What a folder that serves as a remote holds by our own eyes. `nothing`: no store, or no folder at all. `damaged`: a store
 * whose manifest names files that are gone. `foreign`: what is called manifest is none. `unseen`: we can't tell.
 */
export type FolderView =
  | { readonly kind: "nothing" | "unseen" }
  | { readonly kind: "foreign"; readonly why: string }
  | { readonly kind: "damaged"; readonly missing: readonly string[] }
  | { readonly kind: "store"; readonly manifest: string };

/** Between reading a manifest and looking for its files somebody may have joined files: then there is a newer one. */
const TRIES = 3;

/** Some 56 bytes for each of its files, of which there are a few hundred at most. */
const MOST_BYTES = 1024 * 1024;

/** Looks into the folder itself. The server is no witness: it goes on seeing a store that is not there any more. */
export function viewFolder(folder: string): FolderView {
  let missing: readonly string[] = [];
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    try {
      const manifest = readTextFile(join(folder, "manifest"), { maxBytes: MOST_BYTES });
      if (manifest === undefined) return { kind: "nothing" };
      missing = filesIn(manifest).filter((name) => !isThere(folder, name));
      if (missing.length === 0) return { kind: "store", manifest };
    } catch (error) {
      if (!(error instanceof BdError)) throw error;
      return error.code === "FILE_UNREADABLE" ? { kind: "unseen" } : { kind: "foreign", why: error.message };
    }
  }
  return { kind: "damaged", missing };
}

/** The names of the files that hold the data, of the one version that we know: `5:…:lock:root:gc:NAME:COUNT:NAME:COUNT`. */
function filesIn(manifest: string): string[] {
  const [version, , , , , ...specs] = manifest.trim().split(":");
  if (version !== "5") return [];
  return specs.filter((spec, index) => index % 2 === 0 && ONLY_COMMIT_HASH.test(spec));
}

function isThere(folder: string, name: string): boolean {
  return ["", ".darc"].some((suffix) => existsSync(join(folder, `${name}${suffix}`)));
}

/** What stands in a folder without a store. Dolt leaves one folder in each that it has looked into. */
export function withoutStore(folder: string): "missing" | "empty" | "occupied" {
  try {
    return readdirSync(folder).every((name) => name === "oldgen") ? "empty" : "occupied";
  } catch {
    return existsSync(folder) ? "occupied" : "missing";
  }
}
