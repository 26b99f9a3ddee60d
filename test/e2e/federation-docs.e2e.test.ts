import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fencedBlocks, readDocuments } from "../support/documents.ts";
import { startPrivateDolt } from "../support/private-dolt.ts";
import { BD_PATH } from "../support/run-bd.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

interface Step {
  /** Whose machine: the prompt is `ann$` or `bob$`. */
  readonly person: string;
  readonly line: string;
  readonly output: string;
}

/** The remote of the tutorial; here it is another folder. */
const REMOTE = "/srv/beads/club";

test("docs/federation.md connects two machines and gets through a conflict when it is followed word for word", async () => {
  const other = await startPrivateDolt();
  onTestFinished(() => other.stop());
  const machines = new Map([
    ["ann", await testWorkspace({ prefix: "club", initialised: false, login: "root" })],
    ["bob", await testWorkspace({ prefix: "club", initialised: false, login: "root", port: other.port })],
  ]);
  const steps = documentedSteps();
  expect(steps.length).toBeGreaterThan(10);
  const folder = join(machines.get("ann")?.home ?? "", "remote");

  const printed: Step[] = [];
  for (const { person, line } of steps) {
    const machine = machines.get(person);
    if (machine === undefined) throw new Error(`nobody is called ${person}`);
    const output = await inShell(machine, person, line.replaceAll(REMOTE, folder));
    printed.push({ person, line, output: output.replaceAll("/home/ann/remote", REMOTE).replaceAll(folder, REMOTE) });
  }

  expect(printed.map(timeless)).toEqual(steps.map(timeless));
});

function documentedSteps(): Step[] {
  const document = readDocuments().find(({ path }) => path === "docs/federation.md");
  const lines = document === undefined ? [] : fencedBlocks(document, "console").flat();
  const steps: { person: string; line: string; output: string[] }[] = [];
  for (const text of lines) {
    const typed = /^(\w+)\$ (.*)$/.exec(text);
    if (typed === null) steps.at(-1)?.output.push(text);
    else steps.push({ person: typed[1] ?? "", line: typed[2] ?? "", output: [] });
  }
  return steps.map(({ output, ...step }) => ({ ...step, output: output.join("\n") }));
}

/** Runs a line as a shell does, with `bd` on PATH; gives what both streams say, in order. */
function inShell({ home, env, port }: TestWorkspace, person: string, line: string): Promise<string> {
  const bin = join(home, "bin");
  const folder = join(home, "club");
  for (const needed of [bin, folder]) mkdirSync(needed, { recursive: true });
  writeFileSync(join(bin, "bd"), `#!/bin/sh\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`);
  chmodSync(join(bin, "bd"), 0o755);
  const own = { BEADS_ACTOR: person, PATH: `${bin}:${env["PATH"]}` };
  return new Promise((resolve) => {
    execFile("sh", ["-c", `{ ${line}\n} 2>&1`], { cwd: folder, env: { ...env, ...own } }, (_error, stdout) =>
      resolve(stdout.trimEnd().replaceAll(`127.0.0.1:${port}`, "127.0.0.1:3307").replaceAll(home, `/home/${person}`)),
    );
  });
}

/** Commits' hashes and days are others each time. */
function timeless({ person, line, output }: Step): Step {
  const stable = output
    .replaceAll(/(local|remote|→) [0-9a-v]{8}\b/g, "$1 HASH")
    .replaceAll(/\d{4}-\d{2}-\d{2}(T[\d:]{8}Z)?/g, (_all, time) => (time ? "TIME" : "DAY"));
  return { person, line, output: stable };
}
