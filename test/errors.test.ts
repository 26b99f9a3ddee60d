import { execFileSync } from "node:child_process";
import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { command } from "../src/errors.ts";
import { HOSTILE_WORDS } from "./support/hostile-words.ts";

/** The words that a shell makes of a line. */
function wordsIn(shell: string, line: string): string[] {
  return execFileSync(shell, ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);
}

describe.each(["sh", "bash"])("in %s", (shell) => {
  it.each(HOSTILE_WORDS)("%j is one word of the command, as it is", (text) => {
    expect(wordsIn(shell, command`bd show --label=${text} -- ${text} ${text}`)).toEqual([
      "bd",
      "show",
      `--label=${text}`,
      "--",
      text,
      text,
    ]);
  });

  it("any text that can be printed is one word, as it is", () => {
    const printable = string({
      unit: constantFrom(..."abc '\"\\$`!-=%~#&;|<>()[]{}*?é漢".split("")),
      maxLength: 12,
    });

    assert(
      property(array(printable, { minLength: 20, maxLength: 20 }), (texts) => {
        expect(wordsIn(shell, command`-- ${texts}`)).toEqual(["--", ...texts]);
      }),
      { numRuns: 50 },
    );
  });
});

it("plain words stand without quotes", () => {
  expect(command`bd show ${"gold-a1.2"}`).toBe("bd show gold-a1.2");
  expect(command`BEADS_DOLT_SERVER_PORT=${3308} bd ping`).toBe("BEADS_DOLT_SERVER_PORT=3308 bd ping");
});

it("what begins with a hyphen can't be an option: the first one gets `--` before it", () => {
  expect(command`bd dolt remote add ${"-f"} ${"-g"}`).toBe("bd dolt remote add -- -f -g");
  expect(command`bd dolt remote add ${"a -- b"} ${"-g"}`).toBe("bd dolt remote add 'a -- b' -- -g");
  expect(command`bd show -- ${"-f"}`).toBe("bd show -- -f");
  expect(command`bd dolt fetch --remote=${"-f"}`).toBe("bd dolt fetch --remote=-f");
});

it.each([
  ["a line feed", "a\nb"],
  ["an escape", "\x1b]0;x\x07"],
  ["NUL", "a\0b"],
  ["C1", "a\x9bb"],
  ["half a surrogate pair", "a\ud800"],
  ["a mark that turns the text around", "a\u202eb"],
  ["an isolate", "a\u2066b"],
  ["a line separator", "a\u2028b"],
  ["what has no width", "a\u200bb"],
  ["a tag", "a\u{e0041}"],
  ["more than a terminal takes in one line", "a".repeat(1001)],
])("a word with %s is left out, because it could not be typed as it is shown", (_what, text) => {
  expect(command`bd show ${text}`).toBe("bd show VALUE");
});
