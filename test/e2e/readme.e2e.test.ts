import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDocuments, transcripts } from "../support/documents.ts";
import { BD_PATH } from "../support/run-bd.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

it("every command of the README runs as written, and prints what stands there", async () => {
  const workspace = await testWorkspace({ prefix: "shop", initialised: false, login: "root" });
  const readme = readDocuments().find(({ path }) => path === "README.md");
  const steps = readme === undefined ? [] : transcripts(readme);
  expect(steps.length).toBeGreaterThan(5);

  const printed: { line: string; output: string }[] = [];
  for (const { line } of steps) printed.push({ line, output: await runInShell(workspace, line) });

  expect(printed.map(timeless)).toEqual(steps.map(timeless));
});

/** Runs a line as a shell does, with `bd` on PATH; gives what both streams say, in order. */
function runInShell({ dir, home, env, port }: TestWorkspace, line: string): Promise<string> {
  const bin = join(home, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "bd"), `#!/bin/sh\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`);
  chmodSync(join(bin, "bd"), 0o755);
  const person = { BEADS_ACTOR: "ada", GIT_AUTHOR_EMAIL: "ada@example.test", PATH: `${bin}:${env["PATH"]}` };
  return new Promise((resolve) => {
    execFile("sh", ["-c", `{ ${line}\n} 2>&1`], { cwd: dir, env: { ...env, ...person } }, (_error, stdout) =>
      resolve(stdout.trimEnd().replaceAll(`127.0.0.1:${port}`, "127.0.0.1:3307")),
    );
  });
}

/** The day on which it ran does not matter. */
function timeless({ line, output }: { readonly line: string; readonly output: string }) {
  return {
    line,
    output: output.replaceAll(/\d{4}-\d{2}-\d{2}(T[\d:]{8}Z)?/g, (_all, time) => (time ? "TIME" : "DAY")),
  };
}
