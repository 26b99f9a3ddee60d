import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileSide } from "../../src/daemon/file-side.ts";
import { Statistics } from "../../src/daemon/statistics.ts";
import { REAL_TIME } from "../support/store-database.ts";

let root: string;
let beadsDir: string;
let file: string;
let statistics: Statistics;
let side: FileSide;
const troubles: string[] = [];
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args], { cwd: root, stdio: "pipe" });

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "bd-files-")));
  beadsDir = join(root, ".beads");
  file = join(beadsDir, "issues.jsonl");
  mkdirSync(beadsDir);
  writeFileSync(file, "{}\n");
  git("init", "-q", ".");
  git("add", ".");
  git("commit", "-q", "-m", "one");
  statistics = new Statistics();
});
afterEach(async () => {
  await side.end();
  rmSync(root, { recursive: true, force: true });
});

async function begin(mode: "events" | "poll", variables: Readonly<Record<string, string>> = {}): Promise<void> {
  side = new FileSide({
    options: {
      beadsDir,
      mode,
      idleExitMs: undefined,
      debounceMs: 100,
      pollMs: 50,
      fallsBack: true,
      http: undefined,
      roundMs: undefined,
      mirrors: false,
    },
    statistics,
    timing: REAL_TIME,
    env: { PATH: process.env["PATH"], HOME: root, ...variables },
    onTrouble: (why) => troubles.push(why),
    sync: { run: async () => false, end: async () => {} },
  });
  await side.begin();
}

const imports = () => statistics.files.imports;

describe.each(["events", "poll"] as const)("in mode %s", (mode) => {
  test("a change is noticed, however the file is written, again and again", async () => {
    await begin(mode);
    const ways: (() => void)[] = [
      () => appendFileSync(file, "{}\n"),
      () => {
        writeFileSync(join(beadsDir, "new"), "{}\n{}\n{}\n");
        renameSync(join(beadsDir, "new"), file);
      },
      () => appendFileSync(file, "{}\n"),
      () => rmSync(file),
      () => writeFileSync(file, "{}\n"),
    ];
    for (const [n, way] of ways.entries()) {
      way();
      await expect.poll(imports).toBe(n + 1);
    }
    expect(troubles).toEqual([]);
  });
});

test("100 appends and renames are one", async () => {
  await begin("events");
  for (let n = 0; n < 100; n += 1) {
    appendFileSync(file, "{}\n");
    writeFileSync(join(beadsDir, "new"), "{}\n".repeat(n));
    renameSync(join(beadsDir, "new"), file);
  }
  await expect.poll(imports).toBe(1);
  expect(statistics.files.importedChanges).toBe(statistics.files.changes);
});

test("each movement of git's HEAD is noticed, and other files are nobody's business", async () => {
  await begin("events");
  writeFileSync(join(beadsDir, "other.txt"), "x");
  writeFileSync(join(root, "code.ts"), "x");
  git("checkout", "-q", "-b", "side");
  await expect.poll(imports).toBe(1);
  git("commit", "-q", "--allow-empty", "-m", "two");
  await expect.poll(imports).toBe(2);
  git("reset", "-q", "--hard", "HEAD~1");
  await expect.poll(imports).toBe(3);
});

test("a daemon that a hook of another repository has started looks at its own", async () => {
  const other = join(root, "other");
  git("init", "-q", other);
  await begin("events", { GIT_DIR: join(other, ".git"), GIT_INDEX_FILE: join(other, ".git", "index") });
  git("checkout", "-q", "-b", "side");
  await expect.poll(imports).toBe(1);
});

test("what waits when it ends is done, and said", async () => {
  await begin("events");
  side.changed();
  side.changed();
  side.mutated();
  expect(await side.end()).toBe("flushed 2 file changes and 1 mutations");
  expect(statistics.mutations).toEqual({ seen: 1, exports: 1, exported: 1 });
});
