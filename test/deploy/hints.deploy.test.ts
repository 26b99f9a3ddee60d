import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { command } from "../../src/errors.ts";
import { HOSTILE_WORDS } from "../support/hostile-words.ts";
import { needs } from "../support/needs.ts";
import { missingProgram } from "../support/nix.ts";

needs("shells", missingProgram("bash", "zsh", "fish"));

describe.each(["bash", "zsh", "fish"])("a hint that is pasted into %s", (shell) => {
  test.each(HOSTILE_WORDS)("has %j as one word, as it is", (word) => {
    const line = command`printf ${"%s\\n"} bd --label=${word} -- ${word}`;
    expect(execFileSync(shell, ["-c", line], { encoding: "utf8" })).toBe(`bd\n--label=${word}\n--\n${word}\n`);
  });
});
