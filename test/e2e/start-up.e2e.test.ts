import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BD_PATH } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

const run = promisify(execFile);
let folder: string;
let probe: string;
let workspace: TestWorkspace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bd-start-"));
  probe = join(folder, "probe.cjs");
  await writeFile(
    probe,
    `process.on("exit", () => require("node:fs").writeFileSync(process.env.LOADED_FILE, JSON.stringify(Object.keys(require.cache))));`,
  );
  workspace = await makeWorkspace();
});
afterAll(async () => {
  await workspace.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What a command reads of `dist/`: the names of its files, and the libraries whose code is in them. */
async function loadedBy(...args: string[]): Promise<{ files: string[]; libraries: string[] }> {
  const report = join(folder, "loaded.json");
  const env = { ...workspace.env, LOADED_FILE: report };
  await run(process.execPath, ["--require", probe, BD_PATH, ...args], { cwd: workspace.dir, env });
  const paths: string[] = JSON.parse(await readFile(report, "utf8"));
  const ours = paths.filter((path) => path !== probe);
  const texts = await Promise.all(ours.map((path) => readFile(path, "utf8")));
  const marks = {
    zod: "ZodMiniType",
    kysely: "InsertQueryNode",
    mysql2: "caching_sha2_password",
    yaml: "YAMLParseError",
  };
  const libraries = Object.entries(marks).filter(([, mark]) => texts.some((text) => text.includes(mark)));
  return { files: ours.map((path) => basename(path)).toSorted(), libraries: libraries.map(([name]) => name) };
}

test("version loads no schema library, query builder, driver or YAML parser", async () => {
  expect((await loadedBy("version")).libraries).toEqual([]);
});

test("the help of one command loads nothing but the command", async () => {
  const { files, libraries } = await loadedBy("create", "--help");

  expect(libraries).toEqual([]);
  expect(files).toEqual([
    "bd.cjs",
    "cli-commands-issue-create.cjs",
    "commander.cjs",
    "errors.cjs",
    "main.cjs",
    "thin.cjs",
  ]);
});

test("a read loads its own operation and the driver, and no query builder", async () => {
  const { files, libraries } = await loadedBy("list");

  expect(libraries).toEqual(["zod", "mysql2"]);
  expect(files.filter((name) => name.startsWith("ops-issue-"))).toEqual(["ops-issue-list.cjs"]);
});

test("a write loads the query builder too", async () => {
  expect((await loadedBy("create", "A title")).libraries).toEqual(["zod", "kysely", "mysql2"]);
});
