import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "txt" });
  await workspace.json(["create", "Issue", "--id", "txt-1"]);
  writeFileSync(join(workspace.dir, "long.txt"), "x".repeat(65_536));
  writeFileSync(join(workspace.dir, "latin1.txt"), Buffer.from("caf\u00e9", "latin1"));
});
afterAll(() => workspace.remove());

describe("a title", () => {
  const refusal = { exit: 2, code: "TITLE_REQUIRED", message: "title is required" };

  test.each([[""], ["  \t "]])("can't be empty: %j", async (title) => {
    await expectRefused(workspace, ["create", title], { ...refusal, hint: "bd create --help" });
    const update = { ...refusal, message: "title cannot be empty", hint: "bd update --help" };
    await expectRefused(workspace, ["update", "txt-1", "--title", title], update);
  });

  test("must be there", async () => {
    await expectRefused(workspace, ["create"], { ...refusal, message: "title required", hint: "bd create --help" });
    await expectRefused(workspace, ["q"], { ...refusal, hint: "bd q --help" });
  });

  // Each emoji is one character to the column, two to JavaScript, four bytes on the wire.
  test.each([["x"], ["🚀"]])("has at most 500 characters, counted as the column counts %s", async (character) => {
    const tooLong = {
      exit: 2,
      code: "TEXT_TOO_LONG",
      message: "title must be 500 characters or less (got 501)",
      details: { field: "title", size: 501, limit: 500, unit: "characters" },
    };
    for (const [command, ...args] of [["create"], ["q"], ["update", "txt-1", "--title"]]) {
      const line = [command ?? "", ...args, character.repeat(501)];
      await expectRefused(workspace, line, { ...tooLong, hint: `bd ${command} --help` });
    }
    const longest = character.repeat(500);
    expect(await workspace.json(["create", longest])).toMatchObject({ title: longest });
  });
});

describe("a text over the limit of its column is refused with field, size and limit", () => {
  const bytes = "x".repeat(65_536);
  const cases: readonly (readonly [line: readonly string[], field: string, size: number, limit: number])[] = [
    [["create", "X", "-d", bytes], "description", 65_536, 65_535],
    [["create", "X", "-d", "é".repeat(32_768)], "description", 65_536, 65_535],
    [["create", "X", "--body-file", "long.txt"], "description", 65_536, 65_535],
    [["create", "X", "--design", bytes], "design", 65_536, 65_535],
    [["create", "X", "--acceptance", bytes], "acceptance_criteria", 65_536, 65_535],
    [["create", "X", "--notes", bytes], "notes", 65_536, 65_535],
    [["update", "txt-1", "-d", bytes], "description", 65_536, 65_535],
    [["update", "txt-1", "--notes", bytes], "notes", 65_536, 65_535],
    [["close", "txt-1", "-r", bytes], "close_reason", 65_536, 65_535],
    [["close", "txt-1", "--reason-file", "long.txt"], "close_reason", 65_536, 65_535],
    [["comment", "txt-1", bytes], "text", 65_536, 65_535],
    [["config", "set", "custom.note", bytes], "setting", 65_536, 65_535],
    [["create", "X", "-a", "x".repeat(256)], "assignee", 256, 255],
    [["create", "X", "--external-ref", "x".repeat(256)], "external_ref", 256, 255],
    [["create", "X", "--spec-id", "x".repeat(1025)], "spec_id", 1025, 1024],
    [["create", "X", "-l", "x".repeat(256)], "label", 256, 255],
    [["create", "X", "--deps", `external:p:${"x".repeat(245)}`], "id", 256, 255],
    [["update", "txt-1", "-a", "x".repeat(256)], "assignee", 256, 255],
    [["update", "txt-1", "--add-label", "x".repeat(256)], "label", 256, 255],
    [["label", "add", "txt-1", "x".repeat(256)], "label", 256, 255],
    [["dep", "add", "txt-1", `external:p:${"x".repeat(245)}`], "id", 256, 255],
    [["close", "txt-1", "--session", "x".repeat(256)], "session", 256, 255],
    [["update", "txt-1", "-p", "1", "--actor", "x".repeat(256)], "actor", 256, 255],
  ];

  test.each(cases.map(([line, ...rest]) => [line.map((word) => word.slice(0, 20)).join(" "), line, ...rest] as const))(
    "bd %s…",
    async (_title, line, field, size, limit) => {
      const unit = limit === 65_535 ? "bytes" : "characters";
      const [command = "", second = ""] = line;
      const name = ["config", "dep", "label"].includes(command) ? `${command} ${second}` : command;
      await expectRefused(workspace, line, {
        exit: 2,
        code: "TEXT_TOO_LONG",
        message: `${field} is ${size} ${unit}, over the limit of ${limit} ${unit}`,
        hint: `bd ${name} --help`,
        details: { field, size, limit, unit },
      });
    },
  );

  test("and so are notes that grow past it", async () => {
    const full = await testIssue("Full", ["--notes", "x".repeat(65_000)]);
    await expectRefused(workspace, ["update", full, "--append-notes", "y".repeat(535)], {
      exit: 2,
      code: "TEXT_TOO_LONG",
      message: "notes is 65536 bytes, over the limit of 65535 bytes",
      hint: "bd update --help",
      details: { field: "notes", size: 65_536, limit: 65_535, unit: "bytes" },
    });
  });

  test("and so is a line of an import, by its number", async () => {
    const line = JSON.stringify({ id: "txt-9", title: "Long", description: "x".repeat(65_536) });
    await expectRefused(
      workspace,
      ["import", "-"],
      {
        exit: 2,
        code: "INVALID_LINES",
        message:
          "1 of 1 lines of standard input can't be imported, so nothing was: line 1: description is 65536 bytes, over the limit of 65535 bytes",
        hint: "bd import --skip-invalid --help",
      },
      { stdin: `${line}\n` },
    );
  });

  test("while one that just fits is stored whole", async () => {
    const text = `${"x".repeat(65_533)}é`;
    const id = await testIssue("Just fits", ["-d", text]);
    expect(
      await workspace.sql("SELECT description, LENGTH(description) AS size FROM issues WHERE id = ?", [id]),
    ).toEqual([{ description: text, size: 65_535 }]);
  });
});

test("a file that is not UTF-8 is refused instead of changed", async () => {
  const refusal = { exit: 2, code: "INPUT_UNREADABLE", hint: "bd update --help" };
  await expectRefused(workspace, ["update", "txt-1", "--body-file", "latin1.txt"], {
    ...refusal,
    message: "can't read latin1.txt: it is not UTF-8 text",
  });
  await expectRefused(
    workspace,
    ["update", "txt-1", "--stdin"],
    { ...refusal, message: "can't read standard input: it is not UTF-8 text" },
    { stdin: Buffer.of(0x61, 0xff) },
  );
});

// Quotes of every kind, SQL and printf bait, emoji with joiners, right-to-left text and marks, a combining accent.
const STRANGE = "'a' \"b\" `c` \\ \\' ; -- /* %s $HOME 🚀👩‍👩‍👧‍👦 \u202eשלום مرحبا\u202c e\u0301 \u2028 \ufeff.";
/** To people: what turns the direction around or can't be seen is spelled out. */
const STRANGE_SHOWN = STRANGE.replaceAll(
  /[\u202e\u202c\u2028\ufeff]/g,
  (character) => `\\u${character.charCodeAt(0).toString(16)}`,
);
const STRANGE_LINES = `${STRANGE}\n\t${STRANGE}\r\n`;
const WITH_NUL = `a\0b ${STRANGE}`;

describe("strange texts are stored and given back exactly", () => {
  test("in every field of create", async () => {
    const texts = {
      title: STRANGE,
      description: STRANGE_LINES,
      design: STRANGE_LINES,
      acceptance_criteria: STRANGE_LINES,
      notes: STRANGE_LINES,
      assignee: STRANGE,
      external_ref: STRANGE,
      spec_id: STRANGE,
    };
    const id = await testIssue(
      STRANGE,
      [
        ["-d", texts.description, "--design", texts.design, "--acceptance", texts.acceptance_criteria],
        ["--notes", texts.notes, "-a", texts.assignee, "--external-ref", texts.external_ref],
        ["--spec-id", texts.spec_id, "-l", STRANGE, "--metadata", JSON.stringify({ [STRANGE]: STRANGE_LINES })],
        ["--actor", STRANGE],
      ].flat(),
    );
    const whole = { ...texts, labels: [STRANGE], created_by: STRANGE, metadata: { [STRANGE]: STRANGE_LINES } };
    expect(await workspace.json(["show", id])).toMatchObject([whole]);
    const rows = await workspace.sql(
      "SELECT title, description, design, acceptance_criteria, notes, assignee, external_ref, spec_id FROM issues WHERE id = ?",
      [id],
    );
    expect(rows).toEqual([texts]);
    expect(await workspace.json(["list", "--assignee", STRANGE, "--label", STRANGE, "--title", STRANGE])).toMatchObject(
      [{ id }],
    );
    expect((await workspace.bd(["show", id])).stdout).toContain(STRANGE_SHOWN);
  });

  test("in every field of update, in labels, comments and reasons", async () => {
    const id = await testIssue("Plain", []);
    await workspace.json(
      [
        ["update", id, "--title", STRANGE, "-d", STRANGE_LINES, "--design", STRANGE_LINES, "-a", STRANGE],
        ["--acceptance", STRANGE_LINES, "--append-notes", STRANGE_LINES, "--external-ref", STRANGE],
        ["--set-metadata", `key=${STRANGE_LINES}`, "--add-label", STRANGE],
      ].flat(),
    );
    await workspace.json(["label", "add", id, `${STRANGE} 2`]);
    await workspace.json(["comment", id, STRANGE_LINES]);
    await workspace.json(["close", id, "-r", STRANGE_LINES]);
    expect(await workspace.json(["show", id])).toMatchObject([
      {
        title: STRANGE,
        description: STRANGE_LINES,
        design: STRANGE_LINES,
        acceptance_criteria: STRANGE_LINES,
        notes: STRANGE_LINES,
        assignee: STRANGE,
        external_ref: STRANGE,
        metadata: { key: STRANGE_LINES },
        labels: [STRANGE, `${STRANGE} 2`],
        comments: [{ text: STRANGE_LINES }],
        close_reason: STRANGE_LINES,
      },
    ]);
  });

  test("NUL included, where a text has room for it", async () => {
    const file = join(workspace.dir, "nul.txt");
    writeFileSync(file, WITH_NUL);
    const id = await testIssue("With NUL", ["--body-file", file, "--design-file", file]);
    await workspace.json(["comment", id, "--stdin"], { stdin: WITH_NUL });
    await workspace.json(["close", id, "--reason-file", file]);
    const texts = { description: WITH_NUL, design: WITH_NUL, close_reason: WITH_NUL };
    expect(await workspace.json(["show", id])).toMatchObject([{ ...texts, comments: [{ text: WITH_NUL }] }]);
    expect(await workspace.sql("SELECT description, design, close_reason FROM issues WHERE id = ?", [id])).toEqual([
      texts,
    ]);
  });

  test("through export and import into another database, byte for byte", async () => {
    const exported = await workspace.bd(["export"]);
    const copy = await testWorkspace({ prefix: "txt-copy" });
    await copy.json(["import", "-"], { stdin: exported.stdout });
    expect((await copy.bd(["export"])).stdout).toBe(exported.stdout);
    expect(exported.stdout).toContain("\\u0000");
  });
});

describe("NUL in a name or title is refused", () => {
  test.each([
    ["title", "title holds a NUL character"],
    ["assignee", "assignee holds a NUL character"],
    ["external_ref", "external_ref holds a NUL character"],
    ["spec_id", "spec_id holds a NUL character"],
    ["id", 'the id "txt-a\\u0000b" holds characters that can\'t be seen'],
  ])("in an import, as %s", async (field, reason) => {
    const line = JSON.stringify({ id: "txt-9", title: "Fine", [field]: "txt-a\0b" });
    await expectRefused(
      workspace,
      ["import", "-"],
      {
        exit: 2,
        code: "INVALID_LINES",
        message: `1 of 1 lines of standard input can't be imported, so nothing was: line 1: ${reason}`,
        hint: "bd import --skip-invalid --help",
      },
      { stdin: `${line}\n` },
    );
  });

  test("and so is one in a label", async () => {
    const line = JSON.stringify({ id: "txt-9", title: "Fine", labels: ["a\0b"] });
    const result = await workspace.bd(["import", "-", "--json"], { stdin: `${line}\n` });
    expect(result.code).toBe(2);
    expect(JSON.parse(result.stdout)).toMatchObject({
      error: "1 of 1 lines of standard input can't be imported, so nothing was: line 1: label holds a NUL character",
    });
  });
});

async function testIssue(title: string, args: readonly string[]): Promise<string> {
  return String(recordIn(await workspace.json(["create", title, ...args]))["id"]);
}

test("control characters reach the terminal spelled out, and programs as they are", async () => {
  const title = "a\u001b]0;evil\u0007\nb";
  const created = await workspace.bd(["create", title, "-d", "one\n\ttwo\u001b[2J"]);
  expect(created.stdout).toContain(" — a\\x1b]0;evil\\x07\\nb\n");
  const [, id = ""] = /issue: (\S+)/.exec(created.stdout) ?? [];
  expect((await workspace.bd(["list", "--id", id])).stdout).toContain(`${id}  P2  a\\x1b]0;evil\\x07\\nb\n`);
  expect((await workspace.bd(["show", id])).stdout).toContain("  one\n  \ttwo\\x1b[2J\n");
  expect(await workspace.json(["show", id])).toMatchObject([{ title, description: "one\n\ttwo\u001b[2J" }]);
  expect((await workspace.bd(["show", "x\u001b[2J"])).stderr).not.toContain("\u001b");
});
