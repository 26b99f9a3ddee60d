import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { byBytes } from "../core/jsonl/any-issue.ts";
import { create, type GitProject, gitProject, projectIn } from "../support/git-project.ts";

let project: GitProject;
let path: string;
let statePath: string;

beforeEach(async () => {
  project = await gitProject();
  path = join(project.dir, ".beads", "issues.jsonl");
  statePath = join(project.dir, ".beads", "sync.json");
});

const line = (id: string, more: object = {}) =>
  JSON.stringify({
    _type: "issue",
    id,
    title: id,
    status: "open",
    priority: 2,
    issue_type: "task",
    created_at: "2026-01-01T00:00:00Z",
    created_by: "ann",
    updated_at: "2026-01-01T00:00:00Z",
    ...more,
  });
const heads = () => project.ws.sql("SELECT commit_hash FROM dolt_log");
const refused = async (...args: readonly string[]) => {
  const { code, stderr } = await project.ws.bd([...args], { cwd: project.dir });
  return { code, stderr };
};

describe("the file is calm", () => {
  test("it is sorted by id, and a change touches one line of it", async () => {
    const ids = [await create(project, "One"), await create(project, "Two"), await create(project, "Three")];
    await project.bd("sync");
    expect([...project.lines().keys()]).toEqual(ids.toSorted());
    const before = project.text().split("\n");
    await project.bd("update", ids[1] ?? "", "--priority", "0");
    await project.bd("label", "add", ids[1] ?? "", "x");
    expect(await project.bd("sync")).toMatchObject({ written: [ids[1]] });
    const after = project.text().split("\n");
    expect(after.filter((text) => !before.includes(text))).toHaveLength(1);
    expect(after).toHaveLength(before.length);
  });

  test("lines that say the same keep their bytes, and what nobody here knows stays", async () => {
    const odd = `{"id":"x-1","title":"x-1","priority":2,"future":{"a":[1]},"status":"open","issue_type":"task","created_by":"ann","created_at":"2026-01-01T00:00:00+00:00","updated_at":"2026-01-01T00:00:00Z","comment_count":0}`;
    const memory = `{"_type":"memory","key":"k","value":"v"}`;
    project.save(`${memory}\n${odd}\n`);
    expect(await project.bd("sync")).toMatchObject({ taken_in: { created: ["x-1"] }, written: [] });
    expect(project.text()).toBe(`${memory}\n${odd}\n`);
    await project.bd("update", "x-1", "--title", "Changed");
    await project.bd("sync");
    expect(project.lines().get("x-1")).toMatchObject({ title: "Changed", future: { a: [1] } });
    expect(project.lines().get("x-1")).not.toHaveProperty("comment_count");
    expect(project.text()).toContain(memory);
  });

  test("its permissions stay, and wisps stay out of it", async () => {
    await create(project, "One");
    await project.bd("sync");
    chmodSync(path, 0o640);
    await create(project, "Two");
    await project.ws.bd(["import", "-"], { stdin: `${line("w-1", { ephemeral: true })}\n` });
    await project.bd("sync");
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect([...project.lines().values()].map(({ title }) => String(title)).toSorted(byBytes)).toEqual(["One", "Two"]);
  });

  test("nothing new costs no commit and no write", async () => {
    await create(project, "One");
    await project.bd("sync");
    const [before, stamp] = [await heads(), statSync(path, { bigint: true })];
    expect(await project.bd("sync")).toMatchObject({ taken_in: { created: [], updated: [] }, written: [] });
    writeFileSync(path, readFileSync(path));
    await project.bd("sync");
    expect(await heads()).toEqual(before);
    expect(statSync(path, { bigint: true }).ino).toBe(stamp.ino);
  });
});

describe("what others write", () => {
  test("is taken in before the file is written", async () => {
    const id = await create(project, "One");
    await project.bd("sync");
    await project.bd("update", id, "--priority", "0");
    project.save(`${project.text()}${line("x-1")}\n`);
    expect(await project.bd("sync", "--flush-only")).toMatchObject({ taken_in: { created: ["x-1"] }, written: [id] });
    expect([...project.lines().keys()].toSorted()).toEqual([id, "x-1"].toSorted());
  });

  test("fills an empty database, which never empties the file", async () => {
    const text = `${Array.from({ length: 30 }, (_, index) => line(`x-${index}`)).join("\n")}\n`;
    project.save(text);
    await project.bd("sync", "--flush-only");
    expect(project.lines().size).toBe(30);
    expect(await project.bd("count")).toMatchObject({ count: 30 });
  });

  test("that a union of texts doubled has each issue once again, as its latest line has it", async () => {
    const later = line("x-1", { title: "Later", updated_at: "2026-02-01T00:00:00Z" });
    project.save(`${line("x-1")}\n${line("x-2")}\n${later}\n${line("x-2")}\n`);
    expect(await project.bd("sync")).toMatchObject({ taken_in: { created: ["x-1", "x-2"] } });
    expect(project.text()).toBe(`${later}\n${line("x-2")}\n`);
    expect(await project.bd("show", "x-1")).toMatchObject([{ title: "Later" }]);
  });

  test("leaves events whose ids say what they are", async () => {
    project.save(`${line("x-1")}\n`);
    await project.bd("sync");
    project.commit();
    project.edit("x-1", { title: "Uno", status: "closed", updated_at: "2026-02-01T00:00:00Z" });
    await project.bd("sync");
    const events = await project.ws.sql("SELECT event_type, actor FROM events ORDER BY created_at");
    expect(events).toMatchObject([
      { event_type: "created", actor: "git" },
      { event_type: "closed", actor: "git" },
    ]);
  });

  test("is refused where it can't be read, and named; then nothing is written", async () => {
    await create(project, "One");
    await project.bd("sync");
    await create(project, "Two");
    const broken = `${project.text()}${line("x-1", { priority: "high" })}\n{"id":"x-2","ti\n`;
    project.save(broken);
    const before = await heads();
    const { code, stderr } = await refused("sync");
    expect(code).toBe(6);
    expect(stderr).toContain("line 2: x-1: priority is not a whole number");
    expect(stderr).toContain("line 3: it is not JSON");
    expect(project.text()).toBe(broken);
    expect(await heads()).toEqual(before);
    expect(await project.bd("sync", "--status")).toMatchObject({
      unimported: true,
      unflushed: 1,
      last_error: { code: "SYNC_UNREADABLE" },
    });
  });

  test("that has lost many issues is refused, unless it is told", async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `x-${index}`);
    project.save(`${ids.map((id) => line(id)).join("\n")}\n`);
    await project.bd("sync");
    project.commit();
    const stone = { status: "tombstone", deleted_at: "2026-02-01T00:00:00Z", updated_at: "2026-02-01T00:00:00Z" };
    for (const id of ids.slice(0, 3)) project.edit(id, stone);
    expect(await refused("sync")).toMatchObject({ code: 1 });
    expect(await project.bd("count")).toMatchObject({ count: 10 });
    expect(await project.bd("sync", "--dry-run", "--allow-deletes")).toMatchObject({
      dry_run: true,
      taken_in: { deleted: ids.slice(0, 3) },
      written: [],
    });
    await project.bd("sync", "--allow-deletes");
    expect(await project.bd("count")).toMatchObject({ count: 7 });
  });

  test("a line that is merely missing deletes nothing; a commit that lost many is refused", async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `x-${index}`);
    project.save(`${ids.map((id) => line(id)).join("\n")}\n`);
    await project.bd("sync");
    project.commit();
    project.save(
      `${ids
        .slice(1)
        .map((id) => line(id))
        .join("\n")}\n`,
    );
    project.commit();
    expect(await project.bd("sync")).toMatchObject({ written: ["x-0"] });
    project.save(`${line("x-9")}\n`);
    project.commit();
    expect(await refused("sync")).toMatchObject({ code: 1 });
    await project.bd("sync", "--allow-deletes");
    expect(await project.bd("count")).toMatchObject({ count: 10 });
    expect(project.lines().size).toBe(10);
  });

  test("conflict markers are merged, from the index or from what stands between them", async () => {
    const id = await create(project, "One");
    await project.bd("sync");
    project.commit();
    const other = (changes: object, branch: string) => {
      project.git("checkout", "-q", "-b", branch, "main");
      project.edit(id, changes);
      project.commit();
    };
    project.git("config", "--remove-section", "merge.bd");
    other({ title: "Uno", updated_at: "2030-01-01T00:00:00Z" }, "left");
    other({ priority: 0, updated_at: "2030-01-02T00:00:00Z" }, "right");
    expect(() => project.git("merge", "left")).toThrow();
    expect(project.text()).toContain("<<<<<<<");
    const marked = project.text();
    await project.bd("sync");
    expect(project.lines().get(id)).toMatchObject({ title: "Uno", priority: 0 });
    expect(await project.bd("show", id)).toMatchObject([{ title: "Uno", priority: 0 }]);
    project.commit("merged");
    // The same without an index that knows of it: what has a later time wins, for there is no base.
    project.save(marked.replaceAll("2030-", "2031-"));
    await project.bd("sync");
    expect(project.text()).not.toContain("<<<<<<<");
    expect(await project.bd("show", id)).toMatchObject([{ priority: 0 }]);
  });

  test("in the middle of a merge the file is left alone", async () => {
    const id = await create(project, "One");
    await project.bd("sync");
    project.commit();
    writeFileSync(join(project.dir, "readme"), "one");
    project.commit();
    project.git("checkout", "-q", "-b", "other", "HEAD~1");
    writeFileSync(join(project.dir, "readme"), "two");
    project.edit(id, { title: "Uno", updated_at: "2030-01-01T00:00:00Z" });
    project.commit();
    expect(() => project.git("merge", "main")).toThrow();
    expect(await project.bd("sync")).toMatchObject({ left_alone: "a merge" });
    expect(await project.bd("show", id)).toMatchObject([{ title: "One" }]);
    expect((await refused("sync")).stderr).toContain("git is in the middle of a merge");
  });
});

describe("a synchronisation that dies", () => {
  /** What is on the disk, to be put back as if the rest had never been written. */
  const saved = () => {
    for (const one of [path, statePath]) if (existsSync(one)) copyFileSync(one, `${one}.saved`);
    const back = (one: string) => (existsSync(`${one}.saved`) ? copyFileSync(`${one}.saved`, one) : rmSync(one));
    return { file: () => back(path), state: () => back(statePath) };
  };

  test.each(["file", "state", "both"] as const)(
    "after its commit, before the %s is written, is made up for",
    async (lost) => {
      const id = await create(project, "One");
      const doomed = await create(project, "Doomed");
      await project.bd("sync");
      project.commit();
      await project.bd("update", id, "--priority", "0");
      await project.bd("delete", doomed, "--force");
      project.edit(id, { title: "By hand" });
      project.save(`${project.text()}${line("x-1")}\n`);
      const back = saved();
      await project.bd("sync");
      const [text, before, commits] = [project.text(), await project.state(), await heads()];
      if (lost !== "state") back.file();
      if (lost !== "file") back.state();
      // Meanwhile the tracker goes on.
      await project.bd("update", id, "--title", "Later");
      await project.bd("restore", doomed);
      const now = await project.state();
      await project.bd("sync");
      expect(await project.state()).toBe(now);
      expect(await heads()).toHaveLength(commits.length + 2);
      expect(before).not.toBe(now);
      expect(project.lines().get(id)).toMatchObject({ title: "Later", priority: 0 });
      expect(project.lines().get(doomed)).toMatchObject({ status: "open" });
      expect(text).toContain("x-1");
      expect(project.lines().has("x-1")).toBe(true);
    },
  );
});

describe("trust", () => {
  test("no link is followed", async () => {
    await create(project, "One");
    const outside = join(project.ws.home, "secret");
    writeFileSync(outside, "mine\n");
    symlinkSync(outside, path);
    expect(await refused("sync")).toMatchObject({ code: 4 });
    expect(readFileSync(outside, "utf8")).toBe("mine\n");
  });

  test("a state that came with the folder says nothing", async () => {
    project.save(`${line("x-1")}\n`);
    await project.bd("sync");
    const state: Record<string, unknown> = JSON.parse(readFileSync(statePath, "utf8"));
    project.save(`${line("x-2")}\n`);
    const forged = { ...state, folder: "/elsewhere", seen: [project.git("hash-object", path)] };
    writeFileSync(statePath, JSON.stringify(forged));
    expect(await project.bd("sync")).toMatchObject({ taken_in: { created: ["x-2"] } });
    expect(readFileSync(join(project.dir, ".beads", ".gitignore"), "utf8")).toContain("sync.json\n");
  });
});

describe("with sync.jsonl", () => {
  beforeEach(() => project.bd("config", "set", "sync.jsonl", "true"));

  test("every command takes a changed file in; under --readonly it says so", async () => {
    const id = await create(project, "One");
    await project.bd("sync");
    project.edit(id, { title: "Uno", updated_at: "2030-01-01T00:00:00Z" });
    const { stdout, stderr } = await project.ws.bd(["list", "--readonly"]);
    expect(stdout).toContain("One");
    expect(stderr).toContain("not taken in under --readonly");
    const list = await project.ws.bd(["list"]);
    expect(list.stdout).toContain("Uno");
    expect(list.stderr).toContain("took in 1 issue(s)");
    expect((await project.ws.bd(["list"])).stderr).toBe("");
  });

  test("a clone that nobody has said bd sync in is heard by no other command", async () => {
    await create(project, "One");
    await project.bd("sync");
    project.commit();
    const fork = projectIn(project.ws, join(project.ws.home, "fork"));
    execFileSync("git", ["clone", "-q", project.dir, fork.dir], { stdio: "pipe" });
    cpSync(join(project.dir, ".beads"), join(fork.dir, ".beads"), { recursive: true });
    rmSync(join(fork.dir, ".beads", "sync.json"));
    fork.save(
      fork
        .text()
        .replace('"title":"One"', '"title":"Theirs"')
        .replace(/"updated_at":"\d{4}/, '"updated_at":"2099'),
    );
    await project.bd("config", "set", "sync.flush", "always");
    for (const words of [["list"], ["create", "Two"]]) {
      const { code, stderr } = await project.ws.bd(words, { cwd: fork.dir });
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: ".beads/issues.jsonl was never taken in here, and is left alone until you say bd sync\n",
      });
    }
    expect(await project.ws.sql("SELECT title FROM issues ORDER BY title")).toEqual([
      { title: "One" },
      { title: "Two" },
    ]);
    expect(fork.text()).toContain("Theirs");
    expect(await fork.bd("sync")).toMatchObject({ taken_in: { updated: [expect.anything()] } });
    expect((await project.ws.bd(["list"], { cwd: fork.dir })).stderr).toBe("");
  });

  test("a file that can't be taken in is no trouble of other commands", async () => {
    const id = await create(project, "One");
    await project.bd("sync");
    project.save("{broken\n");
    const shown = await project.ws.bd(["show", id]);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stderr).toContain("was left alone");
    expect(project.text()).toBe("{broken\n");
  });

  test("sync.flush=always writes it with each change", async () => {
    await project.bd("config", "set", "sync.flush", "always");
    const id = await create(project, "One");
    expect(project.lines().get(id)).toMatchObject({ title: "One" });
    await project.bd("close", id);
    expect(project.lines().get(id)).toMatchObject({ status: "closed" });
  });
});
