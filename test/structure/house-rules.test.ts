import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkHouse, findImports, ROOMS, readSources } from "../../scripts/house-rules.ts";

const violationsOf = (files: Record<string, string>): readonly string[] =>
  checkHouse(new Map(Object.entries(files))).violations;

describe("the sources of this project", () => {
  test("keep the rules of the house", async () => {
    const sources = await readSources(join(import.meta.dirname, "../.."));

    expect(sources.size).toBeGreaterThan(0);
    expect(checkHouse(sources).violations).toEqual([]);
  });
});

test("the table of the architecture says who may import whom", async () => {
  const text = await readFile(join(import.meta.dirname, "../../docs/architecture.md"), "utf8");
  const rows = [...text.matchAll(/^\| `src\/(\w+)(?:\/|\.ts)` \|.*\| ([^|]*) \|$/gm)].map(
    ([, room = "", rooms = ""]) => [
      room,
      rooms === "nothing" ? [] : rooms.split(", ").map((name) => name.replaceAll("`", "")),
    ],
  );
  expect(Object.fromEntries(rows)).toEqual(ROOMS);
});

test("the front in the architecture is a room that needs no more than the document says", async () => {
  const text = await readFile(join(import.meta.dirname, "../../docs/architecture.md"), "utf8");
  const [, source = ""] = /```ts\n([\s\S]*?)\n```/.exec(text) ?? [];
  const rooms = findImports(source).flatMap(({ specifier }) => /^\.\.\/(\w+)/.exec(specifier)?.[1] ?? []);
  expect([...new Set(rooms)].toSorted()).toEqual(["app", "ops"]);
});

describe("finding imports", () => {
  test("tells value, type and dynamic imports apart, and sees re-exports and several lines", () => {
    const source = [
      'import "./side-effect.ts";',
      'import type { A } from "./a.ts";',
      'import b, { type C } from "./b.ts";',
      "import {",
      "  d,",
      '} from "./d.ts";',
      'export * from "./e.ts";',
      'export type { F } from "./f.ts";',
      'const g = await import("./g.ts");',
      'type H = typeof import("./h.ts");',
      "const i = await import(name);",
      '// import "./comment.ts";',
      'const text = "import x from ./text.ts";',
    ].join("\n");

    expect(findImports(source).map((found) => `${found.line} ${found.kind} ${found.specifier}`)).toEqual([
      "1 value ./side-effect.ts",
      "2 type ./a.ts",
      "3 value ./b.ts",
      "4 value ./d.ts",
      "7 value ./e.ts",
      "8 type ./f.ts",
      "9 dynamic ./g.ts",
      "10 type ./h.ts",
      "11 dynamic ",
    ]);
  });
});

describe("a planted violation is reported with its place", () => {
  test.each([
    ["core reaching up", "src/core/a.ts", 'import { b } from "../store/b.ts";\n', "core must not import store"],
    ["a type reaching up", "src/store/a.ts", 'import type { B } from "../ops/b.ts";\n', "store must not import ops"],
    [
      "a lazy import reaching up",
      "src/ops/a.ts",
      'const b = () => import("../cli/b.ts");\n',
      "ops must not import cli",
    ],
    [
      "config asking the store",
      "src/config/a.ts",
      'import { b } from "../store/b.ts";\n',
      "config must not import store",
    ],
    ["errors importing anything", "src/errors.ts", 'import { join } from "node:path";\n', "imports nothing"],
    [
      "the driver outside the store",
      "src/ops/a.ts",
      'import type { Connection } from "mysql2/promise";\n',
      "belongs to store",
    ],
    ["kysely outside the store", "src/cli/a.ts", 'import { sql } from "kysely";\n', "belongs to store"],
    ["commander outside the cli", "src/ops/a.ts", 'import { Command } from "commander";\n', "belongs to cli"],
    ["the core touching files", "src/core/a.ts", 'import { readFile } from "node:fs";\n', "core is pure"],
    ["the core reading the clock", "src/core/a.ts", "const now = Date.now();\n", "core is pure"],
    ["process outside main", "src/cli/a.ts", "const name = process.env.USER;\n", "process belongs to src/main.ts"],
    ["process as a module", "src/cli/a.ts", 'import { env } from "node:process";\n', "process belongs to src/main.ts"],
    ["sources importing tests", "src/ops/a.ts", 'import { b } from "../../test/b.ts";\n', "outside src/"],
    ["a computed import", "src/ops/a.ts", "const b = await import(path);\n", "plain string"],
    ["the cli going round ops", "src/cli/a.ts", 'import { b } from "../store/queries/b.ts";\n', "must go through ops"],
    [
      "one command using another",
      "src/cli/commands/dep/add.ts",
      'import { b } from "../label/add.ts";\n',
      "another noun",
    ],
    ["an unknown room", "src/shed/a.ts", "export const a = 1;\n", "no room of the house"],
    ["a dumping ground", "src/core/utils.ts", "export const a = 1;\n", "after its topic"],
  ])("%s", (_what, path, source, message) => {
    const violations = violationsOf({ [path]: source });

    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(`${path}:1: `);
    expect(violations[0]).toContain(message);
  });
});

describe("what is allowed is not reported", () => {
  test.each([
    [
      "words in comments and strings",
      "src/core/a.ts",
      '// process.env and console.log\nexport const a = "process.exit";\n',
    ],
    ["a name that only ends in process", "src/core/a.ts", "export const b = child_process.pid + own.process.pid;\n"],
    [
      "the core on zod/mini and hashes",
      "src/core/a.ts",
      'import { createHash } from "node:crypto";\nimport * as z from "zod/mini";\n',
    ],
    ["the store on its driver", "src/store/a.ts", 'import { createConnection } from "mysql2/promise";\n'],
    ["main reading the process", "src/main.ts", "process.exitCode = 1;\n"],
  ])("%s", (_what, path, source) => {
    expect(violationsOf({ [path]: source })).toEqual([]);
  });
});

test("a long file is a warning, not a violation", () => {
  const report = checkHouse(new Map([["src/core/a.ts", "export {};\n".repeat(301)]]));

  expect(report.warnings).toEqual(["src/core/a.ts: 301 lines (more than 300)"]);
  expect(report.violations).toEqual([]);
});
