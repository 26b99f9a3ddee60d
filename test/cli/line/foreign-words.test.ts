import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { commandsBelow, findCommand, unknownCommand } from "../../../src/cli/line/find-command.ts";
import { FOREIGN_WORDS } from "../../../src/cli/line/foreign-words.ts";
import { parseBdLine } from "../../support/parse-bd-line.ts";

const WORDS = Object.entries(FOREIGN_WORDS);

/** Arguments that fit the places that the table leaves open. */
function filled(line: string): string {
  return `bd ${line
    .replaceAll("<level>", "1")
    .replaceAll("<minutes>", "5")
    .replaceAll(/<[\w-]+>/g, "bd-a1")}`;
}

describe.each(WORDS)("bd %s", (word, line) => {
  test("is no command here, and no group of them", () => {
    expect(findCommand(COMMANDS, word.split(" "))?.entry.words.join(" ")).not.toBe(word);
    expect(commandsBelow(COMMANDS, word.split(" "))).toEqual([]);
  });

  test("names a command that is one, with arguments that it takes", async () => {
    await parseBdLine(filled(line));
  });

  test("is answered with that command, and with its help as the hint", () => {
    const own = findCommand(COMMANDS, line.split(" "))?.entry.words ?? [];
    const error = unknownCommand(COMMANDS, word.split(" "));
    expect(error).toMatchObject({
      kind: "usage",
      code: "UNKNOWN_COMMAND",
      message: `unknown command "${word}"; here it is: bd ${line}`,
      hint: ["bd", ...own, "--help"].join(" "),
    });
  });
});

test("what stands behind a foreign word changes nothing", () => {
  const error = unknownCommand(COMMANDS, ["issue", "create", "Login"]);
  expect(error.message).toBe('unknown command "issue create"; here it is: bd create <title>');
});

test("names of JavaScript are no words of the table", () => {
  for (const word of ["constructor", "toString", "__proto__"]) {
    expect(unknownCommand(COMMANDS, [word]).message).toMatch(new RegExp(`^unknown command "${word}"`));
  }
});

test.each([
  ["labels add bd-a1 x", "label add"],
  ["labels list bd-a1", "label list"],
  ["comments edit bd-a1 x", "comment edit"],
  ["comments delete bd-a1", "comment delete"],
  ["comments bd-a1", "comments"],
  ["deps add bd-a1 bd-b2", "dep add"],
  ["epics status", "epic status"],
])("bd %s is bd %s", (line, command) => {
  expect(findCommand(COMMANDS, line.split(" "))?.entry.words.join(" ")).toBe(command);
});
