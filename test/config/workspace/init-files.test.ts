import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { initWorkspaceFiles } from "../../../src/config/workspace/init-files.ts";
import { cleanPrefix, databaseNameFor, isDatabaseName } from "../../../src/config/workspace/prefix.ts";
import { findWorkspace, workspaceIn } from "../../../src/config/workspace/workspace.ts";
import { readYamlSettings } from "../../../src/config/yaml/yaml-settings.ts";
import { bdErrorOf, temporaryFolder, viewIn } from "../temporary-folder.ts";

describe("initWorkspaceFiles", () => {
  test("makes a workspace that is found, and nothing outside of .beads", async () => {
    const root = temporaryFolder({ "readme.md": "mine" });
    const workspace = workspaceIn(join(root, ".beads"));

    const written = initWorkspaceFiles(workspace, { dolt_mode: "server", dolt_database: "beads_x" });

    expect(written).toEqual(["metadata.json", "config.yaml", ".gitignore"]);
    expect(readdirSync(root).toSorted()).toEqual([".beads", "readme.md"]);
    expect(findWorkspace(viewIn(root))).toEqual(workspace);
    expect((await readYamlSettings(workspace.configPath))?.entries.size).toBe(0);
  });

  test("keeps a config.yaml and a .gitignore that are there", () => {
    const root = temporaryFolder({ ".beads/config.yaml": "json: true\n", ".beads/.gitignore": "x\n" });
    const workspace = workspaceIn(join(root, ".beads"));

    expect(initWorkspaceFiles(workspace, { project_id: "p" })).toEqual(["metadata.json"]);
    expect(readFileSync(workspace.configPath, "utf8")).toBe("json: true\n");
    expect(readFileSync(join(root, ".beads/.gitignore"), "utf8")).toBe("x\n");
    expect(readFileSync(workspace.metadataPath, "utf8")).toBe('{\n  "project_id": "p"\n}\n');
  });

  test("leaves to git what is shared, and hides what belongs to the machine", () => {
    const root = temporaryFolder();
    const workspace = workspaceIn(join(root, ".beads"));
    initWorkspaceFiles(workspace, {});
    writeFileSync(join(workspace.beadsDir, "last-touched"), "x-1\n");
    execFileSync("git", ["init", "--quiet"], { cwd: root });

    const shared = execFileSync("git", ["ls-files", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });

    expect(shared).toBe(".beads/.gitignore\n.beads/config.yaml\n.beads/metadata.json\n");
  });

  test("writes through no link out of the folder", async () => {
    const root = temporaryFolder({ "outside/": "", ".beads/": "" });
    const workspace = workspaceIn(join(root, ".beads"));
    for (const name of ["metadata.json", "config.yaml", ".gitignore"]) {
      symlinkSync(join(root, "outside", name), join(workspace.beadsDir, name));
    }

    const error = await bdErrorOf(() => initWorkspaceFiles(workspace, {}));

    expect(error).toMatchObject({ kind: "config", code: "LINK_LEADS_OUT", hint: `ls -l ${workspace.metadataPath}` });
    expect(readdirSync(join(root, "outside"))).toEqual([]);
  });

  test("leaves links that lead nowhere as they are", () => {
    const root = temporaryFolder({ "outside/": "", ".beads/": "" });
    const workspace = workspaceIn(join(root, ".beads"));
    for (const name of ["config.yaml", ".gitignore"]) {
      symlinkSync(join(root, "outside", name), join(workspace.beadsDir, name));
    }

    expect(initWorkspaceFiles(workspace, {})).toEqual(["metadata.json"]);
    expect(readdirSync(join(root, "outside"))).toEqual([]);
  });

  test("makes no workspace of the folder that a link of that name leads to", async () => {
    const root = temporaryFolder({ "project/": "", "outside/": "" });
    const workspace = workspaceIn(join(root, "project/.beads"));
    symlinkSync("../outside", workspace.beadsDir);

    const error = await bdErrorOf(() => initWorkspaceFiles(workspace, {}));

    expect(error).toMatchObject({ code: "LINK_LEADS_OUT", hint: `BEADS_DIR=${root}/outside bd where` });
    expect(readdirSync(join(root, "outside"))).toEqual([]);
  });

  test("names a folder that can't be made", async () => {
    const root = temporaryFolder({ ".beads": "a file" });

    const error = await bdErrorOf(() => initWorkspaceFiles(workspaceIn(join(root, ".beads")), {}));

    expect(error).toMatchObject({ kind: "config", code: "FILE_NOT_WRITABLE" });
    expect(error.message).toBe(`the workspace ${root}/.beads can't be written (EEXIST)`);
  });
});

describe("prefixes and database names", () => {
  test.each([
    ["beads", "beads"],
    ["..hidden", "hidden"],
    ["app--", "app"],
    ["my.app", "my_app"],
    ["my-app", "my-app"],
    ["2024.app", "bd_2024_app"],
    ["_x", "bd__x"],
    ["My Project", "My_Project"],
    ["é", "e"],
    ["Café Zoë", "Cafe_Zoe"],
    ["漢字", "bd"],
    ["漢字-app", "app"],
    ["app 漢字", "app"],
    ["a漢b", "a_b"],
    ["Ђоко", "bd"],
    ["...", "bd"],
    ["", "bd"],
  ])("cleanPrefix turns %j into %j", (raw, prefix) => {
    expect(cleanPrefix(raw)).toBe(prefix);
  });

  test("databaseNameFor keeps hyphens and refuses what no database can be called", async () => {
    expect(databaseNameFor("made-here")).toBe("beads_made-here");
    expect(databaseNameFor("x".repeat(58))).toHaveLength(64);
    expect(await bdErrorOf(() => databaseNameFor("x".repeat(59)))).toMatchObject({
      kind: "usage",
      code: "PREFIX_INVALID",
    });
    expect(await bdErrorOf(() => databaseNameFor("a`b"))).toMatchObject({ code: "PREFIX_INVALID" });
  });

  test("isDatabaseName accepts the peer's names", () => {
    expect(isDatabaseName("gm_made-here")).toBe(true);
    expect(isDatabaseName("1x")).toBe(false);
    expect(isDatabaseName("a/b")).toBe(false);
    expect(isDatabaseName("x".repeat(65))).toBe(false);
  });
});
