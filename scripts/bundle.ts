import { type BuildOptions, build } from "esbuild";
import { lazyBuiltins } from "./esbuild-lazy-builtins.ts";
import { trimMysql2 } from "./esbuild-trim-mysql2.ts";

export interface BundleRequest {
  readonly entry: string;
  readonly outfile: string;
  /** Leave the libraries as they are: only to measure what the trimming brings. */
  readonly untrimmed?: boolean;
}

/**
 * Bundles one program into a single CommonJS file for Node. Dynamic imports stay lazy inside it. Identifiers keep their
 * names, so that a stack trace is readable without a source map.
 */
export async function bundle(request: BundleRequest): Promise<{ readonly bytes: number; readonly inputs: string[] }> {
  const options = {
    entryPoints: [request.entry],
    outfile: request.outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22.12",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    // CommonJS has no import.meta: an unknown member would be undefined at run time, so it fails the build.
    logOverride: { "empty-import-meta": "error" },
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    plugins: request.untrimmed === true ? [] : [lazyBuiltins(), trimMysql2()],
  } satisfies BuildOptions;
  const { metafile } = await build(options);
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return { bytes, inputs: Object.keys(metafile.inputs) };
}
