// `npm run build`: src/main.ts becomes dist/main.cjs, with a file beside it for each command, operation and library that is
// loaded on demand; the entry is dist/bd.cjs. The licences of all that is inside go along.
import { access, chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildTracker } from "./build-tracker.ts";
import { bundle } from "./bundle.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
/** A running `bd` finds either the old build or the new one. */
const fresh = join(root, "dist.new");

/** Homes of errors that are recognised by class, and what would bring a large library into many files. */
const SHARED_SOURCES = [
  "errors.ts",
  "core/jsonl/line-fields.ts",
  "store/protocol/opening.ts",
  "store/migrate/apply-migrations.ts",
  "store/builder.ts",
  "federation/remote/relay.ts",
  "federation/remote/remote-errors.ts",
  "tracker/redis/index.ts",
  "tracker/tracker-error.ts",
];
const SHARED_PACKAGES = ["commander"];

/** The text of the licence of every package that has a file in the bundle. */
async function licences(inputs: readonly string[]): Promise<string> {
  const packages = new Set(
    inputs.flatMap((input) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  );
  const texts: string[] = [];
  for (const name of [...packages].toSorted()) {
    const folder = join(root, "node_modules", name);
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const path = file === undefined ? await keptLicence(name) : join(folder, file);
    texts.push(`${name}\n\n${(await readFile(path, "utf8")).trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** That of a package which comes without, from its repository. Throws where there is none either. */
async function keptLicence(name: string): Promise<string> {
  const path = join(root, "scripts/licences", `${name.replace("/", "_")}.txt`);
  await access(path).catch(() => {
    throw new Error(`${name} is in the bundle and has no licence file`);
  });
  return path;
}

async function buildAll(): Promise<void> {
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh);
  const { inputs } = await bundle({
    entry: join(root, "src/thin/thin.ts"),
    outfile: join(fresh, "thin.cjs"),
    shared: [...SHARED_SOURCES.map((source) => join(root, "src", source)), ...SHARED_PACKAGES],
  });
  const library = await buildTracker(fresh);
  await copyFile(join(root, "scripts/bd-entry.cjs"), join(fresh, "bd.cjs"));
  await chmod(join(fresh, "bd.cjs"), 0o755);
  await writeFile(join(fresh, "THIRD-PARTY-LICENCES.txt"), await licences([...inputs, ...library]));
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
}

try {
  await buildAll();
} catch (error) {
  // esbuild has shown its own errors, with the lines they are about, before it throws.
  const shown = error instanceof Error && "errors" in error;
  if (!shown) console.error(error);
  process.exitCode = 1;
}
