import { chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ProcessView } from "../../../src/config/process-view.ts";
import { settingFiles } from "../../../src/config/settings/setting-files.ts";
import { bdErrorOf, temporaryFolder, viewIn } from "../temporary-folder.ts";

const ROOT = process.geteuid?.() === 0;
/** Who owns the foreign folders of these tests: not root, whom everybody trusts. */
const OWNER = ROOT ? 4242 : (process.geteuid?.() ?? 0);
const PERSON = OWNER + 1;

/** A project whose `.beads`, or one part of it, belongs to somebody else than the person. */
function foreignProject(part = ""): string {
  const root = temporaryFolder({ ".beads/metadata.json": '{"dolt_database":"theirs"}', "sub/": "" });
  if (ROOT) chownSync(join(root, ".beads", part), OWNER, OWNER);
  return root;
}

function personIn(cwd: string, env: ProcessView["env"] = {}, uid = PERSON): ProcessView {
  return { ...viewIn(cwd, { XDG_CONFIG_HOME: temporaryFolder(), ...env }), uid };
}

describe("a workspace that belongs to another user", () => {
  test("is not used, from below it or by -C, and not made anew, and the hint is the line that trusts it", async () => {
    const root = foreignProject();
    const refusal = {
      kind: "config",
      code: "WORKSPACE_NOT_TRUSTED",
      message: `${root}/.beads belongs to another user (uid ${OWNER}), whose settings bd does not follow unasked`,
      hint: `bd config set trusted-folders ${root}`,
      details: { path: join(root, ".beads"), owner: OWNER },
    };

    expect(await bdErrorOf(() => settingFiles(personIn(join(root, "sub"))).workspace())).toMatchObject(refusal);
    expect(await bdErrorOf(() => settingFiles(personIn("/")).workspace(root))).toMatchObject(refusal);
    expect(await bdErrorOf(() => settingFiles(personIn(root)).newWorkspace())).toMatchObject(refusal);
  });

  test.skipIf(!ROOT)("is one as well where only a file in it is (takes root to set up)", async () => {
    const root = foreignProject("metadata.json");
    const person = personIn(root, {}, 0);

    expect(await bdErrorOf(() => settingFiles(person).workspace())).toMatchObject({
      code: "WORKSPACE_NOT_TRUSTED",
      details: { path: join(root, ".beads/metadata.json"), owner: OWNER },
    });
  });

  test.skipIf(!ROOT)("is one as well where only the link to it is (takes root to set up)", async () => {
    const root = temporaryFolder({ "mine/.beads/metadata.json": "{}", "theirs/": "" });
    symlinkSync("../mine/.beads", join(root, "theirs/.beads"));
    lchownSync(join(root, "theirs/.beads"), OWNER, OWNER);

    expect((await bdErrorOf(() => settingFiles(personIn(join(root, "theirs"), {}, 0)).workspace())).code).toBe(
      "WORKSPACE_NOT_TRUSTED",
    );
    expect((await settingFiles(personIn(join(root, "mine"), {}, 0)).workspace())?.root).toBe(join(root, "mine"));
  });

  test("is one as well where a redirect leads to it", async () => {
    const root = foreignProject();
    const person = personIn("/", {}, PERSON);
    mkdirSync(join(root, "mine/.beads"), { recursive: true });
    writeFileSync(join(root, "mine/.beads/redirect"), "../.beads\n");
    if (ROOT) chownSync(join(root, "mine/.beads/redirect"), PERSON, PERSON);

    expect((await bdErrorOf(() => settingFiles(person).workspace(join(root, "mine")))).code).toBe(
      "WORKSPACE_NOT_TRUSTED",
    );
  });

  test("is the owner's own, and that of root where the owner called sudo", async () => {
    const root = foreignProject();

    expect((await settingFiles(personIn(root, {}, OWNER)).workspace())?.root).toBe(root);
    expect((await settingFiles(personIn(root, { SUDO_UID: String(OWNER) }, 0)).workspace())?.root).toBe(root);
    expect((await bdErrorOf(() => settingFiles(personIn(root, {}, 0)).workspace())).code).toBe("WORKSPACE_NOT_TRUSTED");
    const sudoer = personIn(root, { SUDO_UID: String(OWNER) });
    expect((await bdErrorOf(() => settingFiles(sudoer).workspace())).code).toBe("WORKSPACE_NOT_TRUSTED");
  });

  test("needs no trust where BEADS_DIR names it", async () => {
    const root = foreignProject();
    const person = personIn("/", { BEADS_DIR: join(root, ".beads") });
    const workspace = await settingFiles(person).workspace();

    expect((await settingFiles(person).sources({ workspace })).metadata).toEqual({ dolt_database: "theirs" });
    expect((await settingFiles(person).newWorkspace()).root).toBe(root);
  });
});

describe("trust is given", () => {
  test.each([
    ["for the folder", (root: string) => root],
    ["for several, one of them the folder", (root: string) => `/nonexistent:${root}`],
    ["for all below a folder", (root: string) => `${join(root, "..")}/*`],
    ["for everything", () => "*"],
  ])("by the environment, %s", async (_title, value) => {
    const root = foreignProject();
    const person = personIn(root, { BD_TRUSTED_FOLDERS: value(root) });
    const workspace = await settingFiles(person).workspace();

    expect((await settingFiles(person).sources({ workspace })).metadata).toEqual({ dolt_database: "theirs" });
  });

  test.each([
    ["a name", (root: string) => `trusted-folders: ${root}\n`],
    ["a list", (root: string) => `trusted-folders:\n  - /nonexistent\n  - ${root}\n`],
  ])("by the person's settings, as %s", async (_title, text) => {
    const root = foreignProject();
    const XDG_CONFIG_HOME = temporaryFolder({ "bd/config.yaml": text(root) });

    expect((await settingFiles(personIn(root, { XDG_CONFIG_HOME })).workspace())?.root).toBe(root);
  });

  test.each([
    ["a folder above it", (root: string) => join(root, "..")],
    ["a folder with the same beginning", (root: string) => `${root}-two/*`],
    ["a relative one", () => "."],
    ["nothing", () => ""],
  ])("not by %s", async (_title, value) => {
    const root = foreignProject();
    const person = personIn(root, { BD_TRUSTED_FOLDERS: value(root) });

    expect((await bdErrorOf(() => settingFiles(person).workspace())).code).toBe("WORKSPACE_NOT_TRUSTED");
  });

  test("not by the project itself", async () => {
    const root = foreignProject();
    writeFileSync(join(root, ".beads/config.yaml"), 'trusted-folders: "*"\n');

    expect((await bdErrorOf(() => settingFiles(personIn(root)).workspace())).code).toBe("WORKSPACE_NOT_TRUSTED");
  });

  test("beside what is trusted already: the hint keeps it", async () => {
    const root = foreignProject();
    const person = personIn(root, { BD_TRUSTED_FOLDERS: "/srv/a b" });

    expect((await bdErrorOf(() => settingFiles(person).workspace())).hint).toBe(
      `bd config set trusted-folders '/srv/a b:${root}'`,
    );
  });
});
