import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { findCommand } from "../../src/cli/line/find-command.ts";
import type { ParsedLine } from "../../src/cli/line/parse-command-line.ts";
import { command } from "../../src/errors.ts";
import { type CommandTemplate, commandTemplates, untaggedCommands } from "../support/command-templates.ts";
import { HOSTILE_WORDS } from "../support/hostile-words.ts";
import { bdArguments, parseArguments, parseBdLine } from "../support/parse-bd-line.ts";

/** What stands in for an id, a path, a host or a name where nothing is wrong with it. */
const PLAIN = "gold-a1";

/** What somebody else may have put there: with words that are options or commands of ours, too. */
const HOSTILE = [...HOSTILE_WORDS, "--help", "--", "list"];

/** Programs besides ours that a hint may call. */
const OTHER_PROGRAMS = new Set(["chmod", "git", "ls", "systemctl"]);

const templates = await commandTemplates();
const fixedOnes = templates.filter(({ expressions }) => expressions.length === 0);
const variedOnes = templates.filter(({ expressions }) => expressions.length > 0);

/** What an expression may give that is a list, which is words of ours. */
function listsFor(expression: string, value: string): readonly (readonly string[])[] | undefined {
  const again = [
    ["bd", "dolt", "fetch", `--remote=${value}`],
    ["bd", "init", `--remote=${value}`],
  ];
  switch (expression) {
    case "again":
    case "fetch":
    case "place.again":
      return again;
    case "askedAgain":
      return [["bd", "watch", `--issue=${value}`, `--assignee=${value}`, `--since=${value}`]];
    case 'commandName.split(" ")':
      return COMMANDS.map(({ words }) => ["bd", ...words]);
    case 'command.name().split(" ")':
      return ["pull", "push", "fetch"].map((word) => ["bd", "dolt", word]);
    default:
      return undefined;
  }
}

/** The lines that a template makes of a value. */
function linesOf({ fixed, expressions }: CommandTemplate, value: string): string[] {
  const strings = Object.assign([...fixed], { raw: fixed });
  const lists = expressions.map((expression) => listsFor(expression, value)).find((found) => found !== undefined);
  return (lists ?? [[]]).map((list) =>
    command(strings, ...expressions.map((expression) => (listsFor(expression, value) ? list : value))),
  );
}

/** The words that a shell makes of each line. */
function wordsIn(lines: readonly string[]): string[][] {
  const script = lines.map((line) => `set -- ${line}; printf '%s\\0' $# "$@"`).join("\n");
  // As an argument it may be too long.
  const printed = execFileSync("sh", { input: script, encoding: "utf8", maxBuffer: 2 ** 26 }).split("\0");
  return lines.map(() => printed.splice(0, 1 + Number(printed[0])).slice(1));
}

/** The same words, the one that was put in exchanged. */
function withValue(words: unknown, value: string): unknown {
  const text = JSON.stringify(words, (_key, item: unknown) =>
    typeof item === "string" ? item.replaceAll(PLAIN, () => value) : item,
  );
  return JSON.parse(text);
}

it("templates are found in all of src/", () => {
  expect(fixedOnes.length).toBeGreaterThan(140);
  expect(variedOnes.length).toBeGreaterThan(25);
});

it("nothing else puts a value into a command that is shown", async () => {
  const commands = (await untaggedCommands()).filter((text) => {
    const words = text.split(/[ =]/).slice(1, -1);
    const found = findCommand(COMMANDS, words);
    return found !== undefined && words.slice(found.used).every((word) => word.startsWith("-"));
  });

  // Sentences, and the line of a script whose word is one of five.
  expect(commands.toSorted()).toEqual(["bd hooks run ${name}", "bd migrate ${older}", "bd version ${output.version}"]);
});

it("no command that is shown destroys anything", () => {
  const destroying = templates.filter(({ text }) =>
    /--force|--hard|\brm\b|\bdrop\b|\bstop\b|\bdelete\b|\bremove\b|\bunset\b/i.test(text),
  );

  expect(destroying.map(({ text }) => text).toSorted()).toEqual([
    // Whoever asked for a deletion is shown what it would do, and this line below.
    "bd delete --force ${ids}",
    "bd delete --help",
    // Of two parents, which is left to people; and a dependency that the history shows to be meant for a deleted issue.
    'bd dep remove ${child} ${parents.at(-1) ?? ""}',
    "bd dep remove ${from} ${target.id}",
    // Their data stay.
    "bd dolt remote remove origin",
    "bd server stop",
    "git config --unset ${key}",
    "systemctl --user stop dolt-server",
  ]);
});

it.each(fixedOnes)("$at: $text is a command", async ({ text }) => {
  await parseBdLine(text);
});

describe.each(variedOnes)("$at: $text", (template) => {
  // One shell for all values: to start one takes longer than everything else.
  const all = wordsIn([PLAIN, ...HOSTILE].flatMap((value) => linesOf(template, value)));
  const lines = all.length / (HOSTILE.length + 1);
  const plain = all.slice(0, lines);
  const hostile = HOSTILE.map((value, place) => ({
    value,
    found: all.slice(lines * (place + 1), lines * (place + 2)),
  }));

  it.each(hostile)(
    "puts $value into a line as one word, which bd takes as the same argument",
    async ({ value, found }) => {
      expect(found).toHaveLength(plain.length);
      for (const [index, words] of found.entries()) {
        const expected = plain[index] ?? [];
        const withoutDashes = words.toSpliced(words.indexOf("--"), words.length - expected.length);
        expect(withoutDashes).toEqual(withValue(expected, value));
        if (bdArguments(expected) === undefined) expect(OTHER_PROGRAMS).toContain(expected[0]);
        else expect(await parsed(words), words.join(" ")).toEqual(withValue(await parsed(expected), value));
      }
    },
  );
});

async function parsed(words: readonly string[]): Promise<ParsedLine | "help"> {
  return (await parseArguments(bdArguments(words) ?? [])) ?? "help";
}
