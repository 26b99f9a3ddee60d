import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fencedBlocks, readDocuments } from "../support/documents.ts";
import { projectIn } from "../support/git-project.ts";
import { testWorkspace } from "../support/workspace.ts";

test("bd init --git-sync sets up a project that is there, as often as it is run, and a new user's day works", async () => {
  const ws = await testWorkspace();
  const project = projectIn(ws, ws.dir);
  expect(await ws.bd(["init", "--git-sync", "--json"])).toMatchObject({ code: 4 });
  project.git("init", "-q", "-b", "main");
  for (let times = 0; times < 2; times += 1) {
    expect(await ws.json(["init", "--git-sync"])).toMatchObject({ outcome: "unchanged", git_sync: true });
  }
  expect(readFileSync(join(ws.dir, ".beads", ".gitattributes"), "utf8")).toBe("issues.jsonl merge=bd\n");
  expect(project.git("check-attr", "merge", ".beads/issues.jsonl")).toMatch(/: merge: bd$/);
  expect(await ws.json(["config", "get", "sync.jsonl"])).toMatchObject({ value: "true" });
  // As in a new project: the file has to be in git before the first issue, for `git commit -a` adds none.
  await ws.json(["sync"]);
  project.git("add", ".beads");
  project.git("commit", "-q", "-m", "Issues in git");
  await ws.json(["create", "One"]);
  await ws.json(["sync"]);
  project.git("commit", "-q", "-a", "-m", "One");
  expect(project.git("show", "HEAD:.beads/issues.jsonl")).toContain('"title":"One"');
  const files = project.git("ls-files").split("\n");
  expect(files).toContain(".beads/issues.jsonl");
  expect(files).not.toContain(".beads/sync.json");
  expect(project.git("status", "--porcelain")).toBe("");
});

test("it configures git as the document says", async () => {
  const ws = await testWorkspace();
  const project = projectIn(ws, ws.dir);
  project.git("init", "-q", "-b", "main");
  await ws.json(["init", "--git-sync"]);
  const document = readDocuments().find(({ path }) => path === "docs/git-merge.md");
  const [lines = []] = document === undefined ? [] : fencedBlocks(document, "sh");
  const made = project.git("config", "--get-regexp", "^merge\\.bd\\.").split("\n").toSorted();
  project.git("config", "--remove-section", "merge.bd");
  execFileSync("sh", ["-c", lines.join("\n")], { cwd: ws.dir, stdio: "pipe" });
  expect(made).toEqual(project.git("config", "--get-regexp", "^merge\\.bd\\.").split("\n").toSorted());
});

test("it configures the clone of the tracker, whatever repository a hook of git tells of", async () => {
  const ws = await testWorkspace();
  const project = projectIn(ws, ws.dir);
  project.git("init", "-q", "-b", "main");
  const other = join(ws.home, "other");
  project.git("init", "-q", "-b", "main", other);
  const before = readFileSync(join(other, ".git", "config"), "utf8");
  const env = { GIT_DIR: join(other, ".git"), GIT_WORK_TREE: other, GIT_INDEX_FILE: join(other, ".git", "index") };
  await ws.json(["init", "--git-sync"], { env });
  expect(project.git("config", "--get-regexp", "^merge\\.bd\\.")).toContain("merge.bd.driver");
  expect(readFileSync(join(other, ".git", "config"), "utf8")).toBe(before);
});
