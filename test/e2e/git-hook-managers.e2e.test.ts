import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { create } from "../support/git-project.ts";
import { committed, type HookedProject, hooked } from "../support/hooked-project.ts";
import { needs } from "../support/needs.ts";

function isRunnable(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

const BIN = join(import.meta.dirname, "../../node_modules/.bin");

/** What `bd hooks install` has a person write, after it has written nothing itself. */
function linesFor({ run }: HookedProject, manager: string): string[] {
  const before = run("ls -A .git/hooks; git config --get core.hooksPath || :").stdout;
  const { lines, ...report } = JSON.parse(run("bd hooks install --json").stdout);
  expect(report.manager).toBe(manager);
  expect(run("ls -A .git/hooks; git config --get core.hooksPath || :").stdout).toBe(before);
  return lines;
}

/** What a person has written where the manager reads it is seen, and not asked for again. */
function expectItIsSeen({ run }: HookedProject): void {
  const { hooks, lines } = JSON.parse(run("bd hooks install --json").stdout);
  expect(new Set(hooks.map(({ state }: { state: string }) => state))).toEqual(new Set(["called"]));
  expect(lines).toEqual([]);
  expect(run("bd hooks install").stdout).not.toContain("yourself");
  expect(run("bd hooks uninstall").stdout).toContain("stay. Take `bd hooks run` out of them yourself");
}

/** A commit takes the issues along, and a branch brings them back. */
async function expectItWorks(project: HookedProject): Promise<void> {
  const id = await create(project, "Made");
  project.run("echo x >code; git add code; git commit -qm work");
  expect(committed(project)).toContain(id);
  project.run("git checkout -q -b other");
  const edited = project
    .text()
    .replace('"title":"Made"', '"title":"Edited"')
    .replace(/"updated_at":"\d{4}/g, '"updated_at":"2090');
  project.save(edited);
  project.run("git commit -q --no-verify -am other; git checkout -q -; git merge -q other");
  const titles = async () => (await project.ws.sql("SELECT title FROM issues")).map(({ title }) => title);
  await expect.poll(titles, { timeout: 20_000 }).toContain("Edited");
}

test("husky runs what bd hooks install says", async () => {
  const project = await hooked({ install: false });
  writeFileSync(join(project.dir, "package.json"), "{}");
  project.run(`'${process.execPath}' '${BIN}/husky'; git add -A; git commit -qm husky`);
  for (const line of linesFor(project, "husky")) {
    const [path = "", call = ""] = line.split(/: {2}/);
    writeFileSync(path, `${call}\n`);
  }
  project.run("git add -A; git commit -qm hooks");
  expectItIsSeen(project);
  await expectItWorks(project);
});

describe("lefthook", () => {
  // The program by itself: the package that chooses it has variants that not every registry has.
  const folder = mkdtempSync(join(tmpdir(), "bd-lefthook-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "node_modules/lefthook-linux-x64/bin/lefthook");
  const isThere = isRunnable("npm", ["install", "--no-save", "--prefix", folder, "lefthook-linux-x64@2.2.2"]);
  needs("lefthook", isThere ? undefined : "npm can't get lefthook-linux-x64");

  test("runs what bd hooks install says", async () => {
    const project = await hooked({ install: false });
    const lefthook = (words: string) =>
      project.run(`'${program}' ${words}`, { LEFTHOOK_QUIET: "meta,execution", LEFTHOOK_BIN: program });
    writeFileSync(join(project.dir, "lefthook.yml"), "pre-commit:\n  commands:\n    own:\n      run: 'true'\n");
    lefthook("install");
    const [name, ...lines] = linesFor(project, "lefthook");
    expect(name).toBe("lefthook.yml:");
    writeFileSync(join(project.dir, "lefthook.yml"), `${lines.join("\n")}\n`);
    lefthook("install");
    project.run("git add -A; git commit -qm hooks");
    expectItIsSeen(project);
    await expectItWorks(project);
  });
});

describe("pre-commit", () => {
  const isThere = isRunnable("pre-commit", ["--version"]);
  needs("pre-commit", isThere ? undefined : "there is no pre-commit on PATH");

  test("runs what bd hooks install says", async () => {
    const project = await hooked({ install: false });
    mkdirSync(join(project.ws.home, ".cache"), { recursive: true });
    const config = join(project.dir, ".pre-commit-config.yaml");
    writeFileSync(config, "repos: []\n");
    project.run("git add -A; git commit -qm config; pre-commit install >/dev/null");
    // Before 3.2 two of its stages had shorter names.
    const isOld = /pre-commit 3\.[01]\./.test(project.run("pre-commit --version").stdout);
    const lines = linesFor(project, "pre-commit").map((line) =>
      isOld ? line.replace(/stages: \[pre-(commit|push)\]/, "stages: [$1]") : line,
    );
    writeFileSync(config, `repos:\n${lines.slice(1, -1).join("\n")}\n`);
    project.run(`${(lines.at(-1) ?? "").replace("then: ", "")} >/dev/null; git add -A; git commit -qm hooks`);
    expectItIsSeen(project);
    await expectItWorks(project);
  });
});
