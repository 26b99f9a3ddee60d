import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefused, type Refusal } from "../support/refused.ts";
import type { RunOptions } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "val" });
  for (const id of ["val-1", "val-2"]) await workspace.json(["create", `Issue ${id}`, "--id", id, "-l", "here"]);
});
afterAll(() => workspace.remove());

type Case = readonly [line: readonly string[], refusal: Partial<Refusal>, run?: RunOptions];

function refuses(defaults: Partial<Refusal>, cases: readonly Case[]): void {
  test.each(cases.map(([line, refusal, run]) => [line.join(" "), line, refusal, run] as const))(
    "refuses `bd %s`",
    async (_title, line, refusal, run) => {
      const [command = "", second = ""] = line;
      const own = { hint: `bd ${["dep", "label"].includes(command) ? `${command} ${second}` : command} --help` };
      await expectRefused(workspace, line, { exit: 2, code: "", message: "", ...own, ...defaults, ...refusal }, run);
    },
  );
}

describe("a priority", () => {
  const message = (value: string) =>
    `invalid priority ${JSON.stringify(value)} (expected 0-4 or P0-P4, not words like high/medium/low)`;
  refuses({ code: "INVALID_PRIORITY" }, [
    [["create", "X", "-p", "high"], { message: message("high"), details: { value: "high" } }],
    [["create", "X", "-p", "5"], { message: message("5") }],
    [["create", "X", "-p", ""], { message: message("") }],
    [["create", "X", "-p", "-1"], { message: message("-1") }],
    [["update", "val-1", "-p", "P9"], { message: message("P9") }],
    [["list", "-p", "1,x"], { message: message("x") }],
    [["list", "--priority-min", "x"], { message: message("x") }],
    [["ready", "-p", "9"], { message: message("9") }],
  ]);
});

describe("a status or type that nobody configured", () => {
  const builtIn = "open, in_progress, blocked, deferred, closed, pinned, hooked";
  const storable = `built-in: ${builtIn}; or configure custom statuses via 'bd config set status.custom'`;
  refuses({ code: "INVALID_STATUS" }, [
    [["update", "val-1", "-s", "done"], { message: `invalid status "done" (${storable})`, details: { value: "done" } }],
    [["update", "val-1", "-s", ""], { message: `invalid status "" (${storable})` }],
    [["list", "-s", "done"], { message: `invalid status "done" (valid: ${builtIn})` }],
  ]);
  const invalid = (type: string) =>
    expect.stringMatching(
      new RegExp(`^invalid issue type: ${type} \\(known: bug, .*; more by bd config set types.custom\\)$`),
    );
  refuses({ code: "INVALID_ISSUE_TYPE" }, [
    [["create", "X", "-t", "saga"], { message: invalid("saga"), details: { value: "saga" } }],
    [["create", "X", "-t", ""], { message: invalid("") }],
    [["update", "val-1", "-t", "saga"], { message: invalid("saga") }],
  ]);
  refuses({}, [
    [
      ["config", "set", "status.custom", "In Review"],
      {
        code: "INVALID_CUSTOM_STATUS",
        message: 'invalid status name "In Review": must match [a-z][a-z0-9_-]* (lowercase, letter-first, no spaces)',
        hint: "bd config set --help",
      },
    ],
    [
      ["config", "set", "types.custom", "user story"],
      {
        code: "INVALID_ISSUE_TYPE",
        message: 'invalid custom type "user story": at most 32 letters, digits, "_", "-" and "."',
        hint: "bd config set --help",
      },
    ],
  ]);
});

describe("a date", () => {
  const message = (value: string) =>
    `cannot parse time expression: ${JSON.stringify(value)} (examples: +6h, tomorrow, 2025-01-15)`;
  refuses({ code: "INVALID_TIME", hint: "bd help dates" }, [
    [["create", "X", "--due", "soonish"], { message: message("soonish"), details: { value: "soonish" } }],
    [["create", "X", "--due", "2026-02-30"], { message: message("2026-02-30") }],
    [["create", "X", "--defer", "25:00"], { message: message("25:00") }],
    [["update", "val-1", "--due", "soonish"], { message: message("soonish") }],
    [["update", "val-1", "--defer", "9999999999y"], { message: message("9999999999y") }],
    [["list", "--created-after", "soonish"], { message: message("soonish") }],
  ]);
});

describe("JSON", () => {
  const notJson = "invalid JSON in --metadata: must be valid JSON";
  const noObject = "invalid JSON in --metadata: must be a JSON object";
  const key = (name: string) => `invalid metadata key ${JSON.stringify(name)}: must match [a-zA-Z_][a-zA-Z0-9_.-]*`;
  refuses({ code: "INVALID_METADATA" }, [
    [["create", "X", "--metadata", "{"], { message: notJson, details: { value: "{" } }],
    [["create", "X", "--metadata", ""], { message: notJson }],
    [["create", "X", "--metadata", "[1]"], { message: noObject }],
    [["create", "X", "--metadata", "null"], { message: noObject }],
    [["update", "val-1", "--metadata", "{'a': 1}"], { message: notJson }],
    [["update", "val-1", "--metadata", '"text"'], { message: noObject }],
    [
      ["update", "val-1", "--set-metadata", "novalue"],
      { message: 'invalid --set-metadata: expected key=value, got "novalue"' },
    ],
    [["update", "val-1", "--set-metadata", "1a=b"], { message: key("1a") }],
    [["update", "val-1", "--unset-metadata", "a b"], { message: key("a b") }],
  ]);

  const rejected = (count: number, line: number, reason: string) =>
    `1 of ${count} lines of standard input can't be imported, so nothing was: line ${line}: ${reason}`;
  const good = '{"id":"val-9","title":"Fine"}\n';
  refuses({ code: "INVALID_LINES", hint: "bd import --skip-invalid --help" }, [
    [["import", "-"], { message: rejected(2, 2, "it is not JSON") }, { stdin: `${good}{"id":"val-8","ti` }],
    [["import", "-"], { message: rejected(2, 2, "it is not a JSON object") }, { stdin: `${good}[1]\n` }],
    [
      ["import", "-"],
      { message: rejected(2, 3, "priority is not a whole number") },
      { stdin: `${good}\n{"id":"val-8","title":"X","priority":1.5}\n` },
    ],
  ]);
});

describe("a flag, an argument or a file", () => {
  const number = (flags: string, value: string) =>
    `option '${flags}' argument '${value}' is invalid. expected a whole number, 0 or more.`;
  refuses({ code: "BAD_USAGE" }, [
    [["create", "X", "--frobnicate"], { message: "unknown option '--frobnicate'" }],
    [["create", "X", "Y"], { message: "too many arguments. Expected 1 argument but got 2: X, Y." }],
    [["list", "val-1"], { message: "too many arguments. Expected 0 arguments but got 1: val-1." }],
    [["create", "X", "-e", "-5"], { message: number("-e, --estimate <minutes>", "-5") }],
    [["create", "X", "-e", "1.5"], { message: number("-e, --estimate <minutes>", "1.5") }],
    [["list", "--limit", "-1"], { message: number("-n, --limit <count>", "-1") }],
    [["dep", "add", "val-1"], { message: "a dependency needs the issue that waits and one that it waits for" }],
    [["label", "add", "val-1"], { message: "an issue and a label are needed" }],
    [["reopen"], { message: "missing required argument 'ids'" }],
  ]);
  refuses({ code: "NOT_SUPPORTED" }, [
    [["create", "X", "--graph", "plan.json"], { message: "--graph: not supported yet" }],
    [["update", "val-1", "--history"], { message: "--history: not supported yet" }],
    [["list", "--watch"], { message: "--watch: not supported yet" }],
  ]);
  refuses({ code: "CONTRADICTING_FLAGS" }, [
    [["create", "X", "--title", "Y"], { message: 'two titles are given: "X" and "Y"' }],
    [["create", "X", "-d", "a", "--body", "b"], { message: "-d and --body contradict each other; give one of them" }],
    [
      ["update", "val-1", "--notes", "a", "--append-notes", "b"],
      { message: "--notes and --append-notes contradict each other; give one of them" },
    ],
    [["comment", "val-1", "x", "--stdin"], { message: "the text is given in several ways; give one of them" }],
  ]);
  refuses({ code: "INPUT_UNREADABLE" }, [
    [["create", "X", "--body-file", "none.md"], { message: "can't read none.md: there is no such file" }],
    [["create", "X", "--body-file", "."], { message: "can't read .: it is a folder" }],
    [["create", "X", "--metadata", "@none.json"], { message: "can't read none.json: there is no such file" }],
    [["comment", "val-1", "--file", "none.md"], { message: "can't read none.md: there is no such file" }],
    [["import", "none.jsonl"], { message: "can't read none.jsonl: there is no such file" }],
  ]);
  refuses({}, [
    [
      ["list", "--sort", "colour"],
      {
        code: "BAD_INPUT",
        message: "sort: expected one of priority, created, updated, closed, status, id, title, type, assignee",
      },
    ],
    [
      ["list", "--label-regex", "("],
      { code: "INVALID_REGEX", message: "the server can't read the regular expression" },
    ],
    [["list", "--label-regex", ""], { code: "INVALID_REGEX", message: "the regular expression for labels is empty" }],
    [["list", "--has-metadata-key", ""], { code: "BAD_INPUT", message: "the metadata key is empty" }],
    [["ready", "--metadata-field", "*=1"], { code: "BAD_INPUT", message: "metadata can't be compared by the key *" }],
    [
      ["create", "X", "--deps", "nosuch:val-1"],
      {
        code: "INVALID_DEPS",
        message:
          'invalid dependency type "nosuch" (valid: depends-on, blocked-by, blocks, conditional-blocks, waits-for, parent-child, related, relates-to, discovered-from, replies-to, duplicates, supersedes, authored-by, assigned-to, approved-by, attests, tracks, until, caused-by, validates, delegated-from)',
      },
    ],
    [
      ["create", "X", "--waits-for", "val-1", "--waits-for-gate", "some"],
      { code: "INVALID_GATE", message: 'invalid waits-for gate "some" (valid: all-children, any-children)' },
    ],
    [
      ["dep", "add", "val-1", "val-2", "-t", ""],
      { code: "INVALID_DEPENDENCY_TYPE", message: 'invalid dependency type ""' },
    ],
    [["search", ""], { code: "NO_QUERY", message: "search query is required" }],
    [
      ["create", "X", "--stdin", "--design-file", "-"],
      {
        code: "STDIN_TWICE",
        message: "standard input can be read only once, and two of the texts are to come from it",
      },
      { stdin: "once" },
    ],
    [
      ["create", "X", "--notes", "-", "--acceptance=-"],
      { code: "STDIN_TWICE", message: expect.stringContaining("read only once") },
    ],
  ]);
});

describe("a command", () => {
  refuses({ code: "UNKNOWN_COMMAND" }, [
    [["lst"], { message: 'unknown command "lst"; did you mean "list"?', hint: "bd list --help" }],
    [["lsit"], { message: 'unknown command "lsit"; did you mean "list"?', hint: "bd list --help" }],
    [["dpe"], { message: 'unknown command "dpe"; did you mean "dep"?', hint: "bd dep --help" }],
    ...["frobnicate", "x"].map((word): Case => [[word], { message: `unknown command "${word}"`, hint: "bd --help" }]),
    [["ls"], { message: 'unknown command "ls"; here it is: bd list', hint: "bd list --help" }],
    [
      ["start", "val-1"],
      { message: 'unknown command "start"; here it is: bd update <id> --claim', hint: "bd update --help" },
    ],
    [
      ["label", "ad"],
      { message: 'unknown command "label ad"; did you mean "label add"?', hint: "bd label add --help" },
    ],
  ]);
  refuses({ code: "NO_COMMAND" }, [
    [["label"], { message: 'no command in "bd label --json"', hint: "bd label --help" }],
    [["--frobnicate"], { message: 'no command in "bd --frobnicate --json"', hint: "bd --help" }],
  ]);
});

test("a setting of the environment that is no port is named with its source", async () => {
  await expectRefused(
    workspace,
    ["list"],
    {
      exit: 4,
      code: "SETTING_INVALID",
      message: 'BEADS_DOLT_SERVER_PORT says "http" for dolt.port, which must be a port from 1 to 65535',
      hint: "bd config explain dolt.port",
    },
    { env: { BEADS_DOLT_SERVER_PORT: "http" } },
  );
});

test("an error in text goes to standard error, with a hint, and leaves standard output empty", async () => {
  writeFileSync(join(workspace.dir, "bad.json"), "{");
  const refused = await workspace.bd(["create", "X", "--metadata", "@bad.json"]);
  expect(refused).toEqual({
    code: 2,
    stdout: "",
    stderr: "Error: invalid JSON in --metadata: must be valid JSON\nHint: bd create --help\n",
  });
});
