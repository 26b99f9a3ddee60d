import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/** What a terminal would obey, turn around, or not show at all. */
const EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\r\b\u202eright\u2066\u2028\u200b\u061c\ufeff\u{e0041}";
/** The same in a name, with a line that looks like ours. */
const EVIL_NAME = `${EVIL}\nHint: rm -rf /`;
const EVIL_ID = `bd-${EVIL_NAME}`;
const EVIL_KEY = EVIL.slice(0, 30);

/** What may not arrive raw: all of it but line feeds and tabs; and the line that looks like ours. */
// oxlint-disable-next-line no-control-regex -- they are what this is about
const RAW = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u2028-\u202e\u2066-\u2069\ufeff]|\u{e0041}|^Hint: rm/mu;

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "bd" });
  await plantEvil(workspace);
});
afterAll(() => workspace.remove());

async function plantEvil(evil: TestWorkspace): Promise<void> {
  const insert = (table: string, row: Readonly<Record<string, string | number>>) => {
    const columns = Object.keys(row).map((column) => `\`${column}\``);
    return evil.sql(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      Object.values(row),
    );
  };
  const words = {
    ...Object.fromEntries(
      "title assignee created_by owner external_ref spec_id closed_by_session sender source_system actor target await_id"
        .split(" ")
        .map((column) => [column, EVIL_NAME]),
    ),
    ...Object.fromEntries(
      "description design notes acceptance_criteria close_reason payload".split(" ").map((column) => [column, EVIL]),
    ),
    metadata: JSON.stringify({ [EVIL_NAME]: EVIL_NAME, text: EVIL }),
  };
  const ids = ["bd-a1", "bd-b2", "bd-c3", EVIL_ID, `${EVIL_ID}2`];
  await evil.sql("SET autocommit = 1");
  for (const id of ids) {
    await insert("issues", { ...words, id });
    await insert("labels", { issue_id: id, label: EVIL_NAME });
    await insert("comments", { issue_id: id, author: EVIL_NAME, text: EVIL });
    await insert("events", { issue_id: id, event_type: EVIL_KEY, actor: EVIL_NAME, old_value: EVIL, new_value: EVIL });
  }
  await insert("issues", { ...words, id: "bd-odd", status: EVIL_KEY, issue_type: EVIL_KEY });
  await insert("issues", { ...words, id: "bd-held", status: "in_progress" });
  await insert("issues", { ...words, id: "bd-done", status: "closed", closed_at: "2026-01-02 00:00:00" });
  const edges = [
    ["bd-a1", EVIL_ID, "blocks"],
    ["bd-b2", `external:${EVIL_NAME}`, "blocks"],
    [EVIL_ID, `${EVIL_ID}2`, "parent-child"],
    [`${EVIL_ID}2`, "bd-c3", EVIL_KEY],
    ["bd-c3", "bd-done", "blocks"],
    ["bd-done", "bd-c3", "blocks"],
  ] as const;
  for (const [issue_id, depends_on_id, type] of edges)
    await insert("dependencies", { issue_id, depends_on_id, type, created_by: EVIL_NAME });
  for (const key of ["custom.x", EVIL_KEY, "types.custom"]) await insert("config", { key, value: EVIL_NAME });
  await evil.sql("CALL DOLT_COMMIT('-Am', ?, '--author', ?)", [EVIL_NAME, `${EVIL} <${EVIL_KEY}@example.test>`]);
  await evil.sql("CALL DOLT_REMOTE('add', 'evil', ?)", ["file:///tmp/\u202eright\u2066\u200b"]);
  await evil.sql("CALL DOLT_REMOTE('add', 'gone', 'file:///nowhere/gone')");
  await evil.sql("SET autocommit = 0");
  writeFileSync(
    join(evil.dir, "bad.jsonl"),
    `{"id":${JSON.stringify(EVIL_ID)},"title":${JSON.stringify(EVIL_NAME)}}\n`,
  );
}

/** What to give each command, one line each; the others are called as they are. */
const LINES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  create: [
    [EVIL_NAME],
    ["X", "--id", EVIL_ID],
    ["X", "-l", EVIL_NAME],
    ["X", "--parent", EVIL_ID],
    ["X", "--deps", EVIL_NAME],
  ],
  q: [[EVIL_NAME]],
  watch: [
    ["--from-start", "--timeout", "1s"],
    ["--from-start", "--assignee", EVIL_NAME, "--timeout", "1s"],
    ["--issue", EVIL_ID, "--timeout", "1s"],
    ["--since", EVIL_NAME],
  ],
  changes: [["--from-start"], ["--from-start", "--issue", EVIL_ID], ["--since", EVIL_NAME]],
  history: [["bd-a1"], [EVIL_ID]],
  delete: [["bd-a1"], [EVIL_ID], [EVIL_NAME]],
  update: [
    [EVIL_ID, "-p", "1"],
    ["bd-a1", "--status", EVIL_NAME],
    ["bd-a1", "-t", EVIL_NAME],
    ["bd-held", "--claim"],
  ],
  close: [["bd-a1"], [EVIL_ID], [EVIL_NAME], ["bd-b2", "-r", EVIL_NAME, "--force"]],
  reopen: [["bd-done", "-r", EVIL_NAME], [EVIL_NAME]],
  restore: [[EVIL_ID], [EVIL_NAME], ["bd-a1", "--from", EVIL_NAME]],
  show: [
    ["bd-a1", "--long"],
    [EVIL_ID],
    [EVIL_ID, "--refs"],
    [EVIL_ID, "--children"],
    [EVIL_ID, "--short"],
    [EVIL_NAME],
  ],
  list: [
    [],
    ["--all"],
    ["--flat"],
    ["--label", EVIL_NAME],
    ["--status", EVIL_NAME],
    ["--parent", EVIL_NAME],
    [EVIL_NAME],
  ],
  ready: [[], ["--explain"], ["--claim"]],
  search: [["right"], [EVIL_NAME]],
  count: [[], ["--by-assignee"], ["--by-label"], ["--by-status"], ["--by-type"]],
  comment: [
    ["bd-a1", EVIL_NAME],
    [EVIL_NAME, "X"],
  ],
  comments: [["bd-a1"], [EVIL_ID], [EVIL_NAME]],
  "comments add": [["bd-a1", EVIL_NAME]],
  "label add": [
    ["bd-c3", `${EVIL_NAME}2`],
    [EVIL_NAME, "x"],
  ],
  "label remove": [
    ["bd-c3", EVIL_NAME],
    ["bd-c3", "nosuch"],
  ],
  "label list": [["bd-a1"], [EVIL_ID]],
  dep: [
    ["bd-a1", "--blocks", EVIL_NAME],
    ["bd-held", "--blocks", EVIL_ID],
  ],
  "dep add": [
    ["bd-a1", EVIL_ID, "-t", "related"],
    [EVIL_ID, EVIL_ID],
    ["bd-held", "bd-b2", "-t", EVIL_NAME],
    [`${EVIL_ID}2`, EVIL_ID],
  ],
  "dep remove": [
    ["bd-c3", EVIL_ID],
    ["bd-a1", EVIL_ID],
  ],
  "dep list": [["bd-a1"], [EVIL_ID], [EVIL_ID, "--direction", "up"]],
  "dep tree": [["bd-a1"], [EVIL_ID], [EVIL_ID, "--direction", "up"], ["bd-a1", "--format", "mermaid"]],
  import: [["bad.jsonl"], ["bad.jsonl", "--skip-invalid"], [EVIL_NAME.replaceAll("/", "_")]],
  export: [
    ["-o", join("nowhere", EVIL_KEY)],
    ["-o", "out.jsonl"],
  ],
  init: [[], ["--prefix", EVIL_NAME], ["--remote", EVIL_NAME], ["--database", EVIL_NAME], ["--backend", EVIL_NAME]],
  "config set": [
    ["custom.y", EVIL_NAME],
    [EVIL_NAME, "1"],
    ["status.custom", EVIL_NAME],
    ["beads.role", EVIL_NAME],
    [`x${EVIL_NAME}`, "1"],
  ],
  "config get": [["custom.x"], [EVIL_KEY], [EVIL_NAME]],
  "config unset": [["custom.y"], [EVIL_NAME]],
  "config explain": [["custom.x"], [EVIL_KEY]],
  "dolt set": [
    [EVIL_NAME, "x"],
    ["host", EVIL_NAME],
    ["database", EVIL_NAME],
  ],
  "dolt remote add": [
    [EVIL_NAME, "http://127.0.0.1:1/x"],
    ["evil2", EVIL_NAME],
  ],
  "dolt remote remove": [[EVIL_NAME]],
  "dolt push": [["--remote", "gone"], ["--remote", EVIL_NAME], [EVIL_NAME]],
  "dolt pull": [
    ["--remote", "gone"],
    ["--strategy", EVIL_NAME],
  ],
  "dolt fetch": [["--remote", "gone"]],
  "dolt commit": [["-m", EVIL_NAME]],
};

/** They would start, end or install something on the machine. */
const LEFT_OUT = new Set(["serve", "server start", "server stop", "server install"]);
/** It may lead away from the database. */
const LAST = "dolt set";

const EVERY_LINE = COMMANDS.map(({ words }) => words.join(" "))
  .filter((name) => !LEFT_OUT.has(name) && name !== LAST)
  .concat(LAST)
  .flatMap((name) => (LINES[name] ?? [[]]).map((args) => ({ name, args, line: shown([name, ...args]) })));

/** A line as a report of the tests may have it. */
function shown(words: readonly string[]): string {
  return words.join(" ").replaceAll(EVIL_NAME, "EVIL").replaceAll(EVIL_KEY, "EVIL");
}

describe("in a database full of somebody else's words", () => {
  test("JSON has every text as it is", async () => {
    expect(await workspace.json(["show", "bd-c3"])).toMatchObject([
      {
        id: "bd-c3",
        title: EVIL_NAME,
        description: EVIL,
        assignee: EVIL_NAME,
        comments: [{ author: EVIL_NAME, text: EVIL }],
      },
    ]);
    for (const line of ["list --all -n 0", "show"]) {
      const issues = await workspace.json([...line.split(" "), ...(line === "show" ? [EVIL_ID] : [])]);
      expect(issues).toContainEqual(
        expect.objectContaining({ id: EVIL_ID, metadata: { [EVIL_NAME]: EVIL_NAME, text: EVIL } }),
      );
    }
  });

  test("the lists name all issues, however they are called", async () => {
    for (const line of [
      "list --all -n 0",
      "ready",
      "blocked",
      "search right",
      "dep tree bd-a1",
      "dep cycles",
      "stats",
    ]) {
      const { code, stdout } = await workspace.bd(line.split(" "));
      expect({ line, code }).toEqual({ line, code: 0 });
      if (/list|blocked|search|tree/.test(line)) expect(stdout).toContain("bd-\\x1b]0;owned\\x07");
    }
  });

  test.each([
    "BEADS_ACTOR",
    "BEADS_DOLT_SERVER_HOST",
    "BEADS_DOLT_SERVER_USER",
    "BEADS_DOLT_SERVER_PORT",
    "BEADS_DOLT_SERVER_DATABASE",
    "BEADS_DIR",
    "DOLT_REMOTE_PASSWORD_FILE",
  ])("nor is one in the environment, as %s", async (variable) => {
    for (const line of [
      "list",
      "where",
      "info",
      "ping",
      "dolt show",
      "dolt test",
      "dolt status",
      "q X",
      "dolt fetch",
    ]) {
      const { stdout, stderr } = await workspace.bd(line.split(" "), { env: { [variable]: EVIL_NAME } });
      expect(stdout + stderr, line).not.toMatch(RAW);
    }
  });

  test.each(EVERY_LINE)("bd $line prints none of them raw", async ({ name, args }) => {
    for (const flags of [[], ["-v"]]) {
      const { stdout, stderr } = await workspace.bd([...name.split(" "), ...args, ...flags], {
        env: { BEADS_ACTOR: EVIL_NAME, BD_SESSION: EVIL_NAME },
      });
      expect(name === "export" && args.length === 0 ? stderr : stdout + stderr).not.toMatch(RAW);
      expect(stderr).not.toMatch(/bug in bd|the server answered/);
    }
  });
});
