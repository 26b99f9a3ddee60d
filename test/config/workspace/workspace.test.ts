import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { findWorkspace, newWorkspace, noWorkspaceError } from "../../../src/config/workspace/workspace.ts";
import { bdErrorOf, temporaryFolder, viewIn } from "../temporary-folder.ts";

const METADATA = "{}";

describe("findWorkspace walks up", () => {
  test("finds the .beads folder of the working directory", () => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA });

    expect(findWorkspace(viewIn(root))).toEqual({
      beadsDir: join(root, ".beads"),
      root,
      metadataPath: join(root, ".beads/metadata.json"),
      configPath: join(root, ".beads/config.yaml"),
    });
  });

  test("finds the .beads folder of a parent, where only a config.yaml was cloned", () => {
    const root = temporaryFolder({ ".beads/config.yaml": "", "a/b/": "", ".git/": "" });

    expect(findWorkspace(viewIn(join(root, "a/b")))?.root).toBe(root);
  });

  test("stops at the git root", () => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA, "inner/.git/": "", "inner/src/": "" });

    expect(findWorkspace(viewIn(join(root, "inner/src")))).toBeUndefined();
  });

  test("stops at the home folder: what lies above belongs to others", () => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA, "home/work/": "" });
    symlinkSync("home", join(root, "alias"));

    for (const home of ["home", "alias"]) {
      expect(findWorkspace(viewIn(join(root, "home/work"), {}, join(root, home)))).toBeUndefined();
    }
    expect(findWorkspace(viewIn(join(root, "home/work")))?.root).toBe(root);
  });

  test("stops at the edge of a file system", ({ skip }) => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA, "mounted/": "" });
    const mounted = join(root, "mounted");
    const mount = spawnSync("mount", ["-t", "tmpfs", "none", mounted]);
    if (mount.status !== 0) skip("nobody here may mount a file system");
    onTestFinished(() => void spawnSync("umount", [mounted]));
    mkdirSync(join(mounted, "work"));

    expect(findWorkspace(viewIn(root))?.root).toBe(root);
    expect(findWorkspace(viewIn(join(mounted, "work")))).toBeUndefined();
  });

  test("passes over a .beads folder that is no workspace", () => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA, "inner/.beads/dolt/": "" });

    expect(findWorkspace(viewIn(join(root, "inner")))?.root).toBe(root);
  });

  test("does not pass over a .beads folder that can't be read: the next one is another project's", async () => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA, "inner/": "" });
    symlinkSync(".beads", join(root, "inner/.beads"));

    const error = await bdErrorOf(() => findWorkspace(viewIn(join(root, "inner"))));

    expect(error).toMatchObject({ kind: "config", code: "FILE_UNREADABLE" });
    expect(error.message).toContain("(ELOOP)");
  });

  test("takes the server's data and a person's config.yaml in the home folder for no workspace", () => {
    const home = temporaryFolder({ ".beads/dolt/": "", ".beads/config.yaml": "", "work/": "", ".git/": "" });

    expect(findWorkspace(viewIn(join(home, "work"), {}, home))).toBeUndefined();
  });
});

function cloneWithWorktree(): { main: string; linked: string } {
  const folder = temporaryFolder({ "main/.beads/metadata.json": METADATA });
  const main = join(folder, "main");
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.test", ...args], {
      cwd: main,
      stdio: "pipe",
    });
  };
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "-m", "first");
  git("worktree", "add", "--quiet", "--detach", "../linked");
  return { main, linked: join(folder, "linked") };
}

describe("findWorkspace in a linked worktree", () => {
  test("takes the workspace of the main worktree", () => {
    const { main, linked } = cloneWithWorktree();

    expect(findWorkspace(viewIn(linked))?.root).toBe(main);
  });

  test("prefers a workspace of its own", () => {
    const { linked } = cloneWithWorktree();
    mkdirSync(join(linked, ".beads"));
    writeFileSync(join(linked, ".beads/metadata.json"), METADATA);

    expect(findWorkspace(viewIn(linked))?.root).toBe(linked);
  });

  test("takes a submodule for no worktree", () => {
    const root = temporaryFolder({
      ".beads/metadata.json": METADATA,
      ".git/modules/part/HEAD": "",
      "part/.git": "gitdir: ../.git/modules/part\n",
    });

    expect(findWorkspace(viewIn(join(root, "part")))).toBeUndefined();
  });

  test("takes the workspace beside a hidden bare repository, and none beside a visible one", () => {
    const linked = { ".git": "gitdir: ../BARE/worktrees/w\n" };
    const layout = (bare: string): string =>
      temporaryFolder({
        ".beads/metadata.json": METADATA,
        "w/.git": linked[".git"].replace("BARE", bare),
        [`${bare}/worktrees/w/commondir`]: "../..\n",
        [`${bare}/worktrees/w/gitdir`]: "../../../w/.git\n",
      });
    const hidden = layout(".bare");

    expect(findWorkspace(viewIn(join(hidden, "w")))?.root).toBe(hidden);
    expect(findWorkspace(viewIn(join(layout("project.git"), "w")))).toBeUndefined();
  });
});

describe("findWorkspace with BEADS_DIR", () => {
  test("takes the folder that it names, relative to the working directory, before any other", () => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA, "other/.beads/": "" });

    const found = findWorkspace(viewIn(root, { BEADS_DIR: "other/.beads" }));

    expect(found?.beadsDir).toBe(join(root, "other/.beads"));
  });

  test("refuses a folder that is not there", async () => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA });

    const error = await bdErrorOf(() => findWorkspace(viewIn(root, { BEADS_DIR: "/nonexistent/.beads" })));

    expect(error).toMatchObject({
      kind: "config",
      code: "BEADS_DIR_NOT_FOUND",
      message: "there is no directory /nonexistent/.beads, which BEADS_DIR names",
    });
  });

  test("counts as not set when it is empty", () => {
    const root = temporaryFolder({ ".beads/metadata.json": METADATA });

    expect(findWorkspace(viewIn(root, { BEADS_DIR: "" }))?.root).toBe(root);
  });
});

describe("findWorkspace with a directory (-C)", () => {
  test("resolves from the directory, and BEADS_DIR does not matter", () => {
    const root = temporaryFolder({ "project/.beads/metadata.json": METADATA, "project/src/": "", "other/.beads/": "" });
    const view = viewIn(root, { BEADS_DIR: join(root, "other/.beads") });

    expect(findWorkspace(view, { directory: "project/src" })?.root).toBe(join(root, "project"));
  });

  test("refuses a directory that is not there", async () => {
    const root = temporaryFolder();

    const error = await bdErrorOf(() => findWorkspace(viewIn(root), { directory: "nowhere" }));

    expect(error).toMatchObject({ kind: "config", code: "DIRECTORY_NOT_FOUND" });
    expect(error.message).toBe(`there is no directory ${root}/nowhere, which -C names`);
  });

  test("refuses a directory without a workspace", async () => {
    const root = temporaryFolder({ ".git/": "" });

    const error = await bdErrorOf(() => findWorkspace(viewIn("/"), { directory: root }));

    expect(error).toMatchObject({ kind: "config", code: "NO_WORKSPACE" });
    expect(error.message).toBe(`no beads database found in ${root}`);
  });
});

describe("findWorkspace follows a redirect", () => {
  test("relative to the project's root, past comments", () => {
    const root = temporaryFolder({
      ".git/": "",
      "a/.beads/redirect": "# moved\n\n../b/.beads\n",
      "b/.beads/metadata.json": METADATA,
    });

    expect(findWorkspace(viewIn(join(root, "a")))).toMatchObject({
      beadsDir: join(root, "b/.beads"),
      root: join(root, "b"),
      redirectedFrom: join(root, "a/.beads"),
    });
  });

  test("only once", () => {
    const root = temporaryFolder({
      ".git/": "",
      "a/.beads/redirect": "../b/.beads",
      "b/.beads/redirect": "../a/.beads",
    });

    expect(findWorkspace(viewIn(join(root, "a")))?.root).toBe(join(root, "b"));
  });

  test("also from BEADS_DIR", () => {
    const root = temporaryFolder({ "a/.beads/redirect": "../b/.beads", "b/.beads/": "" });

    expect(findWorkspace(viewIn("/", { BEADS_DIR: join(root, "a/.beads") }))?.root).toBe(join(root, "b"));
  });

  test("but makes no workspace of a folder that is none", async () => {
    const root = temporaryFolder({
      ".git/": "",
      "a/.beads/redirect": "../mine",
      "mine/notes.txt": "",
      "data/metadata.json": "{}",
    });

    const error = await bdErrorOf(() => findWorkspace(viewIn(join(root, "a"))));

    expect(error).toMatchObject({ kind: "config", code: "REDIRECT_BROKEN" });
    expect(error.message).toBe(`there is no workspace in ${root}/mine, which ${root}/a/.beads/redirect names`);
    writeFileSync(join(root, "a/.beads/redirect"), "../data\n");
    expect(findWorkspace(viewIn(join(root, "a")))?.beadsDir).toBe(join(root, "data"));
  });

  test("and names it when it leads nowhere", async () => {
    const root = temporaryFolder({ ".beads/redirect": "../gone/.beads" });

    const error = await bdErrorOf(() => findWorkspace(viewIn(root)));

    expect(error).toMatchObject({ kind: "config", code: "REDIRECT_BROKEN" });
    expect(error.message).toContain(`which ${root}/.beads/redirect names`);
  });
});

describe("newWorkspace", () => {
  test("is .beads in the working directory, in -C DIR, or what BEADS_DIR names", () => {
    const root = temporaryFolder({ "project/": "" });
    const named = viewIn(root, { BEADS_DIR: "fresh/.beads" });

    expect(newWorkspace(viewIn(root)).beadsDir).toBe(join(root, ".beads"));
    expect(newWorkspace(named).beadsDir).toBe(join(root, "fresh/.beads"));
    expect(newWorkspace(named, { directory: "project" }).beadsDir).toBe(join(root, "project/.beads"));
  });
});

test("the error without a workspace says what the peer says, and names bd init", () => {
  const root = temporaryFolder({ "project/": "" });
  const error = noWorkspaceError(viewIn(root));

  expect(error.message).toBe("no beads database found");
  expect(error.hint).toBe("bd init");
});

test.each([
  ["issues.jsonl", ""],
  ["beads.jsonl", ""],
  ["issues.jsonl", "src/deep"],
])("the error names the issues that lie there without a workspace: %s, from /%s", (name, below) => {
  const root = temporaryFolder({ [`.beads/${name}`]: "", "src/deep/": "" });
  const error = noWorkspaceError(viewIn(join(root, below)));

  expect(error.message).toBe(`no beads database found, but issues as JSONL in ${join(root, ".beads")}`);
  expect(error.hint).toBe(below === "" ? "bd init --from-jsonl" : `bd -C ${root} init --from-jsonl`);
});
