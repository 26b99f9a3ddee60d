import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bdCalls } from "../support/parse-bd-line.ts";
import { recordIn } from "../support/payload.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** What others may write into a table that they share: shell, terminal codes, forged lines, too much, nothing. */
const HOSTILE: readonly string[] = [
  "touch$IFS/x;#",
  "a b",
  "a\nHint: rm -rf /",
  "\u001b[2J\u001b]0;owned\u0007",
  "x".repeat(10_000),
  "a,".repeat(20_000),
  " ",
  "-x",
  "..",
  "a/b",
  "it's",
  "x\u202eright",
  "\u115f",
  "%_%",
];

/** Prefixes of trackers that other programs made. */
const REAL: readonly string[] = ["my_app", "web.app", "BD", "2024", "café", "漢字", "a--b", "bd_2024_app", "_x", "hq-"];

/** For titles, which such words would upset. */
function numbered(words: readonly string[]): [number, string][] {
  return words.map((word, index) => [index, word]);
}

// oxlint-disable-next-line no-control-regex -- they are what this is about
const RAW = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]|^Hint: rm/m;

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "conf" });
  await workspace.json(["create", "One", "--id", "conf-1"]);
  await workspace.sql("SET autocommit = 1");
});
afterAll(() => workspace.remove());

beforeEach(async () => {
  await workspace.sql("DELETE FROM config WHERE `key` <> 'schema_version'");
  await put("issue_prefix", "conf");
});

async function put(key: string, value: string): Promise<void> {
  await workspace.sql("REPLACE INTO config (`key`, value) VALUES (?, ?)", [key, value]);
}

async function create(...args: string[]): Promise<string> {
  return String(recordIn(await workspace.json(["create", "X", ...args]))["id"]);
}

describe("the prefix of a project", () => {
  test.each(numbered([...HOSTILE, ""]))(
    "that is hostile (%i) makes no id: create says so, and its hint mends it",
    async (_number, prefix) => {
      await put("issue_prefix", prefix);

      for (const line of [
        ["create", "X"],
        ["create", "X", "--dry-run"],
        ["q", "X"],
      ]) {
        const { code, stdout } = await workspace.bd([...line, "--json"]);
        expect({ line, code, error: JSON.parse(stdout) }).toMatchObject({
          code: 4,
          error: { code: "PREFIX_UNUSABLE", hint: expect.stringMatching(/^bd init(?: --prefix=[a-z][\w-]*)?$/i) },
        });
        expect(stdout.length).toBeLessThan(1000);
      }
      const { stdout, stderr } = await workspace.bd(["create", "X"]);
      expect(stdout + stderr).not.toMatch(RAW);
      expect(await create("--parent", "conf-1")).toMatch(/^conf-1\.\d+$/);

      const [mend = []] = bdCalls(/^Hint: (.*)$/m.exec(stderr)?.[1] ?? "");
      expect((await workspace.bd([...mend, "-q"])).code).toBe(0);
      expect(await create()).toMatch(/^[a-z][\w-]*-[a-z0-9]{3,8}$/i);
    },
  );

  test.each(REAL)("%j is one that other programs made, and goes on", async (prefix) => {
    await put("issue_prefix", prefix);

    const id = await create();
    expect(id.startsWith(`${prefix}-`)).toBe(true);
    expect(await workspace.json(["show", id])).toMatchObject([{ id }]);
    expect((await workspace.bd(["init", "--prefix", "other", "--json"])).stdout).toContain("PREFIX_DIFFERS");
  });

  test.each([["a\u001b[2J"], ["x".repeat(256)], ["\u0001".repeat(60_000)]])(
    "and its id (%#) go into metadata.json only where they can be read again",
    async (id) => {
      const [row] = await workspace.sql("SELECT value FROM metadata WHERE `key` = '_project_id'");
      await workspace.sql("UPDATE metadata SET value = ? WHERE `key` = '_project_id'", [id]);
      const cwd = join(workspace.home, "elsewhere");
      mkdirSync(cwd, { recursive: true });

      const { code, stdout } = await workspace.bd(["init", "--database", workspace.database, "--json"], { cwd });
      await workspace.sql("UPDATE metadata SET value = ? WHERE `key` = '_project_id'", [String(row?.["value"])]);
      expect({ code, error: JSON.parse(stdout) }).toMatchObject({ code: 4, error: { code: "PROJECT_ID_UNUSABLE" } });
      expect(existsSync(join(cwd, ".beads"))).toBe(false);
    },
  );

  test("is left as it is by whoever joins the project and names none", async () => {
    await put("issue_prefix", "my project");

    expect(await workspace.json(["init"])).toMatchObject({ outcome: "unchanged", prefix: "my project" });
    expect(await workspace.json(["init", "--prefix", "mine"])).toMatchObject({ prefix: "mine" });
    expect(await create()).toMatch(/^mine-/);
  });
});

/** Every key that we act on, beside the prefix. */
const KEYS =
  "issue_id_mode min_hash_length max_hash_length max_collision_prob allowed_prefixes status.custom types.custom types.infra".split(
    " ",
  );
const LINES = [
  "list",
  "ready",
  "blocked",
  "stats",
  "info",
  "config list",
  "show conf-1",
  "search One",
  "count --by-type",
  "dep add conf-1 other-2",
  "create X --id=zz-1",
  "update conf-1 -t nope",
  "update conf-1 -s nope",
  ...KEYS.map((key) => `config explain ${key}`),
];
const NUMBERS = ["-1", "0", "99999999999", "1e309", "NaN", "0x10", "3;DROP TABLE issues"];

describe("what else comes with a database", () => {
  test.each(numbered([...HOSTILE, ...NUMBERS, ""]))("is a setting or nothing (%i)", async (_number, value) => {
    for (const key of KEYS) await put(key, value);

    expect(await create()).toMatch(/^conf-[a-z0-9]{3,8}$/);
    for (const line of LINES) {
      const { code, stdout, stderr } = await workspace.bd(line.split(" "));
      expect({ line, code }).not.toMatchObject({ code: 70 });
      expect(stdout + stderr).not.toMatch(RAW);
    }
  });

  test("gives no issue a status, a type or a prefix that nobody could see or store", async () => {
    for (const [key, flag] of [
      ["status.custom", "--status"],
      ["types.custom", "--type"],
    ] as const) {
      for (const value of ["\u115f", "x\u202eright", "\u001b[2J", "x".repeat(33)]) {
        await put(key, value);
        expect({ key, value, code: (await workspace.bd(["update", "conf-1", `${flag}=${value}`])).code }).toEqual({
          key,
          value,
          code: 2,
        });
      }
    }
    await put("types.custom", "My type,odd/type");
    expect((await workspace.bd(["update", "conf-1", "--type=My type"])).code).toBe(0);
  });

  test("as the last number given is no reason to count on, where there is no next one", async () => {
    await put("issue_id_mode", "counter");
    await workspace.sql("REPLACE INTO issue_counter (prefix, last_id) VALUES ('conf', 2147483647)");

    const { code, stdout } = await workspace.bd(["create", "X", "--json"]);
    expect({ code, error: JSON.parse(stdout) }).toMatchObject({ code: 1, error: { code: "NO_FREE_ID" } });
  });
});
