import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { create, type GitProject, gitProject, projectIn } from "../support/git-project.ts";

/** Two clones of one repository, each with a database of its own, and the file of issues on a branch that nobody checks out. */
let ada: GitProject;
let bob: GitProject;
let bare: string;

const BRANCH = "beads-sync";

beforeEach(async () => {
  [ada, bob] = [await gitProject(), await gitProject()];
  bare = join(ada.ws.home, "bare.git");
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", bare], { stdio: "pipe" });
  for (const one of [ada, bob]) {
    one.git("remote", "add", "origin", bare);
    writeFileSync(join(one.dir, ".git", "info", "exclude"), ".beads/\n");
    one.git("config", "sync.branch", BRANCH);
  }
  writeFileSync(join(ada.dir, "README"), "hello\n");
  ada.commit("begin");
  ada.git("push", "-q", "-u", "origin", "main");
  bob.git("fetch", "-q");
  bob.git("checkout", "-q", "-f", "main");
});

const atRemote = (...args: readonly string[]) =>
  execFileSync("git", ["-C", bare, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
const remoteText = () => atRemote("show", `${BRANCH}:.beads/issues.jsonl`);
const refused = async (one: GitProject, ...args: readonly string[]) => {
  const { code: exit, stdout } = await one.ws.bd(["sync", ...args, "--json"], { cwd: one.dir });
  const said: { readonly code?: string; readonly error?: string } = JSON.parse(stdout);
  return { exit, ...said };
};
/** Everything in the work tree, in git's index and in HEAD. */
const tree = (one: GitProject) =>
  [one.git("status", "--porcelain", "--ignored"), one.git("rev-parse", "HEAD"), one.git("ls-files", "-s")].join("\n");

async function settle(): Promise<void> {
  for (const one of [ada, bob, ada, bob]) await one.bd("sync");
}

test("a branch that has no remote is said to be pushed nowhere, and bd init names it", async () => {
  const id = await create(ada, "One");
  ada.git("remote", "rename", "origin", "one");
  ada.git("remote", "add", "two", bare);
  const { stderr } = await ada.ws.bd(["sync"], { cwd: ada.dir });
  expect(stderr).toContain("it was pushed nowhere");
  const status = async () => (await ada.ws.bd(["sync", "--status"], { cwd: ada.dir })).stdout;
  expect(await status()).toMatch(/^Pushed +nowhere: git remote add origin URL$/m);
  expect(await ada.bd("sync", "--status")).toMatchObject({ unpushed: true });
  ada.git("remote", "rename", "one", "origin");
  expect(await status()).toMatch(/^Pushed +no: bd sync does it$/m);
  expect((await ada.ws.bd(["sync"], { cwd: ada.dir })).stderr).not.toContain("nowhere");
  expect(remoteText()).toContain(id);
  expect(await status()).toMatch(/^Pushed +yes/m);
  const init = await ada.ws.bd(["init", "--git-sync"], { cwd: ada.dir });
  expect(init.stdout).toContain(`the issues travel on the branch ${BRANCH}`);
});

test("what one clone has, the other has, and neither work tree nor index knows of it", async () => {
  const id = await create(ada, "One", "--labels", "a");
  writeFileSync(join(ada.dir, "README"), "half done\n");
  ada.git("add", "README");
  const before = tree(ada);
  expect(await ada.bd("sync")).toMatchObject({ file: `${BRANCH}:.beads/issues.jsonl`, written: [id] });
  expect(tree(ada)).toBe(before);
  expect(existsSync(join(ada.dir, ".beads", "issues.jsonl"))).toBe(false);
  expect(atRemote("ls-tree", "-r", "--name-only", BRANCH)).toBe(".beads/issues.jsonl");
  expect(await bob.bd("sync")).toMatchObject({ taken_in: { created: [id] }, written: [] });
  await bob.bd("update", id, "--priority", "0");
  await ada.bd("update", id, "--title", "Uno");
  await settle();
  expect(await bob.state()).toBe(await ada.state());
  expect(await ada.bd("show", id)).toMatchObject([{ title: "Uno", priority: 0, labels: ["a"] }]);
  expect(atRemote("log", "--format=%an", BRANCH)).toContain("tester");
  expect(tree(ada)).toBe(before);
});

test("at rest nothing is committed and nothing pushed", async () => {
  await create(ada, "One");
  await settle();
  const before = atRemote("rev-parse", BRANCH);
  await settle();
  expect(atRemote("rev-parse", BRANCH)).toBe(before);
  expect(await bob.bd("sync", "--status")).toMatchObject({ unpushed: false, unimported: false, unflushed: 0 });
});

test("two clones that begin at once come together, and so do two that went on without a network", async () => {
  const [one, two] = [await create(ada, "One"), await create(bob, "Two")];
  await ada.bd("sync", "--flush-only");
  expect(await ada.bd("sync", "--status")).toMatchObject({ unpushed: true });
  await bob.bd("sync");
  await settle();
  await ada.bd("close", one);
  await ada.bd("sync", "--flush-only");
  await bob.bd("update", one, "--priority", "0");
  await bob.bd("update", two, "--title", "Zwei");
  await bob.bd("sync", "--flush-only");
  await settle();
  expect(await bob.state()).toBe(await ada.state());
  expect(await bob.bd("show", one)).toMatchObject([{ status: "closed", priority: 0 }]);
  expect(await ada.bd("show", two)).toMatchObject([{ title: "Zwei" }]);
});

test("a deletion travels, and a branch whose history was written anew, or was deleted, takes nothing away", async () => {
  const ids = [await create(ada, "One"), await create(ada, "Two"), await create(ada, "Three")];
  await settle();
  await ada.bd("delete", ids[0] ?? "", "--force");
  await settle();
  expect(await bob.state()).not.toContain(ids[0]);
  const state = await ada.state();
  const first = atRemote("rev-list", "--max-parents=0", BRANCH);
  atRemote("update-ref", `refs/heads/${BRANCH}`, first);
  await settle();
  expect(await ada.state()).toBe(state);
  const orphan = atRemote("-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", "-m", "anew", `${first}^{tree}`);
  atRemote("update-ref", `refs/heads/${BRANCH}`, orphan);
  await settle();
  expect([await ada.state(), await bob.state()]).toEqual([state, state]);
  expect(atRemote("rev-list", "--max-parents=0", BRANCH)).toBe(orphan);
  expect(remoteText()).toContain('"tombstone"');
  atRemote("update-ref", "-d", `refs/heads/${BRANCH}`);
  await settle();
  expect([await ada.state(), await bob.state()]).toEqual([state, state]);
  expect(remoteText()).toContain(ids[1]);
});

test("without a remote the branch is here alone, and a linked worktree has the same one", async () => {
  ada.git("remote", "remove", "origin");
  const id = await create(ada, "One");
  expect(await ada.bd("sync")).toMatchObject({ written: [id] });
  ada.git("worktree", "add", "-q", "wt", "-b", "side");
  const linked = projectIn(bob.ws, join(ada.dir, "wt"));
  mkdirSync(join(linked.dir, ".beads"));
  execFileSync("sh", ["-c", `cp '${bob.dir}'/.beads/*.json '${bob.dir}'/.beads/*.yaml '${linked.dir}/.beads/'`]);
  expect(await linked.bd("sync")).toMatchObject({ taken_in: { created: [id] } });
  await linked.bd("update", id, "--title", "From the side");
  await linked.bd("sync");
  await ada.bd("sync");
  expect(await ada.bd("show", id)).toMatchObject([{ title: "From the side" }]);
});

test("other files of the branch stay, whatever they are called", async () => {
  await create(ada, "One");
  for (const name of ['ä \\ "quoted".txt', " begins and ends with a space "]) writeFileSync(join(bob.dir, name), "x");
  bob.git("checkout", "-q", "--orphan", BRANCH);
  bob.commit("files");
  bob.git("push", "-q", "origin", BRANCH);
  bob.git("checkout", "-q", "main");
  const before = atRemote("ls-tree", "-r", BRANCH);
  await ada.bd("sync");
  expect(atRemote("ls-tree", "-r", BRANCH).split("\n")).toEqual(expect.arrayContaining(before.split("\n")));
  expect(remoteText()).toContain("One");
});

describe("who may say it", () => {
  test("is the person alone, in git's configuration", async () => {
    ada.git("config", "--unset", "sync.branch");
    writeFileSync(join(ada.dir, ".beads", "config.yaml"), "sync.branch: main\nsync.jsonl: true\nsync.flush: always\n", {
      flag: "a",
    });
    await create(ada, "One");
    await ada.bd("sync");
    expect(atRemote("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
    expect(ada.lines().size).toBe(1);
    const { code, stderr } = await ada.ws.bd(["config", "set", "sync.branch", BRANCH]);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`git config -- sync.branch ${BRANCH}`),
    });
  });

  test("and nothing but bd sync goes to the remote, which nothing else needs", async () => {
    const id = await create(ada, "One");
    expect(await ada.bd("config", "explain", "sync.branch")).toMatchObject({
      value: BRANCH,
      source: "git's configuration",
    });
    await ada.bd("config", "set", "sync.jsonl", "true");
    await ada.bd("config", "set", "sync.flush", "always");
    ada.git("remote", "set-url", "origin", join(ada.ws.home, "nowhere"));
    await ada.bd("update", id, "--title", "Uno");
    await ada.bd("list");
    await ada.bd("sync", "--status");
    await ada.bd("sync", "--dry-run");
    await ada.bd("sync", "--flush-only");
    expect(existsSync(join(ada.dir, ".beads", "issues.jsonl"))).toBe(false);
    expect(await refused(ada)).toMatchObject({ exit: 5, code: "SYNC_REMOTE_FAILED" });
  });

  test.each(["main", "-x", "HEAD", "a..b", "x.lock", "--upload-pack=touch x", "side"])(
    "%s is refused",
    async (name) => {
      bob.git("branch", "side");
      bob.git("worktree", "add", "-q", join(bob.ws.home, "wt"), "side");
      bob.git("checkout", "-q", "-b", "work");
      bob.git("config", "sync.branch", name);
      await create(bob, "One");
      expect(await refused(bob)).toMatchObject({ exit: 4, code: "SYNC_BRANCH_UNUSABLE" });
      expect(atRemote("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
    },
  );
});

describe("what stands at the remote is data", () => {
  /** A commit on the branch, as somebody with other tools makes it. */
  function plant(mode: string, path: string, object: string): void {
    const run = (args: readonly string[], input = "") =>
      execFileSync("git", ["-C", bare, "-c", "user.name=x", "-c", "user.email=x@x", ...args], {
        encoding: "utf8",
        input,
      }).trim();
    const [folder, name] = path.split("/");
    const sub = name === undefined ? undefined : run(["mktree", "--missing"], `${mode} ${object}\t${name}\n`);
    const root = run(
      ["mktree", "--missing"],
      sub === undefined ? `${mode} ${object}\t${folder}\n` : `040000 tree ${sub}\t${folder}\n`,
    );
    atRemote("update-ref", `refs/heads/${BRANCH}`, run(["commit-tree", "-m", "planted", root]));
  }
  const blob = (text: string | Uint8Array) =>
    `blob ${execFileSync("git", ["-C", bare, "hash-object", "-w", "--stdin"], { encoding: "utf8", input: text }).trim()}`;

  test.each<[string, () => void]>([
    ["a link", () => plant("120000", ".beads/issues.jsonl", blob("/etc/passwd"))],
    ["a submodule", () => plant("160000", ".beads/issues.jsonl", `commit ${atRemote("rev-parse", "main")}`)],
    ["a link in the place of the folder", () => plant("120000", ".beads", blob("/etc"))],
  ])("%s is refused", async (_name, act) => {
    await create(ada, "One");
    act();
    const before = [await ada.state(), atRemote("rev-parse", BRANCH)];
    expect(await refused(ada)).toMatchObject({ exit: 4, code: "SYNC_BRANCH_UNUSABLE" });
    expect([await ada.state(), atRemote("rev-parse", BRANCH)]).toEqual(before);
  });

  test.each<[string, string | Uint8Array]>([
    ["what is no UTF-8", Buffer.from([0x7b, 0xff, 0x7d, 0x0a])],
    ["what is no JSON", "not json\n"],
    ["conflict markers around what is none", "<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"],
  ])("%s is refused, and stays", async (_name, text) => {
    await create(ada, "One");
    plant("100644", ".beads/issues.jsonl", blob(text));
    const before = [await ada.state(), atRemote("rev-parse", BRANCH)];
    expect(await refused(ada)).toMatchObject({ exit: 6, code: "SYNC_UNREADABLE" });
    expect([await ada.state(), atRemote("rev-parse", BRANCH)]).toEqual(before);
  });
});

test("no hook runs, nothing is signed, and a remote that refuses says why, without the password of its URL", async () => {
  const hooks = join(ada.dir, ".git", "hooks");
  const mark = join(ada.ws.home, "ran");
  mkdirSync(hooks, { recursive: true });
  for (const name of [
    "pre-push",
    "reference-transaction",
    "pre-commit",
    "post-commit",
    "commit-msg",
    "post-index-change",
  ]) {
    writeFileSync(join(hooks, name), `#!/bin/sh\necho ${name} >> '${mark}'\nexit 1\n`);
    chmodSync(join(hooks, name), 0o755);
  }
  ada.git("config", "commit.gpgsign", "true");
  ada.git("config", "gpg.program", "/bin/false");
  ada.git("config", "push.gpgSign", "if-asked");
  const id = await create(ada, "One");
  expect(await ada.bd("sync")).toMatchObject({ written: [id] });
  expect(existsSync(mark)).toBe(false);
  writeFileSync(join(bare, "hooks", "update"), "#!/bin/sh\necho 'protected, says the remote' >&2\nexit 1\n");
  chmodSync(join(bare, "hooks", "update"), 0o755);
  await ada.bd("update", id, "--title", "Uno");
  const said = await refused(ada);
  expect(said).toMatchObject({ exit: 5, error: expect.stringContaining("protected, says the remote") });
  ada.git("remote", "set-url", "origin", "https://ada:hunter2@127.0.0.1:1/x.git");
  const failed = await refused(ada);
  expect(failed).toMatchObject({ exit: 5, code: "SYNC_REMOTE_FAILED" });
  expect(JSON.stringify(failed)).not.toContain("hunter2");
});

test("commits on it beside the file are not left behind", async () => {
  await create(ada, "One");
  await settle();
  ada.git("worktree", "add", "-q", join(ada.ws.home, "wt"), BRANCH);
  const hand = projectIn(ada.ws, join(ada.ws.home, "wt"));
  writeFileSync(join(hand.dir, "NOTES"), "by hand\n");
  hand.git("add", "NOTES");
  hand.git("commit", "-q", "-m", "by hand");
  ada.git("worktree", "remove", "--force", join(ada.ws.home, "wt"));
  await create(bob, "Two");
  await bob.bd("sync");
  expect(await refused(ada)).toMatchObject({ exit: 4, error: expect.stringContaining("went different ways") });
  expect(ada.git("show", `${BRANCH}:NOTES`)).toBe("by hand");
});

test("a shallow clone of the code has all of the branch", async () => {
  const id = await create(ada, "One");
  await settle();
  execFileSync("git", ["clone", "-q", "--depth", "1", `file://${bare}`, join(bob.ws.home, "shallow")], {
    stdio: "pipe",
  });
  const shallow = projectIn(bob.ws, join(bob.ws.home, "shallow"));
  mkdirSync(join(shallow.dir, ".beads"));
  execFileSync("sh", [
    "-c",
    `cp '${bob.dir}'/.beads/*.yaml '${bob.dir}'/.beads/metadata.json '${shallow.dir}/.beads/'`,
  ]);
  shallow.git("config", "sync.branch", BRANCH);
  await shallow.bd("update", id, "--title", "From the shallow one");
  await shallow.bd("sync");
  await ada.bd("sync");
  expect(await ada.bd("show", id)).toMatchObject([{ title: "From the shallow one" }]);
});

test("two clones that sync by turns and at once lose nothing of the ledger", { timeout: 240_000 }, async () => {
  let seed = 20_261_201;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const ledger = new Map<string, { comments: string[]; labels: Set<string> }>();
  for (let step = 0; step < 40; step += 1) {
    const one = [ada, bob][random(2)] ?? ada;
    const id = [...ledger.keys()][random(Math.max(1, ledger.size))] ?? "";
    const choice = random(6);
    if (choice === 0 || id === "") ledger.set(await create(one, `Issue ${step}`), { comments: [], labels: new Set() });
    else if (choice === 1) await one.bd("sync");
    else if (choice === 2) await Promise.all([ada, bob].map((both) => both.bd("sync")));
    else if ((await one.ws.bd(["show", id])).code !== 0) continue;
    else if (choice <= 4) {
      await one.bd("comment", id, `Comment ${step}`);
      ledger.get(id)?.comments.push(`Comment ${step}`);
    } else {
      await one.bd("label", "add", id, `l${step}`);
      ledger.get(id)?.labels.add(`l${step}`);
    }
  }
  await Promise.all([ada, bob].map((both) => both.bd("sync")));
  await settle();
  expect(await bob.state()).toBe(await ada.state());
  const issues: { id: string; labels?: string[]; comments?: { text: string }[] }[] = (await ada.state())
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const sorted = (texts: Iterable<string>) => [...texts].toSorted();
  expect(sorted(issues.map(({ id }) => id))).toEqual(sorted(ledger.keys()));
  for (const { id, labels = [], comments = [] } of issues) {
    expect(sorted(comments.map(({ text }) => text))).toEqual(sorted(ledger.get(id)?.comments ?? []));
    expect(sorted(labels)).toEqual(sorted(ledger.get(id)?.labels ?? []));
  }
  expect(`${remoteText()}\n`).toBe(ada.git("show", `${BRANCH}:.beads/issues.jsonl`).concat("\n"));
  expect(readFileSync(join(ada.dir, "README"), "utf8")).toBe("hello\n");
});
