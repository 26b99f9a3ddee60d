import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bdCalls } from "../support/parse-bd-line.ts";
import { recordIn } from "../support/payload.ts";
import { asRoot } from "../support/roles.ts";
import { makeTables } from "../support/template-database.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ initialised: false, login: "root" });
});
afterAll(() => workspace.remove());

/** What programs of the family wrote, and when; PREFIX and PORT are the cell's. */
const FORMS: readonly (readonly [title: string, metadata: object | undefined, config: string | undefined])[] = [
  ["nothing", undefined, undefined],
  ["no database at all", undefined, "no-db: true\n"],
  ["a prefix with a hyphen, and a branch", undefined, 'issue-prefix: "PREFIX"\nsync-branch: beads-sync\n'],
  ["br's settings", undefined, "# br\nissue_prefix: PREFIX\ndefault_priority: 2\n"],
  ["SQLite", { database: "beads.db", jsonl_export: "issues.jsonl" }, undefined],
  [
    "SQLite, by its first name for the file",
    { database: "beads.db", version: "0.17.0", jsonl_export: "beads.jsonl" },
    "",
  ],
  ["SQLite, by its kind", { database: "beads.db", backend: "sqlite" }, "no-daemon: true\n"],
  ["its own Dolt", { database: "dolt", backend: "dolt", dolt_database: "beads_PREFIX" }, undefined],
  [
    "embedded Dolt",
    { database: "dolt", backend: "dolt", dolt_mode: "embedded", dolt_database: "PREFIX", project_id: "id-PREFIX" },
    undefined,
  ],
  ["a store that is not known", { database: "dolt", backend: "doltlite", last_bd_version: "1.1.0" }, undefined],
  ["a server, without the project", { backend: "dolt", dolt_mode: "server", dolt_database: "beads_PREFIX" }, undefined],
  ["a server", { dolt_mode: "server", dolt_database: "beads_PREFIX", project_id: "id-PREFIX" }, undefined],
  ["an empty object", {}, undefined],
];

const STORES: readonly (readonly [title: string, file: string | undefined])[] = [
  ["no store", undefined],
  ["beads.db", "beads.db"],
  ["embeddeddolt", "embeddeddolt/beads_x/.dolt/repo_state.json"],
  ["dolt", "dolt/.dolt/repo_state.json"],
];

/** Names of files, and whether they are the one with the issues. */
const FILES: readonly (readonly [name: string | undefined, isTheOne: boolean])[] = [
  [undefined, false],
  ["issues.jsonl", true],
  ["beads.jsonl", true],
  ["beads.base.jsonl", false],
];

let made = 0;

interface Cell {
  readonly dir: string;
  readonly prefix: string;
  readonly lines: string;
}

async function cell(
  [, metadata, config]: (typeof FORMS)[number],
  [, store]: (typeof STORES)[number],
  [file]: (typeof FILES)[number],
): Promise<Cell> {
  made += 1;
  const prefix = `old${process.pid}x${made}`;
  const dir = join(workspace.dir, "..", prefix);
  const put = (name: string, text: string) => {
    const path = join(dir, ".beads", name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text.replaceAll("PREFIX", prefix));
  };
  mkdirSync(join(dir, ".beads"), { recursive: true });
  const lines = [`${prefix}-a1`, `${prefix}-a1.1`, `${prefix}-log-in`].map((id) =>
    JSON.stringify({ id, title: `T ${id}` }),
  );
  if (metadata !== undefined) put("metadata.json", JSON.stringify({ ...metadata, custom_key: "kept" }));
  if (config !== undefined) put("config.yaml", config);
  if (store !== undefined) put(store, "SQLite format 3");
  if (file !== undefined) put(file, `${lines.join("\n")}\n`);
  const author = "tester <tester@example.test>";
  const databases = [`beads_${prefix}`, ...(metadata !== undefined && "project_id" in metadata ? [prefix] : [])];
  for (const database of databases) await makeTables({ port: workspace.port, database, author });
  onTestFinished(() =>
    asRoot(workspace.port, async (root) => {
      for (const database of databases) await root.query(`DROP DATABASE \`${database}\``);
    }),
  );
  return { dir, prefix, lines: `${lines.join("\n")}\n` };
}

/** Runs what an error says to type, and what the next one says, until something works. Gives the codes on the way. */
async function follow({ dir, lines }: Cell, first: readonly string[]): Promise<string[]> {
  const codes: string[] = [];
  let words = first;
  for (let step = 0; step < 5; step += 1) {
    const { code, stdout } = await workspace.bd([...words, "--json"], { cwd: dir });
    if (code === 0) return codes;
    const refused = recordIn(JSON.parse(stdout));
    codes.push(String(refused["code"]));
    const { file } = recordIn(refused["details"] ?? {});
    // What the other program's export writes, where the message asks for it.
    if (refused["code"] === "OLD_STORE_BESIDE" && !existsSync(String(file))) writeFileSync(String(file), lines);
    const [next] = bdCalls(String(refused["hint"]));
    if (next === undefined) throw new Error(`no way on from ${stdout}`);
    words = next;
  }
  throw new Error(`no end: ${codes.join(", ")}`);
}

/** Every form with every file and no store, and with every store and one file or none. */
const CELLS = FORMS.flatMap((form, row) =>
  STORES.flatMap((store, column) =>
    FILES.filter((_file, index) => store[1] === undefined || index === (row + column) % 2).map(
      (file) => [form, store, file] as const,
    ),
  ),
);

describe("a folder of another time becomes a workspace by the hints alone", () => {
  test.each(CELLS.map(([form, store, file]) => [form[0], store[0], file[0] ?? "no file", form, store, file] as const))(
    "%s, %s, %s",
    async (_form, _store, _file, form, store, file) => {
      const old = await cell(form, store, file);
      const { dir, prefix } = old;
      const namesDatabase = form[1] !== undefined && "dolt_database" in form[1];
      const env = { BEADS_DOLT_SERVER_PORT: "" };
      if (namesDatabase && !form[0].startsWith("a server")) {
        const { stdout } = await workspace.bd(["list", "--json"], { cwd: dir, env });
        expect(JSON.parse(stdout)).toMatchObject({
          code: "NOT_A_SERVER_WORKSPACE",
          hint: file[1] ? "bd init --from-jsonl" : "bd init",
        });
      }
      // The tables are there already, which spares their making; so a list would be empty.
      const codes = await follow(old, namesDatabase ? ["init"] : ["list"]);
      const isBeside = codes.includes("OLD_STORE_BESIDE");
      expect(isBeside).toBe(store[1] !== undefined);

      if (!isBeside && !file[1]) expect(await workspace.json(["list"], { cwd: dir })).toEqual([]);
      else if (namesDatabase && !isBeside) await workspace.json(["import"], { cwd: dir });
      if (isBeside || file[1]) expect(await workspace.json(["count"], { cwd: dir })).toMatchObject({ count: 3 });

      expect(recordIn(await workspace.json(["create", "New"], { cwd: dir }))["id"]).toMatch(new RegExp(`^${prefix}-`));
      const metadata = recordIn(JSON.parse(readFileSync(join(dir, ".beads/metadata.json"), "utf8")));
      expect(metadata).toMatchObject({ dolt_mode: "server", project_id: expect.any(String) });
      if (form[1] !== undefined) expect(metadata).toMatchObject({ custom_key: "kept" });
      if (store[1] !== undefined) expect(readFileSync(join(dir, ".beads", store[1]), "utf8")).toBe("SQLite format 3");
    },
  );
});
