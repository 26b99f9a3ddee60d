import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settingFiles } from "../../../src/config/settings/setting-files.ts";
import { temporaryFolder, viewIn } from "../temporary-folder.ts";

test("every file is read once, and the workspace is looked for once", async () => {
  const root = temporaryFolder({
    "work/.beads/metadata.json": '{"dolt_database":"one"}',
    "work/.beads/config.yaml": "json: true\n",
    "work/.beads/config.local.yaml": "json: true\n",
    "home/.config/bd/config.yaml": "actor: ann\n",
  });
  const files = settingFiles(viewIn(join(root, "work"), {}, join(root, "home")));
  const workspace = await files.workspace();
  const before = await files.sources({ workspace });
  for (const name of ["work/.beads/metadata.json", "work/.beads/config.yaml", "work/.beads/config.local.yaml"]) {
    writeFileSync(join(root, name), "{ broken");
  }
  writeFileSync(join(root, "home/.config/bd/config.yaml"), "{ broken");

  expect(await files.workspace()).toBe(workspace);
  expect(await files.sources({ workspace })).toEqual(before);
  expect((await files.sources({ flags: { actor: "bob" } })).person).toBe(before.person);
});

test("without a workspace the project's files are not looked at", async () => {
  const root = temporaryFolder({ "work/.beads/config.yaml": "{ broken", "work/.beads/metadata.json": "{ broken" });

  const sources = await settingFiles(viewIn(join(root, "work"), {}, join(root, "home"))).sources();

  expect(sources).toMatchObject({ person: undefined });
  expect(sources.project).toBeUndefined();
  expect(sources.metadata).toBeUndefined();
});
