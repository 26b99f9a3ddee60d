import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { recordIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
let metadata: string;
let config: string;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "wsp" });
  await workspace.json(["create", "One", "--id", "wsp-1"]);
  cpSync(join(workspace.dir, ".beads"), join(workspace.dir, "intact"), { recursive: true });
  metadata = join(workspace.dir, ".beads/metadata.json");
  config = join(workspace.dir, ".beads/config.yaml");
});
afterAll(() => workspace.remove());

beforeEach(() => {
  rmSync(join(workspace.dir, ".beads"), { recursive: true });
  cpSync(join(workspace.dir, "intact"), join(workspace.dir, ".beads"), { recursive: true });
});

/** Reads, writes, and those that set the workspace up: none goes on without its settings. */
const LINES = [
  ["list"],
  ["create", "X"],
  ["config", "list"],
  ["config", "set", "custom.x", "1"],
  ["dolt", "show"],
  ["init"],
];

describe("metadata.json that can't be used names file and line, and is left as it is", () => {
  test.each([
    ["empty", "", 1, "it is empty"],
    [
      "truncated",
      '{\n  "dolt_mode": "server",\n  "dolt_database": "beads_w',
      3,
      "it is not valid JSON, or ends too early",
    ],
    ["with a comma too many", '{\n  "dolt_mode": "server",\n}\n', 3, "it is not valid JSON, or ends too early"],
    ["not an object", "[]\n", 1, "it must hold one JSON object"],
    ["with a port that is no number", '{\n\n  "dolt_server_port": "3307"\n}\n', 3, "dolt_server_port must be a number"],
  ])("%s", async (_title, text, line, problem) => {
    writeFileSync(metadata, text);
    for (const words of LINES) {
      await expectRefused(workspace, words, {
        exit: 4,
        code: "METADATA_INVALID",
        message: `${metadata}, line ${line}: ${problem}`,
        hint: "bd where",
        details: { path: metadata, line },
      });
    }
  });

  test("unreadable", async () => {
    rmSync(metadata);
    mkdirSync(metadata);
    for (const words of LINES) {
      await expectRefused(workspace, words, {
        exit: 4,
        code: "FILE_UNREADABLE",
        message: `${metadata} can't be read (EISDIR)`,
        hint: "bd where",
        details: { path: metadata, errno: "EISDIR" },
      });
    }
  });
});

describe("config.yaml that can't be used names file and line, and is left as it is", () => {
  test.each([
    ["truncated in a string", "dolt:\n  user: 'ro", 2, "Missing closing 'quote"],
    [
      "truncated in a list",
      "actor: ann\nlabels: [a,\n",
      2,
      "Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["indented by a tab", "dolt:\n\tuser: root\n", 2, "Tabs are not allowed as indentation"],
    ["not a mapping", "- dolt\n", 1, "it must hold pairs of a name and a value"],
  ])("%s", async (_title, text, line, problem) => {
    writeFileSync(config, text);
    for (const words of LINES) {
      const refused = await workspace.bd([...words, "--json"]);
      expect(refused, words.join(" ")).toMatchObject({ code: 4, stderr: "" });
      const { error, ...rest } = recordIn(JSON.parse(refused.stdout));
      // What follows is the wording of the library.
      expect(error, words.join(" ")).toContain(`${config}, line ${line}: ${problem}`);
      expect(rest, words.join(" ")).toMatchObject({ code: "CONFIG_INVALID", hint: "bd where", details: { line } });
    }
    expect(readFileSync(config, "utf8")).toBe(text);
  });

  test("unreadable", async () => {
    rmSync(config);
    mkdirSync(config);
    await expectRefused(workspace, ["create", "X"], {
      exit: 4,
      code: "FILE_UNREADABLE",
      message: `${config} can't be read (EISDIR)`,
      hint: "bd where",
      details: { path: config, errno: "EISDIR" },
    });
  });

  test("with a value that a setting can't have", async () => {
    writeFileSync(config, "json: false\ndolt:\n  retry-max: forever\n");
    await expectRefused(workspace, ["list"], {
      exit: 4,
      code: "SETTING_INVALID",
      message: `${config}, line 3 says "forever" for dolt.retry-max, which must be a time such as 30s or 500ms, of at most an hour`,
      hint: "bd config explain dolt.retry-max",
    });
  });
});

test("`bd where` goes on with broken settings, and says what is wrong with them", async () => {
  writeFileSync(metadata, "{");
  const where = await workspace.bd(["where", "--json"]);
  expect(where).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(where.stdout)).toMatchObject({
    path: join(workspace.dir, ".beads"),
    problem: `${metadata}, line 1: it is not valid JSON, or ends too early`,
  });
});

describe("no workspace", () => {
  const outside = () => {
    const folder = join(workspace.home, "elsewhere");
    mkdirSync(folder, { recursive: true });
    return folder;
  };

  test.each([
    [["list"]],
    [["create", "X"]],
    [["where"]],
    [["info"]],
    [["import", "-"]],
    [["dolt", "set", "user", "x"]],
  ])("exits 4 and makes none: bd %s", async (words) => {
    const cwd = outside();
    await expectRefused(
      workspace,
      words,
      { exit: 4, code: "NO_WORKSPACE", message: "no beads database found", hint: "bd init" },
      { cwd, stdin: '{"id":"wsp-9","title":"X"}' },
    );
    expect(existsSync(join(cwd, ".beads"))).toBe(false);
  });

  test("where -C names a folder that has none, or is none", async () => {
    const refusal = { exit: 4, code: "NO_WORKSPACE", hint: "bd init" };
    const cwd = outside();
    await expectRefused(workspace, ["-C", cwd, "list"], { ...refusal, message: `no beads database found in ${cwd}` });
    await expectRefused(workspace, ["-C", "none", "list"], {
      exit: 4,
      code: "DIRECTORY_NOT_FOUND",
      message: `there is no directory ${join(workspace.dir, "none")}, which -C names`,
      hint: "bd where",
    });
  });

  test("where BEADS_DIR names a folder that is not there", async () => {
    await expectRefused(
      workspace,
      ["list"],
      {
        exit: 4,
        code: "BEADS_DIR_NOT_FOUND",
        message: "there is no directory /nonexistent/.beads, which BEADS_DIR names",
        hint: "bd init",
      },
      { env: { BEADS_DIR: "/nonexistent/.beads" } },
    );
  });

  test("where a redirect leads nowhere", async () => {
    const redirect = join(workspace.dir, ".beads/redirect");
    writeFileSync(redirect, "../gone/.beads\n");
    await expectRefused(workspace, ["list"], {
      exit: 4,
      code: "REDIRECT_BROKEN",
      message: `there is no directory ${join(workspace.dir, "../gone/.beads")}, which ${redirect} names`,
      hint: "bd where",
    });
  });

  test("where the workspace names no database", async () => {
    rmSync(metadata);
    await expectRefused(workspace, ["list"], {
      exit: 4,
      code: "NO_DATABASE",
      message: `no database is named in ${join(workspace.dir, ".beads")}`,
      hint: "bd init",
    });
  });
});

test("a workspace of the Go program's own store is named as that, and stays as it is", async () => {
  writeFileSync(metadata, '{"database": "dolt", "backend": "dolt", "dolt_mode": "embedded"}\n');
  const env = { BEADS_DOLT_SERVER_PORT: "" };
  const refusal = { exit: 4, code: "NOT_A_SERVER_WORKSPACE", hint: "bd init" };
  await expectRefused(
    workspace,
    ["list"],
    {
      ...refusal,
      message: `${join(workspace.dir, ".beads")} names a Dolt of its own (mode "embedded") as the place of its issues, and no Dolt server`,
    },
    { env },
  );
});
