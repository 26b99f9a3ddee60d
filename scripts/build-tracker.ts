import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");
const source = join(root, "src/tracker");

const COMMON = {
  bundle: true,
  format: "esm",
  target: "es2022",
  minifySyntax: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
} as const;

/** One `Tracker`, and one class of errors, whichever of the two files somebody imports. */
const ONE_TRACKER: Plugin = {
  name: "one-tracker",
  setup: (made) => made.onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: "./tracker.mjs", external: true })),
};

/** Writes `beads/tracker` and `beads/tracker/redis`, with their types, into `dist`. Gives the sources that went in. */
export async function buildTracker(dist: string): Promise<readonly string[]> {
  const [everywhere, onNode] = await Promise.all([
    build({
      ...COMMON,
      entryPoints: [join(source, "index.ts")],
      outfile: join(dist, "tracker.mjs"),
      platform: "neutral",
      mainFields: ["module", "main"],
    }),
    build({
      ...COMMON,
      entryPoints: [join(source, "redis/index.ts")],
      outfile: join(dist, "tracker-redis.mjs"),
      platform: "node",
      plugins: [ONE_TRACKER],
      // Whoever wants TCP installs it beside us.
      external: ["@redis/client"],
    }),
    promisify(execFile)(join(root, "node_modules/.bin/tsc"), [
      "-p",
      join(root, "tsconfig.tracker.json"),
      "--outDir",
      join(dist, "types"),
    ]),
  ]);
  await nameJavaScript(join(dist, "types"));
  return [everywhere, onNode].flatMap(({ metafile }) => Object.keys(metafile.inputs));
}

/** Types name the files that they were made of; who reads them knows only what is there. */
async function nameJavaScript(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!entry.endsWith(".d.ts")) continue;
    const path = join(folder, entry);
    await writeFile(path, (await readFile(path, "utf8")).replaceAll(/(from "\.{1,2}\/[^"]*)\.ts"/g, '$1.js"'));
  }
}
