import { expect, test } from "vitest";
import { confirm } from "../../../src/cli/input/confirm.ts";
import { progressReporter } from "../../../src/cli/present/progress.ts";
import type { OutputStream } from "../../../src/cli/terminal.ts";

function terminalStream(): OutputStream & { readonly written: string[] } {
  const written: string[] = [];
  return { written, write: (text) => void written.push(text), drained: async () => {}, isTerminal: true, columns: 80 };
}

test("a question spells out what the names in it hold", async () => {
  const stderr = terminalStream();
  const answered = await confirm("push to 'x\u001b[2J\nHint: y'?", {
    stdout: terminalStream(),
    stderr,
    stdinIsTerminal: true,
    stdinStream: async function* () {
      yield Buffer.from("y\n");
    },
  });

  expect(answered).toBe(true);
  expect(stderr.written).toEqual(["push to 'x\\x1b[2J\n  Hint: y'? [y/N] "]);
});

test("so does a line of progress", () => {
  const stderr = terminalStream();
  progressReporter(stderr, false).report({ task: "reading \u001b]0;x\u0007", done: 1, total: 2 });

  expect(stderr.written).toEqual(["reading \\x1b]0;x\\x07: 1 of 2"]);
});
