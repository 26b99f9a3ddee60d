import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bdCalls } from "../support/parse-bd-line.ts";
import { recordIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const prefixOf = ({ database }: TestWorkspace) => database.slice("beads_".length);
const metadataOf = (folder: string) => recordIn(JSON.parse(readFileSync(join(folder, ".beads/metadata.json"), "utf8")));

function folderOf({ dir }: TestWorkspace, name: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = join(dir, name);
  mkdirSync(join(folder, ".beads"), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, ".beads", file), text);
  return folder;
}

const line = (id: string) => `${JSON.stringify({ id, title: id })}\n`;

describe("bd init asks before it makes a second project", () => {
  test("below a workspace", async () => {
    const workspace = await testWorkspace({ login: "root" });
    const below = join(workspace.dir, "src");
    mkdirSync(below);
    const beads = join(workspace.dir, ".beads");
    const message = `${below} is part of the workspace ${beads}, which commands here use; bd init --new-project makes one of its own for this folder`;
    const refusal = { exit: 11, code: "WORKSPACE_ABOVE", message, hint: "bd where", details: { path: beads } };
    await expectRefused(workspace, ["init"], refusal, { cwd: below });
    await expectRefused(workspace, ["-C", below, "init", "--prefix", "x"], refusal);

    const made = await workspace.json(["init", "--new-project", "--database", `${workspace.database}_b`], {
      cwd: below,
    });
    expect(made).toMatchObject({ outcome: "created" });
    await workspace.sql(`DROP DATABASE \`${workspace.database}_b\``);
  });

  test("where metadata.json is gone, by the ids of its JSONL file, by its prefix, by the folder's name", async () => {
    const workspace = await testWorkspace({ login: "root" });
    const prefix = prefixOf(workspace);
    await workspace.json(["create", "One", "--id", `${prefix}-a1`]);
    const { project_id: projectId } = metadataOf(workspace.dir);
    const hint = `bd init --database=${workspace.database}`;
    // Another prefix in the settings: what tells is the issue.
    const ways = [
      { "config.yaml": "issue-prefix: other\n", "issues.jsonl": line(`${prefix}-a1`) },
      { "config.yaml": `issue_prefix: ${prefix}\n` },
    ];
    for (const [index, files] of ways.entries()) {
      const folder = folderOf(workspace, `../way${index}`, files);
      const refused = await workspace.bd(["init", "--json"], { cwd: folder });
      const code = index === 0 ? "PROJECT_ON_SERVER" : "PROJECT_EXISTS";
      expect({ exit: refused.code, ...JSON.parse(refused.stdout) }).toMatchObject({
        exit: index === 0 ? 11 : 4,
        code,
        hint,
      });
      const [words = []] = bdCalls(hint);
      expect(await workspace.json(words, { cwd: folder })).toMatchObject({ outcome: "joined", project_id: projectId });
    }

    rmSync(join(workspace.dir, ".beads/metadata.json"));
    const { stdout } = await workspace.bd(["init", "--prefix", prefix, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ code: "PROJECT_EXISTS", hint });
  });

  test("where another tracker has its prefix and its database's name, and none of its issues", async () => {
    const workspace = await testWorkspace({ login: "root" });
    const prefix = prefixOf(workspace);
    await workspace.json(["create", "One", "--id", `${prefix}-a1`]);
    const folder = folderOf(workspace, "../other", { "issues.jsonl": line(`${prefix}-z9`) });
    const { stdout } = await workspace.bd(["init", "--from-jsonl", "--json"], { cwd: folder });
    const refused = recordIn(JSON.parse(stdout));
    expect(refused).toMatchObject({
      code: "PROJECT_EXISTS",
      hint: `bd init --from-jsonl --database=${workspace.database}_other`,
    });

    const [words = []] = bdCalls(String(refused["hint"]));
    expect(await workspace.json(words, { cwd: folder })).toMatchObject({ outcome: "created", prefix, imported: 1 });
    expect(await workspace.json(["count"], { cwd: workspace.dir })).toMatchObject({ count: 1 });
    await workspace.sql(`DROP DATABASE \`${workspace.database}_other\``);
  });
});

describe("a project's file that names a database without the id of its project", () => {
  test.each(["metadata.json", "config.yaml"])(
    "in %s: it is read, and written to after it was joined by name",
    async (file) => {
      const workspace = await testWorkspace({ login: "root" });
      await workspace.json(["create", "Mine"]);
      const { database } = workspace;
      const text =
        file === "metadata.json"
          ? JSON.stringify({ dolt_mode: "server", dolt_database: database, mark: 1 })
          : `dolt:\n  database: ${database}\n`;
      const folder = folderOf(workspace, "../hostile", { [file]: text });
      const cwd = { cwd: folder };
      const hint = `bd init --database=${database}`;

      expect(await workspace.json(["list"], cwd)).toHaveLength(1);
      const writes = [
        ["create", "Theirs"],
        ["import", "-"],
        ["config", "set", "custom.x", "1"],
        ["dolt", "commit"],
        ["dolt", "remote", "add", "origin", "file:///nowhere/it"],
        ["dolt", "push"],
        ["dolt", "pull"],
      ];
      for (const words of writes) {
        await expectRefused(
          workspace,
          words,
          { exit: 4, code: "PROJECT_NOT_JOINED", message: expect.stringContaining(join(folder, ".beads", file)), hint },
          { ...cwd, stdin: line("x-1") },
        );
      }
      // The person may name it for one command.
      await workspace.json(["create", "Named", "--db", database], cwd);
      await expectRefused(
        workspace,
        ["init"],
        { exit: 4, code: "PROJECT_EXISTS", message: expect.any(String), hint },
        cwd,
      );

      const [words = []] = bdCalls(hint);
      expect(await workspace.json(words, cwd)).toMatchObject({ outcome: "joined" });
      expect(metadataOf(folder)).toMatchObject({ project_id: metadataOf(workspace.dir)["project_id"] });
      await workspace.json(["create", "Joined"], cwd);
    },
  );
});

describe("bd init --from-jsonl FILE", () => {
  test("imports that file, from any folder, and makes nothing where it can't be read or has bad lines", async () => {
    const workspace = await testWorkspace({ initialised: false, login: "root" });
    const prefix = prefixOf(workspace);
    writeFileSync(join(workspace.dir, "bad.jsonl"), `${line(`${prefix}-1`)}{"id":\n`);
    writeFileSync(join(workspace.dir, "good.jsonl"), `${line(`${prefix}-1`)}${line(`${prefix}-2`)}`);
    const init = (file: string) => workspace.bd(["init", "--from-jsonl", file, "--json"]);

    const missing = await init("none.jsonl");
    expect(JSON.parse(missing.stdout)).toMatchObject({ code: "INPUT_UNREADABLE" });
    const bad = await init("bad.jsonl");
    expect(JSON.parse(bad.stdout)).toMatchObject({
      code: "INVALID_LINES",
      error:
        "1 of 2 lines of bad.jsonl can't be imported, so nothing was: line 2: it is not JSON; bd init makes the project, bd import --skip-invalid brings the others",
      hint: "bd init",
    });
    expect((await workspace.bd(["where"])).code).toBe(4);

    const good = await init("good.jsonl");
    expect(JSON.parse(good.stdout)).toMatchObject({
      outcome: "created",
      prefix,
      database: workspace.database,
      imported: 2,
    });
  });
});
