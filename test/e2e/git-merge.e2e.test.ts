import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { fencedBlocks, readDocuments } from "../support/documents.ts";
import { BD_PATH } from "../support/run-bd.ts";

const ISSUE = {
  id: "t-1",
  title: "One",
  status: "open",
  priority: 2,
  created_at: "2026-01-01T00:00:00Z",
  created_by: "ada",
  updated_at: "2026-01-01T00:00:00Z",
};
const RENAMED = { ...ISSUE, title: "Uno", updated_at: "2026-01-02T00:00:00Z" };
const URGENT = { ...ISSUE, priority: 0, updated_at: "2026-01-03T00:00:00Z" };
const BOTH = { ...URGENT, title: "Uno" };
const FILE = "my issues.jsonl";

let folder: string;

/** `main` has the title, `work` the priority; `work` is checked out. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bd-git-merge-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  git("init", "--quiet", "-b", "main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.org");
  git("config", "merge.bd.driver", `'${process.execPath}' '${BD_PATH}' merge-driver %O %A %B %L %P`);
  git("config", "merge.bd.recursive", "binary");
  writeFileSync(join(folder, ".gitattributes"), "*.jsonl merge=bd\n");
  commit([ISSUE]);
  git("checkout", "--quiet", "-b", "work");
  commit([URGENT]);
  git("checkout", "--quiet", "main");
  commit([RENAMED]);
  git("checkout", "--quiet", "work");
});

test.each([
  ["merge", ["merge", "--quiet", "--no-edit", "main"]],
  ["rebase", ["rebase", "--quiet", "main"]],
  ["rebase --apply", ["rebase", "--quiet", "--apply", "main"]],
  ["cherry-pick", ["cherry-pick", "main"]],
])("git %s takes the fields of both branches", (_name, args) => {
  git(...args);
  expect(issues()).toEqual([BOTH]);
});

test("git stash pop takes what was not committed", () => {
  save([{ ...URGENT, labels: ["a"] }]);
  git("stash", "--quiet");
  git("merge", "--quiet", "--no-edit", "main");
  git("stash", "pop", "--quiet");
  expect(issues()).toEqual([{ ...BOTH, labels: ["a"] }]);
});

test("git revert takes back one field and leaves what came since", () => {
  git("merge", "--quiet", "--no-edit", "main");
  git("revert", "--no-edit", "main");
  expect(issues()).toEqual([{ ...URGENT, title: "One" }]);
});

test("two branches that both added the file have all issues", () => {
  git("checkout", "--quiet", "--orphan", "other");
  commit([{ ...ISSUE, id: "t-0", title: "Zero" }]);
  git("merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "work");
  expect(issues()).toEqual([{ ...ISSUE, id: "t-0", title: "Zero" }, URGENT]);
});

test("a criss-cross of merges, of which git makes a base of its own, comes to the fields of both", () => {
  git("branch", "first-work", "work");
  git("checkout", "--quiet", "main");
  git("merge", "--quiet", "--no-edit", "work");
  commit([{ ...BOTH, labels: ["main"] }]);
  git("checkout", "--quiet", "work");
  git("merge", "--quiet", "--no-edit", "main~1^1");
  commit([{ ...BOTH, assignee: "ada" }]);
  git("merge", "--quiet", "--no-edit", "main");
  expect(issues()).toEqual([{ ...BOTH, assignee: "ada", labels: ["main"] }]);
});

test("a linked worktree merges as the clone does", () => {
  const worktree = join(folder, "other tree");
  git("worktree", "add", "--quiet", worktree, "main");
  git("-C", worktree, "merge", "--quiet", "--no-edit", "work");
  expect(issues(worktree)).toEqual([BOTH]);
});

test("a file that one branch deleted and the other changed is for people to decide on, and is whole", () => {
  git("checkout", "--quiet", "main");
  git("rm", "--quiet", FILE);
  git("commit", "--quiet", "-m", "gone");
  git("checkout", "--quiet", "work");
  expect(spawnSync("git", ["merge", "main"], { cwd: folder }).status).toBe(1);
  expect(issues()).toEqual([URGENT]);
});

test("another prefix on one branch and edits on the other are both there", () => {
  commit([{ ...URGENT, id: "new-1" }]);
  git("merge", "--quiet", "--no-edit", "main");
  expect(issues()).toEqual([{ ...BOTH, id: "new-1" }]);
});

test("a clone that lacks the driver, or bd, merges lines as git always did", () => {
  git("config", "--remove-section", "merge.bd");
  expect(spawnSync("git", ["merge", "main"], { cwd: folder }).status).toBe(1);
  expect(readFileSync(join(folder, FILE), "utf8")).toContain("<<<<<<<");
  git("merge", "--abort");
  for (const line of documentedLines()) execFileSync("sh", ["-c", line], { cwd: folder });
  const env = { PATH: dirname(execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" })), HOME: folder };
  expect(spawnSync("git", ["merge", "main"], { cwd: folder, env }).status).toBe(1);
  expect(readFileSync(join(folder, FILE), "utf8")).toMatch(
    /^<{7} ours\n.*\n(\|{7} base\n.*\n)?={7}\n.*\n>{7} theirs\n$/s,
  );
});

/** What docs/git-merge.md says to do in a clone. */
function documentedLines(): string[] {
  const document = readDocuments().find(({ path }) => path === "docs/git-merge.md") ?? expect.fail("no such document");
  return (fencedBlocks(document, "sh")[0] ?? []).filter((line) => line.startsWith("git config"));
}

test("a line that can't be read is a conflict, with all other lines merged", () => {
  writeFileSync(join(folder, FILE), `${JSON.stringify(URGENT)}\n{"id":\n`);
  git("commit", "--quiet", "-am", "broken");
  const merge = spawnSync("git", ["merge", "main"], { cwd: folder, encoding: "utf8" });
  expect(merge.status).toBe(1);
  expect(merge.stderr).toContain(`${FILE}: 1 line could not be read`);
  const text = `${JSON.stringify(BOTH)}\n<<<<<<< ours\n{"id":\n=======\n>>>>>>> theirs\n`;
  expect(readFileSync(join(folder, FILE), "utf8")).toBe(text);
});

function git(...args: readonly string[]): void {
  execFileSync("git", args, { cwd: folder, stdio: "pipe" });
}

function save(lines: readonly object[]): void {
  writeFileSync(join(folder, FILE), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

function commit(lines: readonly object[]): void {
  save(lines);
  git("add", ".");
  git("commit", "--quiet", "-m", "issues");
}

function issues(tree = folder): unknown[] {
  return readFileSync(join(tree, FILE), "utf8")
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}
