import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { HOOK_NAMES, hookState, withBlock, withoutBlock } from "../../../src/sync/hooks/hook-script.ts";

const SCRIPTS: readonly (readonly [string, string])[] = [
  ["ends with exit 0", "#!/bin/sh\necho one\nexit 0\n"],
  ["becomes another program", '#!/usr/bin/env bash\nexec true "$@"\n'],
  ["has no line feed at its end", "#!/bin/sh\necho one"],
  ["is only its first line", "#!/bin/sh"],
  ["has arguments for its shell", "#!/bin/sh -e\nfalse || true\n"],
  ["begins with blank lines after the first", "#!/bin/zsh\n\n\n# $& $1 \\0\ntrue\n"],
];

describe.each(SCRIPTS)("a script that %s", (_what, script) => {
  test.each(HOOK_NAMES)("has the block of %s once, before all else, and is the same again without it", (name) => {
    const installed = withBlock(script, name);
    expect(hookState(script, name)).toBe("other");
    expect(hookState(installed, name)).toBe("installed");
    expect(installed.split("\n")[1]).toMatch(/^# >>> bd hooks/);
    expect(withBlock(installed, name)).toBe(installed);
    expect(withoutBlock(installed)?.trimEnd()).toBe(script === "#!/bin/sh" ? undefined : script.trimEnd());
  });
});

test("a hook that was not there is ours alone, and goes again", () => {
  const made = withBlock(undefined, "pre-commit");
  expect(made.startsWith("#!/bin/sh\n")).toBe(true);
  expect(withoutBlock(made)).toBeUndefined();
});

test.each([
  ["#!/usr/bin/env python3\nprint(1)\n", "no-shell-script"],
  ["#!/usr/bin/node\n", "no-shell-script"],
  ["#!/bin/sh\r\necho one\r\n", "no-shell-script"],
  ["echo no first line\n", "no-shell-script"],
  ["#!/usr/bin/env fish\n", "no-shell-script"],
  [
    "#!/bin/sh\n# --- BEGIN BEADS INTEGRATION v1.1.0 ---\nbd hooks run pre-commit\n# --- END BEADS INTEGRATION v1.1.0 ---\n",
    "called",
  ],
  ["#!/bin/sh\n# >>> bd hooks (older) >>>\nbd something\n# <<< bd hooks <<<\n", "outdated"],
  ["", "other"],
  ["#!/bin/sh\necho one\nbd hooks run pre-commit || :\n", "called"],
  ['#!/usr/bin/env python3\nsubprocess.run(["bd", "hooks", "run", "pre-commit"])\n', "called"],
  ["#!/bin/sh\n# bd hooks run pre-commit\nbd hooks run pre-push\n", "other"],
] as const)("%j is to us %s", (text, state) => {
  expect(hookState(text, "pre-commit")).toBe(state);
});

test("where there is no bd, the block says nothing, reads nothing, and lets the script go on", () => {
  const script = withBlock("#!/bin/sh\ncat\n", "pre-push");
  expect(
    execFileSync("/bin/sh", ["-c", script, "hook"], { input: "for the script", env: { PATH: "/bin" } }).toString(),
  ).toBe("for the script");
});

test("a bd that fails stops no script, not even one that ends with the first failure", () => {
  const script = withBlock("#!/bin/sh\necho went on\n", "pre-push");
  const printed = execFileSync("/bin/sh", ["-ec", `bd() { return 70; }\n${script}`], { env: { PATH: "/bin" } });
  expect(printed.toString()).toBe("went on\n");
});
