import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { ACTS_ON_MACHINE, lineOf } from "../support/command-lines.ts";
import type { BdResult } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

/*
 * Nearly all tests run the sources. Bundling cuts the program into a file per command and operation and trims the
 * driver; here every one of those files is loaded, and says what the sources say.
 */

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "bd" });
  const issues = ["bd-a1", "bd-b2"].map((id) => JSON.stringify({ id, title: `Login ${id}`, labels: ["auth"] }));
  await workspace.json(["import", "-"], { stdin: issues.join("\n") });
});
afterAll(() => workspace.remove());

const built = (args: readonly string[], stdin = ""): Promise<BdResult> => workspace.spawn(args, { stdin }).done;

/** Without what is different every time: how long something took. */
function steady({ code, stdout, stderr }: BdResult): BdResult {
  const still = (text: string) =>
    text.replaceAll(/\d+(?:\.\d+)?( ?ms\b)/g, "0$1").replaceAll(/_ms": [\d.]+/g, '_ms": 0');
  return { code, stdout: still(stdout), stderr: still(stderr) };
}

const NAMES = COMMANDS.map(({ words }) => words.join(" "));

describe("the built program", () => {
  test.each(NAMES)("helps, reads and refuses as the sources do: bd %s", async (name) => {
    const lines = [
      [...name.split(" "), "--help"],
      [...name.split(" "), "--no-such-flag", "--json"],
      ...(ACTS_ON_MACHINE.has(name) ? [] : [[...lineOf(name), "--readonly", "--json"]]),
    ];
    for (const line of lines) expect(steady(await built(line))).toEqual(steady(await workspace.bd(line)));
  });

  test.each(NAMES.filter((name) => !ACTS_ON_MACHINE.has(name)))("does its work: bd %s", async (name) => {
    const { code, stdout } = await built([...lineOf(name), "--json"], '{"id":"bd-c3","title":"New"}\n');
    expect({ code, bug: stdout.includes("this is a bug") }).toEqual({ code: expect.toSatisfy(isNoBug), bug: false });
  });
});

/** Refused by a rule is an answer, too: the line may not fit what the others have left. */
function isNoBug(code: unknown): boolean {
  return code === 0 || code === 1 || code === 3 || code === 4;
}
