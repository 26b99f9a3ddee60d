import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nix, nixFixtures } from "./nix.ts";

const root = join(import.meta.dirname, "../..");

/** This project as a flake in a git repository of its own, as it stands: with what is not committed yet. */
export interface ProjectFlake {
  /** The repository. */
  readonly folder: string;
  /** For `inputs.beads.url`. */
  readonly url: string;
  /** `nix ARGUMENTS`, offline, with a store of its own; `inputs` are replaced by stand-ins. Gives stdout. */
  run(args: readonly string[], inputs?: Readonly<Record<string, string>>): Promise<string>;
  remove(): void;
}

/** The caller removes it. */
export function makeProjectFlake(): ProjectFlake {
  const temporary = mkdtempSync(join(tmpdir(), "bd-flake-"));
  const folder = join(temporary, "project");
  for (const path of projectFiles()) cpSync(join(root, path), join(folder, path));
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
  ])
    execFileSync("git", ["-C", folder, ...args]);
  const features = ["--extra-experimental-features", "nix-command flakes", "--offline"];
  const standIns = { nixpkgs: `path:${nixFixtures}/nixpkgs` };
  return {
    folder,
    url: `git+file://${folder}`,
    run(args, inputs = {}) {
      const overrides = Object.entries({ ...standIns, ...inputs }).flatMap((input) => ["--override-input", ...input]);
      const store = ["--store", join(temporary, "store")];
      return nix("nix", [...features, ...store, ...args, "--no-write-lock-file", ...overrides]);
    },
    remove() {
      // A store is read-only, for its owner too.
      execFileSync("chmod", ["-R", "u+w", temporary]);
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** What a commit of all there is would hold. */
export function projectFiles(): string[] {
  const listed = execFileSync("git", ["-C", root, "ls-files", "-co", "--exclude-standard", "-z"], { encoding: "utf8" });
  return listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
}
