import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type OnResolveArgs, type Plugin } from "esbuild";
import { lazyBuiltins } from "./esbuild-lazy-builtins.ts";
import { trimMysql2 } from "./esbuild-trim-mysql2.ts";

export interface BundleRequest {
  readonly entry: string;
  readonly outfile: string;
  /**
   * Sources (absolute paths) and packages that get one file for all who import them, however they do: where a class must
   * be the same everywhere, or where a library would otherwise be in many files.
   */
  readonly shared?: readonly string[];
  /** Leave the libraries as they are: only to measure what the trimming brings. */
  readonly untrimmed?: boolean;
}

export interface Bundle {
  /** Of all files together. */
  readonly bytes: number;
  /** Paths of all sources that went in. */
  readonly inputs: readonly string[];
}

/** @redis/client does without these where they are not there. */
const OPTIONAL = ["@node-rs/xxhash", "@opentelemetry/api"];

const COMMON = {
  bundle: true,
  platform: "node",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
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
  // import() becomes a lazy require(): the ESM loader alone would cost milliseconds.
  supported: { "dynamic-import": false },
} satisfies BuildOptions;

/** Files of a bundle that are still to be made: file name without extension, to what esbuild takes as an entry. */
class Files {
  readonly #names = new Map<string, string>();
  readonly #base: string;
  #pending: Record<string, string> = {};

  constructor(entry: string, name: string) {
    this.#base = dirname(entry);
    this.add(entry, name);
  }

  /** Sources are called by their path below the entry's folder, packages as they are imported. */
  nameOf(target: string): string {
    const path = target.startsWith("/") ? relative(this.#base, target).replace(/\.[cm]?ts$/, "") : target;
    return path.replace(/^\W+|\W+$/g, "").replace(/[^\w.-]+/g, "-");
  }

  add(target: string, name = this.nameOf(target)): string {
    const taken = this.#names.get(name);
    if (taken !== undefined && taken !== target) throw new Error(`${name}.cjs would be made of ${taken} and ${target}`);
    if (taken === undefined) this.#pending[name] = target;
    this.#names.set(name, target);
    return `./${name}.cjs`;
  }

  /** What was added since the last call. */
  takePending(): Record<string, string> {
    const pending = this.#pending;
    this.#pending = {};
    return pending;
  }
}

/** What an import statement leads to: a path for a relative one, else the package as it is imported. */
const targetOf = ({ path, resolveDir }: OnResolveArgs): string =>
  /^\.{1,2}\//.test(path) ? join(resolveDir, path) : path;

/** Everything that is imported with import(), and everything shared, stands in a file of its own. */
function fileOfItsOwn(files: Files, shared: readonly string[]): Plugin {
  return {
    name: "file-of-its-own",
    setup(bundler) {
      bundler.onResolve({ filter: /./ }, (found) => {
        if (found.kind === "entry-point" || found.path.startsWith("node:")) return undefined;
        if (OPTIONAL.includes(found.path)) return { path: found.path, external: true };
        const target = targetOf(found);
        if (found.kind !== "dynamic-import" && !shared.includes(target)) return undefined;
        // What imports only types or unused values of it need not load it.
        return { path: files.add(target), external: true, sideEffects: false };
      });
    },
  };
}

/** An `instanceof` fails between two copies of a class, so what is thrown and recognised must be in one file. */
async function refuseDoubledErrors(metafiles: readonly Metafile[]): Promise<void> {
  const sources = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path.endsWith(".ts"));
  const times = Map.groupBy(sources, ([path]) => path);
  for (const [path, { length }] of times) {
    if (length < 2) continue;
    const error = /export class (\w+) extends \w*Error\b/.exec(await readFile(path, "utf8"))?.[1];
    if (error !== undefined) throw new Error(`${error} of ${path} would be in ${length} files: share it or move it`);
  }
}

/**
 * Bundles one program into CommonJS for Node: the entry becomes `outfile`, and each import() a file beside it that is
 * read when it runs. Sources that two files need are in both, so that a command reads few files and nothing it does not
 * need.
 */
export async function bundle(request: BundleRequest): Promise<Bundle> {
  const { entry, outfile, shared = [] } = request;
  const files = new Files(entry, basename(outfile, ".cjs"));
  const trims = request.untrimmed === true ? [] : [lazyBuiltins(), trimMysql2()];
  const plugins = [fileOfItsOwn(files, shared), ...trims];
  const metafiles: Metafile[] = [];
  for (let next = files.takePending(); Object.keys(next).length > 0; next = files.takePending()) {
    metafiles.push((await build({ ...COMMON, entryPoints: next, outdir: dirname(outfile), plugins })).metafile);
  }
  await refuseDoubledErrors(metafiles);
  return {
    bytes: metafiles.flatMap(({ outputs }) => Object.values(outputs)).reduce((sum, { bytes }) => sum + bytes, 0),
    inputs: metafiles.flatMap(({ inputs }) => Object.keys(inputs)),
  };
}
