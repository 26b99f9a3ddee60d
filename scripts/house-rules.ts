// The rules of the house that no linter of ours knows (cycles and console are for .oxlintrc.json): which room may import
// which, who may name the driver, the terminal and the process, and what the core must not do. `npm run check` and a
// test run this over src/.
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";

export interface ImportFound {
  readonly specifier: string;
  readonly kind: "value" | "type" | "dynamic";
  readonly line: number;
}

export interface HouseReport {
  /** `path:line: what is wrong`; any of them fails the check. */
  readonly violations: readonly string[];
  /** Smells that only a reader can judge, such as a long file. */
  readonly warnings: readonly string[];
}

/** Each room, and the rooms it may import besides itself. A file directly in src/ is a room of its own. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  core: ["errors"],
  host: ["errors"],
  config: ["core", "host", "errors"],
  store: ["core", "errors"],
  federation: ["store", "core", "host", "errors"],
  server: ["config", "core", "host", "errors"],
  sync: ["store", "core", "host", "errors"],
  ops: ["tracker", "rpc", "sync", "federation", "server", "store", "config", "core", "host", "errors"],
  app: ["ops", "federation", "server", "store", "config", "core", "host", "errors"],
  cli: ["app", "rpc", "ops", "federation", "server", "store", "config", "core", "host", "errors"],
  rpc: [],
  tracker: [],
  http: ["tracker", "app", "ops", "core", "errors"],
  daemon: ["http", "cli", "app", "ops", "server", "store", "config", "core", "host", "rpc", "errors"],
  main: ["http", "daemon", "cli", "ops", "errors"],
  thin: ["rpc", "host", "main"],
};

/** Packages that one room has to itself, types included. */
const PACKAGE_HOME: Readonly<Record<string, string>> = {
  mysql2: "store",
  kysely: "store",
  commander: "cli",
  hono: "http",
  "@hono/node-server": "http",
  "@upstash/redis": "tracker",
  "@redis/client": "tracker",
};

/** What is done in `host/` alone, where it is done with care for what a project may hold: in all rooms, or in these. */
const THROUGH_HOST: Readonly<Record<string, readonly string[] | "all">> = {
  "node:child_process": "all",
  "node:fs": ["config", "ops"],
  "node:fs/promises": ["config", "ops"],
};

/** All that the pure core may import from outside. */
const CORE_MAY_IMPORT = new Set(["node:crypto", "zod/mini"]);

/** Who may name the process: the two entries, and what changes its working folder for a moment; a library asks what its host has. */
const OWNERS_OF_PROCESS = /^src\/(?:main\.ts|thin\/thin\.ts|rpc\/socket-path\.ts|tracker\/store-address\.ts)$/;

const IMPURE = /(?<![\w$.])(?:Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|randomBytes\(|await\s|async[\s(])/;
const DUMPING_GROUND = /^(?:utils?|helpers?|common|types|misc)\.ts$/;
const LONG_FILE_LINES = 300;

/** The text with comments blanked, and, if asked, the contents of quoted strings too. Line numbers stay. */
function blank(text: string, what: { readonly strings: boolean }): string {
  const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) => {
    if (found.startsWith("/")) return found.replace(/[^\n]/g, " ");
    return what.strings ? '""' : found;
  });
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Every import of a formatted TypeScript source, re-exports included. */
export function findImports(source: string): ImportFound[] {
  const text = blank(source, { strings: false });
  const found: ImportFound[] = [];
  const fixed = /^(?:import|export)\s+(type\s+(?!from\b))?(?:[\w*{][^;"']*?\sfrom\s+)?["']([^"']+)["']/gm;
  for (const match of text.matchAll(fixed)) {
    const kind = match[1] === undefined ? "value" : "type";
    found.push({ specifier: match[2] ?? "", kind, line: lineAt(text, match.index) });
  }
  const lazy = /(typeof\s+)?(?<![\w$.])import\(\s*(?:["']([^"']+)["']|[^)])/g;
  for (const match of text.matchAll(lazy)) {
    const kind = match[1] === undefined ? "dynamic" : "type";
    found.push({ specifier: match[2] ?? "", kind, line: lineAt(text, match.index) });
  }
  return found;
}

const roomOf = (path: string): string => (path.split("/")[1] ?? "").replace(/\.ts$/, "");

/** `mysql2` of `mysql2/promise`, `@scope/name` of `@scope/name/file`. */
function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The noun of a command file: `issue` of src/cli/commands/issue/close.ts. */
const nounOf = (path: string): string | undefined => /^src\/cli\/commands\/([^/]+)\//.exec(path)?.[1];

function faultInside(path: string, target: string): string | undefined {
  const from = roomOf(path);
  const to = roomOf(target);
  if (!target.startsWith("src/")) return `src/ imports ${target}, which is outside src/`;
  if (from !== to && ROOMS[from]?.includes(to) === false) return `${from} must not import ${to} (${target})`;
  if (from === "cli" && target.startsWith("src/store/queries/")) return `cli must go through ops, not ${target}`;
  const [noun, other] = [nounOf(path), nounOf(target)];
  if (noun !== undefined && other !== undefined && noun !== other) {
    return `a command must not import another noun's command (${target})`;
  }
  return undefined;
}

function faultOutside(path: string, specifier: string): string | undefined {
  const room = roomOf(path);
  if (/^(?:node:)?process$/.test(specifier)) return "process belongs to src/main.ts";
  if (room === "tracker" && specifier.startsWith("node:")) return "tracker runs where there is no Node";
  if (room === "core" && !CORE_MAY_IMPORT.has(specifier)) return `core is pure and must not import ${specifier}`;
  if (room === "errors") return `errors.ts imports nothing, not even ${specifier}`;
  const rooms = THROUGH_HOST[specifier] ?? [];
  if (room !== "host" && (rooms === "all" || rooms.includes(room)))
    return `${room} must go through host, not ${specifier}`;
  const home = PACKAGE_HOME[packageOf(specifier)];
  return home === undefined || home === room ? undefined : `${specifier} belongs to ${home}, not ${room}`;
}

function importFault(path: string, { specifier }: ImportFound): string | undefined {
  if (specifier === "") return "a dynamic import must name its module with a plain string";
  if (!specifier.startsWith(".")) return faultOutside(path, specifier);
  return faultInside(path, posix.join(posix.dirname(path), specifier));
}

/** What a line must not say, wherever it stands. */
function lineFaults(path: string, source: string): string[] {
  const faults: string[] = [];
  const room = roomOf(path);
  for (const [index, line] of blank(source, { strings: true }).split("\n").entries()) {
    const at = `${path}:${index + 1}`;
    if (!OWNERS_OF_PROCESS.test(path) && /(?<![\w$.])(?:globalThis\.)?process\s*[.[?]/.test(line)) {
      faults.push(`${at}: process belongs to src/main.ts (a variable of that name deserves another one)`);
    }
    if (room === "core" && IMPURE.test(line)) faults.push(`${at}: core is pure: no clock, no randomness, no async`);
  }
  return faults;
}

/** Checks sources given as path (`src/core/issue/issue.ts`) to text. */
export function checkHouse(sources: ReadonlyMap<string, string>): HouseReport {
  const violations: string[] = [];
  const warnings: string[] = [];
  for (const [path, source] of sources) {
    if (ROOMS[roomOf(path)] === undefined) {
      violations.push(`${path}:1: '${roomOf(path)}' is no room of the house (see scripts/house-rules.ts)`);
    }
    if (DUMPING_GROUND.test(posix.basename(path))) violations.push(`${path}:1: name the file after its topic`);
    for (const found of findImports(source)) {
      const fault = importFault(path, found);
      if (fault !== undefined) violations.push(`${path}:${found.line}: ${fault}`);
    }
    violations.push(...lineFaults(path, source));
    const lines = source.split("\n").length - 1;
    if (lines > LONG_FILE_LINES) warnings.push(`${path}: ${lines} lines (more than ${LONG_FILE_LINES})`);
  }
  return { violations, warnings };
}

/** The TypeScript sources below src/, as {@link checkHouse} wants them. */
export async function readSources(root: string): Promise<Map<string, string>> {
  const entries = await readdir(join(root, "src"), { recursive: true, withFileTypes: true });
  const sources = new Map<string, string>();
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(root.length).replaceAll("\\", "/").replace(/^\/+/, "");
    sources.set(path, await readFile(file, "utf8"));
  }
  return new Map([...sources].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
