import { basename, dirname, join } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { lazyBuiltins } from "./esbuild-lazy-builtins.ts";
import { trimMysql2 } from "./esbuild-trim-mysql2.ts";

export interface BundleRequest {
  readonly entry: string;
  readonly outfile: string;
  /**
   * Packages, as they are imported, that get a file of their own beside `outfile`. For what is imported dynamically: a
   * command that does not need it then neither reads nor parses it. Not for ES modules: what nobody uses of them stays in.
   */
  readonly apart?: readonly string[];
  /** Leave the libraries as they are: only to measure what the trimming brings. */
  readonly untrimmed?: boolean;
}

export interface Bundle {
  /** Of all files together. */
  readonly bytes: number;
  /** Paths of all sources that went in. */
  readonly inputs: readonly string[];
}

const COMMON = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22.12",
  // Identifiers keep their names, so that a stack trace is readable without a source map.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  // CommonJS has no import.meta: an unknown member would be undefined at run time, so it fails the build.
  logOverride: { "empty-import-meta": "error" },
  define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
  // import() of a file apart becomes a lazy require(): the ESM loader alone would cost milliseconds.
  supported: { "dynamic-import": false },
} satisfies BuildOptions;

/** The file of a package that stands apart: `mysql2-promise.cjs` for `mysql2/promise`. */
const fileOf = (specifier: string): string => `${specifier.replace(/[^\w.-]+/g, "-")}.cjs`;

function standApart(specifiers: readonly string[]): Plugin {
  return {
    name: "stand-apart",
    setup(bundler) {
      const unused = new Set(specifiers);
      bundler.onResolve({ filter: /^[a-z@]/ }, ({ path }) => {
        if (!specifiers.includes(path)) return undefined;
        unused.delete(path);
        return { path: `./${fileOf(path)}`, external: true };
      });
      bundler.onEnd(() =>
        unused.size === 0 ? undefined : { errors: [{ text: `nothing imports ${[...unused].join(", ")}` }] },
      );
    },
  };
}

/** Bundles one program into CommonJS for Node. Dynamic imports stay lazy. */
export async function bundle(request: BundleRequest): Promise<Bundle> {
  const { entry, outfile, apart = [] } = request;
  const trims = request.untrimmed === true ? [] : [lazyBuiltins(), trimMysql2()];
  const metafiles: Metafile[] = [];
  const add = async (options: BuildOptions): Promise<void> => {
    metafiles.push((await build({ ...options, ...COMMON })).metafile);
  };
  await add({ entryPoints: [entry], outfile, plugins: [standApart(apart), ...trims] });
  for (const specifier of apart) {
    const stdin = { contents: `module.exports = require("${specifier}");`, resolveDir: dirname(entry) };
    const file = join(dirname(outfile), fileOf(specifier));
    if (basename(file) === basename(outfile)) throw new Error(`${specifier} would overwrite ${outfile}`);
    await add({ stdin, outfile: file, plugins: trims });
  }
  return {
    bytes: metafiles.flatMap(({ outputs }) => Object.values(outputs)).reduce((sum, { bytes }) => sum + bytes, 0),
    inputs: metafiles.flatMap(({ inputs }) => Object.keys(inputs)),
  };
}
