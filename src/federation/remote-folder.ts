import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What a folder that serves as a remote holds by our own eyes. `nothing`: no store, or no folder at all. `damaged`: a store
 * whose manifest names files that are gone. `unseen`: we can't tell.
 */
export type FolderView =
  | { readonly kind: "nothing" | "unseen" }
  | { readonly kind: "damaged"; readonly missing: readonly string[] }
  | { readonly kind: "store"; readonly manifest: string };

/** Between reading a manifest and looking for its files somebody may have joined files: then there is a newer one. */
const TRIES = 3;

/** Looks into the folder itself. The server is no witness: it goes on seeing a store that is not there any more. */
export async function viewFolder(folder: string): Promise<FolderView> {
  let missing: readonly string[] = [];
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    try {
      const manifest = await readFile(join(folder, "manifest"), "utf8");
      missing = filesIn(manifest).filter((name) => !isThere(folder, name));
      if (missing.length === 0) return { kind: "store", manifest };
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      return { kind: code === "ENOENT" || code === "ENOTDIR" ? "nothing" : "unseen" };
    }
  }
  return { kind: "damaged", missing };
}

/** The names of the files that hold the data, of the one version that we know: `5:…:lock:root:gc:NAME:COUNT:NAME:COUNT`. */
function filesIn(manifest: string): string[] {
  const [version, , , , , ...specs] = manifest.trim().split(":");
  if (version !== "5") return [];
  return specs.filter((spec, index) => index % 2 === 0 && /^[0-9a-v]{32}$/.test(spec));
}

function isThere(folder: string, name: string): boolean {
  return ["", ".darc"].some((suffix) => existsSync(join(folder, `${name}${suffix}`)));
}
