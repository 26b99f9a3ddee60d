import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/bundle.ts";
import { applyCuts, MYSQL2_CUTS, type TrimCuts, trimMysql2 } from "../../scripts/esbuild-trim-mysql2.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bd-trim-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const driverFile = (file: string): Promise<string> => readFile(join(root, "node_modules/mysql2", file), "utf8");

const buildWith = (cuts: TrimCuts) =>
  build({
    stdin: { contents: 'require("mysql2")', resolveDir: root },
    bundle: true,
    platform: "node",
    write: false,
    logLevel: "silent",
    plugins: [trimMysql2(cuts)],
  });

/** Bundles sources of one program, `main.ts` first; returns the program. */
async function buildProgram(name: string, sources: Readonly<Record<string, string>>, shared: readonly string[] = []) {
  const source = (file: string) => join(folder, name, file);
  await mkdir(join(folder, name));
  await symlink(join(root, "node_modules"), join(folder, "node_modules")).catch(() => undefined);
  for (const [file, text] of Object.entries(sources)) await writeFile(source(file), text);
  const outfile = join(folder, name, "main.cjs");
  await bundle({ entry: source("main.ts"), outfile, shared: shared.map(source) });
  return outfile;
}

describe("each cut still fits the installed mysql2", () => {
  const files = [...new Set([...MYSQL2_CUTS.text.map((cut) => cut.file), MYSQL2_CUTS.errorTable.file])];

  test.each(files)("%s", async (file) => {
    const source = await driverFile(file);

    expect(applyCuts(file, source, MYSQL2_CUTS).length).toBeLessThan(source.length + 400);
  });

  test("the trimmed error table has the driver's own numbers", async () => {
    const table = applyCuts("lib/constants/errors.js", await driverFile("lib/constants/errors.js"), MYSQL2_CUTS);

    expect(table).toContain('exports.ER_LOCK_DEADLOCK = 1213; exports[1213] = "ER_LOCK_DEADLOCK";');
    expect(table).toContain('exports.ER_UNKNOWN_ERROR = 1105; exports[1105] = "ER_UNKNOWN_ERROR";');
  });
});

describe("the build fails when mysql2 has moved", () => {
  test("a pattern that finds nothing", async () => {
    const cut = { file: "lib/connection_config.js", pattern: /no such text/, replacement: "" };

    await expect(buildWith({ ...MYSQL2_CUTS, text: [cut] })).rejects.toThrow("no longer contains");
  });

  test("a file that is never loaded", async () => {
    const cut = { file: "lib/gone.js", pattern: /x/, replacement: "" };

    await expect(buildWith({ ...MYSQL2_CUTS, text: [cut] })).rejects.toThrow("never loaded: lib/gone.js");
  });

  test("an error name that is gone", async () => {
    const errorTable = { ...MYSQL2_CUTS.errorTable, keep: ["ER_NOT_THERE"] };

    await expect(buildWith({ ...MYSQL2_CUTS, errorTable })).rejects.toThrow("no 'ER_NOT_THERE'");
  });
});

describe("what is imported with import()", () => {
  test("is a file of its own that is read when it is asked for", async () => {
    const file = await buildProgram("lazy", {
      "main.ts": `const loaded = () => Object.keys(require.cache).map((path) => path.replace(/.*\\//, "")).sort();
        const before = loaded();
        void Promise.all([import("yaml"), import("./deep.ts")]).then(([{ parse }, { deep }]) =>
          console.log(JSON.stringify([before, loaded(), parse("a: 1"), deep])));`,
      "deep.ts": "export const deep = true;",
    });

    const { stdout } = await run(process.execPath, [file]);

    expect(JSON.parse(stdout)).toEqual([["main.cjs"], ["deep.cjs", "main.cjs", "yaml.cjs"], { a: 1 }, true]);
  });

  const failing = {
    "main.ts": `import { Failed } from "./failed.ts";
      void import("./deep.ts").then(({ fail }) => fail()).catch((error) => console.log(error instanceof Failed));`,
    "deep.ts": 'import { Failed } from "./failed.ts"; export const fail = () => { throw new Failed(); };',
    "failed.ts": "export class Failed extends Error {}",
  };

  test("knows the errors of a shared source by their class", async () => {
    const file = await buildProgram("shared", failing, ["failed.ts"]);

    const { stdout } = await run(process.execPath, [file]);

    expect(stdout).toBe("true\n");
  });

  test("fails the build where an error's class would be there twice", async () => {
    await expect(buildProgram("doubled", failing)).rejects.toThrow("would be in 2 files: share it or move it");
  });
});

describe("the trimmed driver in a bundle", () => {
  let program: string;

  beforeAll(async () => {
    const entry = join(folder, "probe.cts");
    await writeFile(
      entry,
      `const heavy = ["tls", "zlib", "crypto", "url"];
       const before = process.moduleLoadList.length;
       const { createConnection } = require("${join(root, "node_modules/mysql2")}");
       const loaded = process.moduleLoadList.slice(before).map((name) => name.replace("NativeModule ", ""));
       const text = require("${join(root, "node_modules/mysql2/lib/parsers/string.js")}");
       let refused = "";
       try { text.decode(Buffer.from("a"), "gbk", 0, 1); } catch (error) { refused = error.message; }
       console.log(JSON.stringify({
         connects: typeof createConnection,
         heavy: heavy.filter((name) => loaded.includes(name)),
         cesu8: text.decode(Buffer.from("ünïcode"), "cesu8", 0, 9),
         refused,
       }));`,
    );
    program = join(folder, "probe.cjs");
    await bundle({ entry, outfile: program });
  });

  test("loads no TLS, compression, crypto or URL code before it is used, and reads no foreign character set", async () => {
    const { stdout } = await run(process.execPath, [program]);

    expect(JSON.parse(stdout)).toEqual({
      connects: "function",
      heavy: [],
      cesu8: "ünïcode",
      refused: "character set 'gbk' is not built into this program",
    });
  });
});
