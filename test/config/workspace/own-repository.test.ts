import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { settingFiles } from "../../../src/config/settings/setting-files.ts";
import { bdErrorOf, temporaryFolder, viewIn } from "../temporary-folder.ts";

const METADATA = ".beads/metadata.json";

function git(cwd: string, ...args: string[]): void {
  const who = ["-c", "user.name=T", "-c", "user.email=t@example.test", "-c", "protocol.file.allow=always"];
  execFileSync("git", [...who, ...args], { cwd, stdio: "pipe" });
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * A stranger's project in `theirs`, with linked worktrees `linked` and `second`, a part of its own in `theirs/part` and a submodule
 * `theirs/sub`; beside it `mine`, a repository of the person's, `theirs/vendor`, another one, and `plain`, without git.
 */
function projects(): string {
  const root = temporaryFolder({
    "theirs/part/.beads/metadata.json": "{}",
    "module/.beads/metadata.json": "{}",
    "mine/.beads/metadata.json": "{}",
    "plain/.beads/metadata.json": "{}",
    "plain/inner/.beads/metadata.json": "{}",
  });
  for (const name of ["theirs", "module", "mine"]) {
    git(join(root, name), "init", "--quiet");
    git(join(root, name), "add", ".");
    git(join(root, name), "commit", "--quiet", "-m", "first");
  }
  git(join(root, "theirs"), "submodule", "--quiet", "add", "../module", "sub");
  for (const name of ["linked", "second"]) {
    git(join(root, "theirs"), "worktree", "add", "--quiet", "--detach", `../${name}`);
  }
  cpSync(join(root, "mine"), join(root, "theirs/vendor"), { recursive: true });
  put(join(root, "theirs", METADATA), "{}");
  return root;
}

/** What the words of a table stand for. */
const written = (word: string, root: string): string => word.replace("ROOT", root);

async function workspaceIn(root: string, folder: string, env: Readonly<Record<string, string>> = {}) {
  return settingFiles(viewIn(join(root, folder), { XDG_CONFIG_HOME: join(root, "config"), ...env })).workspace();
}

const OWN: readonly (readonly [from: string, redirect: string, to: string])[] = [
  ["theirs", "part/.beads", "theirs/part"],
  ["theirs", "./part/../part/.beads/", "theirs/part"],
  ["theirs", "ROOT/theirs/part/.beads", "theirs/part"],
  ["theirs/part", "../.beads", "theirs"],
  ["linked", "../theirs/.beads", "theirs"],
  ["linked", "ROOT/theirs/part/.beads", "theirs/part"],
  ["theirs", "../linked/part/.beads", "linked/part"],
  ["linked", "../second/part/.beads", "second/part"],
  ["plain", "inner/.beads", "plain/inner"],
];

const FOREIGN: readonly (readonly [from: string, redirect: string, to: string])[] = [
  ["theirs", "../mine/.beads", "mine"],
  ["theirs", "part/../../mine/.beads", "mine"],
  ["theirs", "ROOT/mine/.beads", "mine"],
  ["theirs/part", "../../mine/.beads", "mine"],
  ["linked", "../mine/.beads", "mine"],
  ["theirs", "vendor/.beads", "theirs/vendor"],
  ["theirs", "../plain/.beads", "plain"],
  ["theirs", "sub/.beads", "theirs/sub"],
  ["theirs/sub", "../.beads", "theirs"],
  ["plain/inner", "../.beads", "plain"],
  ["plain", "../mine/.beads", "mine"],
];

describe("a redirect", () => {
  test.each(OWN)("in %s to %s is followed: it is one repository", async (from, redirect, to) => {
    const root = projects();
    put(join(root, from, ".beads/redirect"), written(redirect, root));

    expect((await workspaceIn(root, from))?.root).toBe(join(root, to));
  });

  test.each(FOREIGN)("in %s to %s waits for the person's word", async (from, redirect, to) => {
    const root = projects();
    const path = join(root, from, ".beads/redirect");
    put(path, written(redirect, root));
    const target = join(root, to, ".beads");
    const folder = join(root, from);

    expect(await bdErrorOf(() => workspaceIn(root, from))).toMatchObject({
      kind: "config",
      code: "WORKSPACE_LEADS_OUT",
      message: `${path} leads to ${target}, and git does not know that as the same repository as ${folder}: bd follows it only where you trust it`,
      hint: `bd config set trusted-folders ${folder}`,
      details: { path, target },
    });
    expect((await workspaceIn(root, from, { BD_TRUSTED_FOLDERS: folder }))?.beadsDir).toBe(target);
    expect((await workspaceIn(root, from, { BD_TRUSTED_FOLDERS: `/srv:${root}/*` }))?.beadsDir).toBe(target);
    expect((await workspaceIn(root, ".", { BEADS_DIR: join(folder, ".beads") }))?.beadsDir).toBe(target);
    expect((await bdErrorOf(() => workspaceIn(root, from, { BD_TRUSTED_FOLDERS: join(root, to, "x") }))).code).toBe(
      "WORKSPACE_LEADS_OUT",
    );
  });

  test("is followed once, so none beyond it leads to another tracker", async () => {
    const root = projects();
    put(join(root, "theirs/.beads/redirect"), "part/.beads");
    put(join(root, "theirs/part/.beads/redirect"), "../../mine/.beads");

    expect((await workspaceIn(root, "theirs"))?.root).toBe(join(root, "theirs/part"));
  });

  test("is judged by where it ends, whatever links stand on the way", async () => {
    const root = projects();
    symlinkSync("../mine", join(root, "theirs/looks-own"));
    put(join(root, "theirs/.beads/redirect"), "looks-own/.beads");
    symlinkSync("../../theirs/part", join(root, "mine/looks-foreign"));

    expect((await bdErrorOf(() => workspaceIn(root, "theirs"))).details).toMatchObject({
      target: join(root, "mine/.beads"),
    });
    put(join(root, "theirs/.beads/redirect"), "../alias/part/.beads");
    symlinkSync("theirs", join(root, "alias"));
    expect((await workspaceIn(root, "theirs"))?.beadsDir).toBe(join(root, "alias/part/.beads"));
  });

  test("waits for bd init, too, and the project can't trust itself", async () => {
    const root = projects();
    put(join(root, "theirs/.beads/redirect"), "../mine/.beads");
    put(join(root, "theirs/.beads/config.yaml"), 'trusted-folders: "*"\n');
    const files = settingFiles(viewIn(join(root, "theirs"), { XDG_CONFIG_HOME: join(root, "config") }));

    expect((await bdErrorOf(() => files.newWorkspace())).code).toBe("WORKSPACE_LEADS_OUT");
    expect((await bdErrorOf(() => files.workspace())).code).toBe("WORKSPACE_LEADS_OUT");
  });
});

describe("what else can lead to another tracker", () => {
  test.each([
    ["a link in place of .beads", ".beads", "../mine/.beads"],
    ["a link in place of metadata.json", METADATA, "../../mine/.beads/metadata.json"],
  ])("%s waits as a redirect does", async (_title, name, to) => {
    const root = projects();
    renameSync(join(root, "theirs", name), join(root, "theirs/moved"));
    symlinkSync(to, join(root, "theirs", name));

    expect((await bdErrorOf(() => workspaceIn(root, "theirs"))).details).toEqual({
      path: join(root, "theirs", name),
      target: join(root, "mine/.beads"),
    });
    expect((await workspaceIn(root, "theirs", { BD_TRUSTED_FOLDERS: "*" }))?.root).toBe(join(root, "theirs"));
  });

  test("a .git that names somebody else's repository makes no worktree of it", async () => {
    const root = projects();
    const forged: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      "a worktree of another folder": { ".git": `gitdir: ${root}/theirs/.git/worktrees/linked\n` },
      "the repository": { ".git": `gitdir: ${root}/theirs/.git\n` },
      "a list of its own": {
        ".git": "gitdir: store/worktrees/w\n",
        "store/worktrees/w/commondir": `${root}/theirs/.git\n`,
        "store/worktrees/w/gitdir": `${root}/forged/a-list-of-its-own/.git\n`,
      },
    };
    for (const [name, files] of Object.entries(forged)) {
      const folder = join("forged", name.replaceAll(" ", "-"));
      for (const [path, text] of Object.entries(files)) put(join(root, folder, path), text);

      for (const redirect of [false, true]) {
        if (redirect) put(join(root, folder, ".beads/redirect"), join(root, "theirs/.beads"));
        const found = await workspaceIn(root, folder).catch((error: { readonly code: string }) => error.code);
        expect({ name, redirect, found }).toEqual({
          name,
          redirect,
          found: name === "the repository" && !redirect ? undefined : "WORKSPACE_LEADS_OUT",
        });
      }
    }
  });

  test("a worktree that was moved by hand is told so until git has repaired its list", async () => {
    const root = projects();
    renameSync(join(root, "linked"), join(root, "elsewhere"));

    expect((await bdErrorOf(() => workspaceIn(root, "elsewhere"))).details).toEqual({
      path: join(root, "elsewhere/.git"),
      target: join(root, "theirs/.beads"),
    });
    git(join(root, "elsewhere"), "worktree", "repair");
    expect((await workspaceIn(root, "elsewhere"))?.root).toBe(join(root, "theirs"));
  });
});
