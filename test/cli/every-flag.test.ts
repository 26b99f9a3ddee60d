import type { Option } from "commander";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { parseCommandLine } from "../../src/cli/line/parse-command-line.ts";
import { readLine } from "../../src/cli/line/read-line.ts";
import { BdError } from "../../src/errors.ts";
import { SILENT } from "../support/parse-bd-line.ts";

/** Every flag takes one of them: a number, a text, a pair, the format of a graph, a column, an event. */
const VALUES = ["1", "key=value", "mermaid", "id", "closed", "events"];

/** The flags of a line as the command gets them, or why it does not. */
async function parsed(words: readonly string[], flags: readonly string[]): Promise<unknown> {
  const line = await readLine([...words, ...flags], SILENT);
  if (line.kind === "other") throw new Error(`${words.join(" ")} is no command`);
  const needed = line.command.registeredArguments.filter(({ required }) => required);
  const whole = await readLine(
    [...words, ...flags, "--", ...needed.map(({ argChoices }) => argChoices?.[0] ?? "x")],
    SILENT,
  );
  if (whole.kind === "other") throw new Error(`${words.join(" ")} is no command`);
  try {
    return parseCommandLine(whole.command, whole.scanned, whole.definition);
  } catch (error) {
    if (error instanceof BdError) return { code: error.code, message: error.message };
    throw error;
  }
}

/** What the flag's own parser says of a value is another test's; not supported yet is a fine answer, too. */
function isUsable(outcome: unknown): boolean {
  return !JSON.stringify(outcome).includes("BAD_USAGE");
}

async function everyForm(words: readonly string[], { long, short }: Option, isSwitch: boolean): Promise<void> {
  if (isSwitch) {
    const on = await parsed(words, [`${long}`]);
    expect(isUsable(on), `${words.join(" ")} ${long}`).toBe(true);
    const off = await parsed(words, []);
    expect(on).not.toEqual(off);
    expect(await parsed(words, [`${long}=true`])).toEqual(on);
    expect(await parsed(words, [`${long}=false`])).toEqual(off);
    expect(await parsed(words, [`${long}`, `${long}=0`])).toEqual(off);
    if (short === undefined) return;
    expect(await parsed(words, [short])).toEqual(on);
    expect(await parsed(words, [`${short}=true`])).toEqual(on);
    expect(await parsed(words, [`${short}=false`])).toEqual(off);
    return;
  }
  const spaced = await Promise.all(VALUES.map((value) => parsed(words, [`${long}`, value])));
  const place = spaced.findIndex(isUsable);
  const value = VALUES[place];
  expect(value, `${words.join(" ")} ${long} takes none of the values`).toBeDefined();
  const same = spaced[place];
  expect(same).not.toEqual(await parsed(words, []));
  expect(await parsed(words, [`${long}=${value}`])).toEqual(same);
  if (short === undefined) return;
  expect(await parsed(words, [short, `${value}`])).toEqual(same);
  expect(await parsed(words, [`${short}${value}`])).toEqual(same);
  expect(await parsed(words, [`${short}=${value}`])).toEqual(same);
  expect(await parsed(words, [`-q${short.slice(1)}=${value}`])).toEqual(await parsed(words, ["-q", short, `${value}`]));
}

describe.each(COMMANDS.map((entry) => [entry.words.join(" "), entry.words] as const))("bd %s", (_name, words) => {
  test("takes each of its flags in every form that Go's flags have", async () => {
    const line = await readLine(words, SILENT);
    const options = line.kind === "command" ? line.command.options : [];
    expect(options.length).toBeGreaterThan(0);
    for (const option of options) await everyForm(words, option, !option.required && !option.optional);
  });
});
