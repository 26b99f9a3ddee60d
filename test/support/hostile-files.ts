import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as fc from "fast-check";

/** What may stand in a file's place in a project that somebody else made. */
export type HostileFile =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array | string }
  | { readonly kind: "link"; readonly to: string }
  | { readonly kind: "folder" | "pipe" | "hollow" };

/** Puts it there. */
export function plant(path: string, file: HostileFile): void {
  mkdirSync(dirname(path), { recursive: true });
  if (file.kind === "bytes") writeFileSync(path, file.bytes);
  else if (file.kind === "link") symlinkSync(file.to, path);
  else if (file.kind === "folder") mkdirSync(path);
  else if (file.kind === "pipe") execFileSync("mkfifo", [path]);
  else {
    writeFileSync(path, "");
    truncateSync(path, 1e12);
  }
}

const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "prototype",
  "",
  "null",
  "a.b",
  "🎉",
  "\u0000",
];
const SETTINGS = (
  "database backend dolt_mode dolt_server_host dolt_server_port dolt_server_socket project_id dolt_server_user dolt_database " +
  "dolt_server_tls json readonly actor session dolt dolt.host dolt.port dolt.retry-max federation.remote federation.sovereignty json-envelope trusted-folders"
).split(" ");
const name = fc.oneof(fc.constantFrom(...NAMES, ...SETTINGS), fc.string({ maxLength: 8 }));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(null, true, false, 0, -1, 3307, 1e300, "server", "dolt", "true", "T1", "../..", "$(id)"),
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4 }),
  ),
}));
const json = fc.dictionary(name, value, { maxKeys: 6 }).map((record) => JSON.stringify(record, null, 1));
const yaml = fc
  .array(fc.tuple(fc.constantFrom("", "  ", "    ", "- "), name, value), { maxLength: 6 })
  .map((lines) => lines.map(([indent, key, item]) => `${indent}${key}: ${JSON.stringify(item)}`).join("\n"));

/** Nine names for nine times as much each: a few hundred bytes that say more than a machine holds. */
const ALIASES = Array.from({ length: 9 }, (_, level) => {
  const items = Array.from({ length: 9 }, () => (level === 0 ? "x" : `*a${level - 1}`)).join(", ");
  return `a${level}: &a${level} [${items}]`;
}).join("\n");
const SECTIONS = ALIASES.replaceAll(/\[(.*)\]/g, (_all, items: string) => {
  const pairs = items.split(", ").map((item, index) => `k${index}: ${item}`);
  return `{${pairs.join(", ")}}`;
});
const repeated = fc
  .tuple(
    fc.constantFrom("[", "{", '{"a":', "- ", "? ", "a: ", ": ", "[[{", "!!a ", "&a ", "*a ", '"', "'", "\\", "#", "\t"),
    fc.constantFrom(100, 10_000, 60_000),
  )
  .map(([text, count]) => text.repeat(count).slice(0, 131_072));
const bomb = fc.constantFrom(
  ALIASES,
  SECTIONS,
  "a: &x [*x]\n",
  "a: &x\n  b: *x\n",
  "<<: *x\n",
  "%YAML 9.9\n---\na: 1\n",
);

const text = fc.oneof(json, yaml, repeated, bomb, fc.string({ unit: "binary", maxLength: 200 }));
const mutilated = fc
  .tuple(text, fc.nat(), fc.constantFrom("", "\n", "\u0000", "}", '"', "\t", "\uFEFF", "\u2028"))
  .map(([whole, at, junk]) => {
    const position = at % (whole.length + 1);
    return whole.slice(0, position) + junk + whole.slice(position + 1);
  });

/** Anything of the kinds above; `canary` is a file outside of the project that links may lead to. */
export function hostileFile(canary: string): fc.Arbitrary<HostileFile> {
  const targets = [
    "/dev/zero",
    "/dev/null",
    "/dev/tty",
    "/proc/self/environ",
    "..",
    ".",
    "loop",
    canary,
    `${canary}-new`,
  ];
  return fc.oneof(
    { weight: 6, arbitrary: fc.oneof(text, mutilated).map((bytes): HostileFile => ({ kind: "bytes", bytes })) },
    fc.uint8Array({ maxLength: 300 }).map((bytes): HostileFile => ({ kind: "bytes", bytes })),
    { weight: 3, arbitrary: fc.constantFrom(...targets).map((to): HostileFile => ({ kind: "link", to })) },
    fc.constantFrom<HostileFile>({ kind: "folder" }, { kind: "pipe" }, { kind: "hollow" }),
    fc
      .constantFrom(131_072, 131_073, 2_000_000)
      .map((size): HostileFile => ({ kind: "bytes", bytes: "x".repeat(size) })),
  );
}
