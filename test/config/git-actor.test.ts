import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needsGitIdentity, readGitIdentity, resolveActor } from "../../src/config/git-actor.ts";
import { temporaryFolder, viewIn } from "./temporary-folder.ts";

const PATH = process.env["PATH"];

describe("resolveActor", () => {
  test("asks the configured name, git, the login name, in this order", () => {
    const view = viewIn("/", { USER: "login" });
    const gitIdentity = { name: "Git Name", email: "git@example.test" };

    expect(resolveActor({ configured: "ann", view, gitIdentity }).name).toBe("ann");
    expect(resolveActor({ configured: undefined, view, gitIdentity }).name).toBe("Git Name");
    expect(resolveActor({ configured: " ", view }).name).toBe("login");
    expect(resolveActor({ configured: undefined, view: viewIn("/") })).toEqual({ name: "unknown", email: "" });
  });

  test("prefers GIT_AUTHOR_EMAIL to git's address", () => {
    const gitIdentity = { email: "git@example.test" };
    const named = viewIn("/", { GIT_AUTHOR_EMAIL: "env@example.test" });

    expect(resolveActor({ configured: "ann", view: named, gitIdentity }).email).toBe("env@example.test");
    expect(resolveActor({ configured: "ann", view: viewIn("/"), gitIdentity }).email).toBe("git@example.test");
  });

  test("takes USERNAME on Windows", () => {
    const view = { ...viewIn("/", { USERNAME: "ann", USER: "x" }), platform: "win32" };

    expect(resolveActor({ configured: undefined, view }).name).toBe("ann");
  });
});

test("git is needed unless name and address are given", () => {
  const addressed = viewIn("/", { GIT_AUTHOR_EMAIL: "a@example.test" });

  expect(needsGitIdentity({ configured: "ann", view: addressed })).toBe(false);
  expect(needsGitIdentity({ configured: undefined, view: addressed })).toBe(true);
  expect(needsGitIdentity({ configured: "ann", view: viewIn("/") })).toBe(true);
});

function gitIn(cwd: string, ...args: string[]): void {
  execFileSync("git", args, { cwd, stdio: "pipe" });
}

describe("readGitIdentity", () => {
  const ISOLATED = { PATH, GIT_CONFIG_NOSYSTEM: "1" };

  test("reads name and address, the last one of each", async () => {
    const home = temporaryFolder({
      ".gitconfig": "[user]\n\tname = First\n\tname = Änn Peer\n\temail = ann@example.test\n",
    });

    expect(await readGitIdentity(viewIn(home, { ...ISOLATED, HOME: home }))).toEqual({
      name: "Änn Peer",
      email: "ann@example.test",
    });
  });

  test("is empty where git knows nobody, is missing, or the folder is gone", async () => {
    const home = temporaryFolder();

    expect(await readGitIdentity(viewIn(home, { ...ISOLATED, HOME: home }))).toEqual({});
    expect(await readGitIdentity(viewIn(home, { PATH: home }))).toEqual({});
    expect(await readGitIdentity(viewIn("/nonexistent", ISOLATED))).toEqual({});
  });

  test("runs nothing that the repository's configuration names", async () => {
    const home = temporaryFolder();
    const canary = join(home, "ran");
    const program = `touch ${canary}`;
    const keys =
      "core.pager pager.config core.editor core.fsmonitor core.sshCommand core.askPass core.gitProxy diff.external " +
      "core.alternateRefsCommand alias.config credential.helper filter.x.process gpg.program sequence.editor " +
      "interactive.diffFilter uploadpack.packObjectsHook trace2.eventTarget user.defaultKeyCommand";
    gitIn(home, "init", "--quiet");
    for (const key of keys.split(" ")) gitIn(home, "config", key, key.startsWith("alias.") ? `!${program}` : program);
    gitIn(home, "config", "core.hooksPath", home);
    gitIn(home, "config", "user.name", "Ann");

    expect((await readGitIdentity(viewIn(home, { ...ISOLATED, HOME: home }))).name).toBe("Ann");
    expect(existsSync(canary)).toBe(false);
  });

  test("takes the person's word, and none of a bare repository that lies among a project's files", async () => {
    const home = temporaryFolder({ ".gitconfig": "[user]\n\tname = Ann\n", "project/": "" });
    const project = join(home, "project");
    gitIn(project, "init", "--quiet");
    gitIn(project, "init", "--quiet", "--bare", "data");
    gitIn(join(project, "data"), "config", "user.name", "Mallory");

    expect((await readGitIdentity(viewIn(join(project, "data"), { ...ISOLATED, HOME: home }))).name).toBe("Ann");
  });

  test("ends with its signal", async () => {
    const home = temporaryFolder();

    await expect(readGitIdentity(viewIn(home, ISOLATED), AbortSignal.abort())).rejects.toThrow("aborted");
  });
});
