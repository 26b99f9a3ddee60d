// Libraries load half of Node at their top for things that a command rarely does: commander wants node:child_process for
// subcommands that are programs of their own, mysql2 wants TLS and compression. In the bundle such a module is an object
// of getters, and Node loads it when one of its names is first touched. The sources know nothing of it.
import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

/** What costs a millisecond or more and that most commands never touch. */
const LAZY_BUILTINS = [
  "child_process",
  "crypto",
  "fs/promises",
  "http",
  "https",
  "net",
  "readline",
  "tls",
  "url",
  "zlib",
];

const NAMESPACE = "lazy-builtin";

/** CommonJS source with a getter for each name that the module exports under the building Node. */
function gettersFor(name: string): string {
  const loaded: unknown = createRequire(import.meta.url)(`node:${name}`);
  const names = Object.keys(loaded ?? {}).filter((key) => key !== "default");
  return `for (const name of ${JSON.stringify(names)})
    Object.defineProperty(exports, name, { enumerable: true, get: () => require("node:${name}")[name] });`;
}

export function lazyBuiltins(names: readonly string[] = LAZY_BUILTINS): Plugin {
  const filter = new RegExp(`^(?:node:)?(?:${names.join("|")})$`);
  return {
    name: "lazy-builtins",
    setup(build) {
      build.onResolve({ filter }, ({ path, namespace }) =>
        namespace === NAMESPACE
          ? { path, external: true }
          : { path: path.replace(/^node:/, ""), namespace: NAMESPACE, sideEffects: false },
      );
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
        contents: gettersFor(path),
        loader: "js",
      }));
    },
  };
}
