import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { create } from "../support/git-project.ts";
import { committed, hooked } from "../support/hooked-project.ts";

describe("git commit takes along what the tracker has", () => {
  test.each([
    ["git commit", "git commit -qm work --allow-empty"],
    ["git commit -a", "echo x >>code; git add code; git commit -qm code; echo y >>code; git commit -qam work"],
    ["git commit --amend", "git commit -q --amend -m work"],
    ["in a folder below", "mkdir -p a/b; cd a/b; git commit -qm work --allow-empty"],
    ["git -C from elsewhere", 'top=$PWD; cd /; git -C "$top" commit -qm work --allow-empty'],
  ])("%s", async (_what, line) => {
    const project = await hooked();
    const id = await create(project, "Made");
    const { stdout, stderr } = project.run(line);
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
    expect(committed(project)).toContain(id);
    expect(project.git("status", "--porcelain")).toBe("");
  });

  test("a commit of one file alone is left as it is, and says so", async () => {
    const project = await hooked();
    project.run("echo x >code; git add code; git commit -qm code; echo y >>code");
    const id = await create(project, "Made");
    const { stderr } = project.run("git commit -qm part code");
    expect(stderr).toBe(
      "bd pre-commit: .beads/issues.jsonl has changed, and is not in this commit: this commit is of some files alone\n",
    );
    expect(committed(project)).not.toContain(id);
    project.run("git commit -qm rest --allow-empty");
    expect(committed(project)).toContain(id);
  });

  test("a version that the person has staged is not replaced", async () => {
    const project = await hooked();
    await create(project, "First");
    project.run("bd sync -q; git add .beads/issues.jsonl");
    const second = await create(project, "Second");
    project.edit(second, {});
    const { stderr } = project.run(
      "sed -i s/First/Edited/ .beads/issues.jsonl; git add .beads; bd create Third -q >/dev/null; git commit -qm own",
    );
    expect(stderr).toBe("");
    expect(committed(project)).toContain("Edited");
  });

  test("nothing is committed that was never added, and nothing is done in a project without a file", async () => {
    const project = await hooked();
    project.run("git rm -q --cached .beads/issues.jsonl; git commit -qm untrack");
    await create(project, "Made");
    project.run("git commit -qm work --allow-empty");
    expect(project.git("ls-files", ".beads/issues.jsonl")).toBe("");
    project.run("bd config set sync.jsonl false -q");
    await create(project, "Later");
    expect(project.run("git commit -qm work --allow-empty")).toEqual({ stdout: "", stderr: "" });
    expect(project.text()).not.toContain("Later");
  });

  test("a server that does not answer holds no commit up, and fails none", async () => {
    const project = await hooked();
    const { stderr } = project.run("git commit -qm work --allow-empty", { BEADS_DOLT_SERVER_HOST: "192.0.2.1" });
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(/^bd pre-commit: /);
    expect(project.git("log", "-1", "--format=%s")).toBe("work");
  });

  test("what is written is staged, even if the time is up by then", async () => {
    const project = await hooked();
    await create(project, "Made");
    const slow = join(project.ws.home, "slow");
    const git = project.run("command -v git").stdout.trim();
    mkdirSync(slow);
    const script = `#!/bin/sh\ncase "$*" in *ls-files*) sleep 2;; esac\nexec '${git}' "$@"\n`;
    writeFileSync(join(slow, "git"), script, { mode: 0o755 });
    expect(project.run(`PATH="${slow}:$PATH" bd hooks run pre-commit`).stderr).toBe("");
    expect(project.git("status", "--porcelain")).toBe("M  .beads/issues.jsonl");
  });

  test("a linked worktree commits its own file", async () => {
    const project = await hooked();
    project.run("git worktree add -q -b tree '../a tree'");
    const id = await create(project, "Made");
    const { stderr } = project.run("cd '../a tree'; git commit -qm there --allow-empty");
    expect(stderr).toBe("");
    expect(project.git("show", "tree:.beads/issues.jsonl")).toContain(id);
    expect(committed(project)).not.toContain(id);
  });
});

describe("what git brings is taken in behind it", () => {
  const LINE =
    '{"_type":"issue","id":"ID","title":"From git","status":"open","priority":2,"issue_type":"task","created_at":"2026-01-01T00:00:00Z","created_by":"Bob","updated_at":"2026-01-01T00:00:00Z"}';

  /** A branch with one issue more. */
  async function withBranch() {
    const project = await hooked();
    const id = `${project.ws.database.replace(/^beads_/, "")}-x1`;
    project.run(
      `git checkout -q -b other; echo '${LINE.replace("ID", id)}' >>.beads/issues.jsonl; git commit -q --no-verify -am other; git checkout -q -`,
    );
    const titles = async () => (await project.ws.sql("SELECT title FROM issues")).map(({ title }) => title);
    await project.ws.sql("DELETE FROM issues");
    await project.ws.sql("CALL DOLT_COMMIT('-Am', 'away')").catch(() => {});
    return { project, titles };
  }

  test.each([
    ["a fast-forward", "git merge -q other"],
    ["a merge", "echo x >code; git add code; git commit -q --no-verify -m code; git merge -q --no-edit other"],
    ["a rebase", "echo x >code; git add code; git commit -q --no-verify -m code; git rebase -q other"],
    ["a checkout", "git checkout -q other"],
    ["git pull", "git pull -q --no-edit . other"],
  ])("%s", async (_what, line) => {
    const { project, titles } = await withBranch();
    const { stdout, stderr } = project.run(line);
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
    await expect.poll(titles, { timeout: 20_000 }).toContain("From git");
  });
});

test("git push says what is not in the file yet", async () => {
  const project = await hooked();
  project.run("git init -q --bare ../remote.git; git remote add origin ../remote.git; git push -q -u origin HEAD");
  await create(project, "Made");
  expect(project.run("git push -q origin HEAD:two").stderr).toBe(
    "bd pre-push: 1 issue(s) have changed and are not in .beads/issues.jsonl; bd sync writes it, and git commit takes it along\n",
  );
  project.run("bd sync -q; git commit -qam work");
  expect(project.run("git push -q origin HEAD:three").stderr).toBe("");
});

test("git push is silent about a merge that brought issues, and says why a file can't be taken in", async () => {
  const project = await hooked();
  project.run("git init -q --bare ../remote.git; git remote add origin ../remote.git");
  const id = await create(project, "Made");
  project.run("git commit -q --allow-empty -m made; git checkout -q -b other");
  project.edit(id, { title: "Theirs", updated_at: "2090-01-01T00:00:00Z" });
  project.run("git commit -q --no-verify -am theirs; git checkout -q -; git commit -q --allow-empty -m ours");
  project.run("git merge -q --no-edit other");
  await expect.poll(() => project.bd("sync", "--status"), { timeout: 20_000 }).toMatchObject({ unimported: false });
  expect(await project.bd("show", id)).toMatchObject([{ title: "Theirs" }]);
  expect(project.run("git push -q origin HEAD:one").stderr).toBe("");
  // What is known of the last time tells nothing.
  project.run("rm .beads/sync.json; bd sync --import-only -q");
  expect(await project.bd("sync", "--status")).toMatchObject({ unflushed: null });
  expect(project.run("git push -q origin HEAD:three").stderr).toBe("");
  project.save(`${project.text()}garbage\n`);
  expect(project.run("bd sync -q || :; git push -q origin HEAD:two").stderr).toMatch(
    /^bd pre-push: .*line \d+: it is not JSON$/m,
  );
});

describe("installing", () => {
  test("what is there goes on running, and is as it was after uninstalling", async () => {
    const project = await hooked();
    project.run("bd hooks uninstall -q");
    const hook = join(project.dir, ".git/hooks/pre-commit");
    expect(existsSync(hook)).toBe(false);
    const own = "#!/bin/sh\necho ran >>own.log\nexit 0\n";
    writeFileSync(hook, own, { mode: 0o755 });
    const { stdout } = project.run("bd hooks install; bd hooks install >/dev/null; git commit -qm work --allow-empty");
    expect(stdout).toContain("✓ pre-commit     installed");
    expect(readFileSync(join(project.dir, "own.log"), "utf8")).toBe("ran\n");
    expect(project.git("config", "merge.bd.driver")).toContain("merge-driver");
    project.run("bd hooks uninstall -q");
    expect(readFileSync(hook, "utf8")).toBe(own);
  });

  test("what is no shell script, is a link, or is not executable is left alone, and named", async () => {
    const project = await hooked();
    project.run("bd hooks uninstall -q");
    const at = (name: string) => join(project.dir, ".git/hooks", name);
    writeFileSync(at("pre-commit"), "#!/usr/bin/env python3\nprint(1)\n", { mode: 0o755 });
    symlinkSync(join(project.ws.home, "elsewhere"), at("post-merge"));
    writeFileSync(at("pre-push"), "#!/bin/sh\nexit 1\n");
    chmodSync(at("pre-push"), 0o644);
    const { stdout } = project.run("bd hooks install; bd hooks status --json");
    expect(stdout).toContain("pre-commit     left alone, because it is no shell script");
    const { hooks } = JSON.parse(stdout.slice(stdout.indexOf("{")));
    expect(Object.fromEntries(hooks.map(({ name, state }: Record<string, string>) => [name, state]))).toEqual({
      "pre-commit": "no-shell-script",
      "post-merge": "link",
      "post-checkout": "installed",
      "post-rewrite": "installed",
      "pre-push": "not-executable",
    });
    expect(existsSync(join(project.ws.home, "elsewhere"))).toBe(false);
  });

  test("a folder for all repositories, and one that the project brings, are not written to", async () => {
    const project = await hooked();
    project.run("bd hooks uninstall -q; mkdir -p ~/all .githooks; git config --global core.hooksPath ~/all");
    const everywhere = project.run("bd hooks install").stdout;
    expect(everywhere).toContain("a folder for all repositories");
    expect(everywhere).toContain("bd hooks run post-rewrite");
    project.run("git config core.hooksPath .githooks");
    expect(project.run("bd hooks install").stdout).toContain("a folder of the project");
    expect(project.run("ls -A ~/all .githooks").stdout).not.toContain("pre-commit");
    project.run("git config --global --unset core.hooksPath");
  });

  test("with a branch of its own, it says that hooks do nothing", async () => {
    const project = await hooked();
    project.run("git config sync.branch beads-sync");
    expect(project.run("bd hooks install").stderr).toContain("hooks do nothing while git's sync.branch is set");
    expect(JSON.parse(project.run("bd hooks status --json").stdout)).toMatchObject({ sync_branch: "beads-sync" });
  });

  test("the Go program's hooks call whichever bd there is, and are left as they are", async () => {
    const project = await hooked();
    project.run("bd hooks uninstall -q; mkdir .beads/hooks; git config core.hooksPath $PWD/.beads/hooks");
    const theirs =
      '#!/usr/bin/env sh\n# --- BEGIN BEADS INTEGRATION v1.1.0 ---\nif command -v bd >/dev/null 2>&1; then\n  bd hooks run pre-commit "$@"\n  _bd_exit=$?; if [ $_bd_exit -eq 3 ]; then _bd_exit=0; fi; if [ $_bd_exit -ne 0 ]; then exit $_bd_exit; fi\nfi\n# --- END BEADS INTEGRATION v1.1.0 ---\n';
    writeFileSync(join(project.dir, ".beads/hooks/pre-commit"), theirs, { mode: 0o755 });
    const { stdout } = project.run("bd hooks install");
    expect(stdout).toContain("✓ pre-commit     calls bd already");
    expect(stdout).toContain("✓ post-rewrite   installed");
    expect(readFileSync(join(project.dir, ".beads/hooks/pre-commit"), "utf8")).toBe(theirs);
    const id = await create(project, "Made");
    project.run("git commit -qm work --allow-empty");
    expect(committed(project)).toContain(id);
  });
});
