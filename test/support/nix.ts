import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import * as z from "zod/mini";

export const nixFixtures = join(import.meta.dirname, "../fixtures/nix");

/** Names of files that the modules write to, in the home directory. */
export const UNIT = ".config/systemd/user/dolt-server.service";
export const ENVIRONMENT_D = ".config/environment.d/10-home-manager.conf";
export const SESSION = "hm-session-vars.sh";

/** What `test/fixtures/nix/modules.nix` takes: Nix texts, except where it says otherwise. */
export interface HomeSettings {
  /** The person's configuration, an attribute set. */
  readonly settings: string;
  readonly modules?: string;
  /** Plain texts: a system such as `aarch64-darwin`, the home directory, and the folder that packages are in. */
  readonly system?: string;
  readonly home?: string;
  readonly store?: string;
  readonly withOverlay?: boolean;
  readonly withSops?: boolean;
  readonly withOldZsh?: boolean;
}

/** What the modules make of it. */
export type HomeEvaluation = z.infer<typeof HomeEvaluation>;

const HomeEvaluation = z.object({
  /** Path in the home directory, and text. */
  files: z.record(z.string(), z.string()),
  warnings: z.array(z.string()),
  packages: z.array(z.string()),
  secrets: z.record(z.string(), z.object({ path: z.string(), sopsFile: z.string() })),
  dataDir: z.string(),
  /** Messages of the assertions that don't hold. */
  failed: z.array(z.string()),
});

/** Says so where one of these programs is not on PATH. */
export function missingProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const missing = names.find((name) => !folders.some((folder) => existsSync(join(folder, name))));
  return missing === undefined ? undefined : `there is no ${missing} on PATH`;
}

/** Evaluates bd's Home Manager modules without nixpkgs. Rejects with what Nix says where there is no value. */
export async function evaluateHome({ settings, modules, ...others }: HomeSettings): Promise<HomeEvaluation> {
  const given = ["--arg", "settings", settings, ...(modules === undefined ? [] : ["--arg", "modules", modules])];
  for (const [name, value] of Object.entries(others)) {
    if (typeof value === "string") given.push("--argstr", name, value);
    else given.push("--arg", name, String(value));
  }
  return HomeEvaluation.parse(await evaluateNix([join(nixFixtures, "modules.nix"), ...given]));
}

/** The value of a Nix file or expression, through JSON. It touches no store. */
export async function evaluateNix(args: readonly string[]): Promise<unknown> {
  return JSON.parse(await nix("nix-instantiate", ["--eval", "--strict", "--json", "--store", "dummy://", ...args]));
}

/** Runs a program of Nix with a home of its own. Gives stdout; rejects with stderr. */
export function nix(program: string, args: readonly string[]): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "bd-nix-"));
  const env = { PATH: process.env["PATH"] ?? "", HOME: home };
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      rmSync(home, { recursive: true, force: true });
      if (error === null) resolve(stdout);
      else reject(new Error(stderr));
    });
  });
}

/** A temporary folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bd-home-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts an evaluation's files where Home Manager would link them. */
export function writeHome(home: string, { files }: Pick<HomeEvaluation, "files">): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
}

/** A text as a Nix string. */
export function nixString(text: string): string {
  return `"${text.replaceAll(/["\\$]/g, String.raw`\$&`)}"`;
}
