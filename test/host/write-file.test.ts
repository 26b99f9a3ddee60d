import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTextFile, writeTextFile } from "../../src/host/write-file.ts";
import { bdErrorOf, temporaryFolder } from "../config/temporary-folder.ts";

describe("writeTextFile", () => {
  test("replaces a file and keeps its mode, makes a new one with that given, and leaves nothing else", () => {
    const folder = temporaryFolder({ "old.txt": "old" });
    chmodSync(join(folder, "old.txt"), 0o640);

    writeTextFile(join(folder, "old.txt"), "new");
    writeTextFile(join(folder, "sub/new.txt"), "new", { mode: 0o600, makeFolder: true });

    expect(readFileSync(join(folder, "old.txt"), "utf8")).toBe("new");
    expect(statSync(join(folder, "old.txt")).mode & 0o777).toBe(0o640);
    expect(statSync(join(folder, "sub/new.txt")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "sub")).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).toSorted()).toEqual(["old.txt", "sub"]);
  });

  test("replaces nothing that somebody has changed while the new text came to the disk", () => {
    const folder = temporaryFolder({ "file.txt": "old" });
    const path = join(folder, "file.txt");
    const onlyIf = () => {
      const [draft = ""] = readdirSync(folder).filter((name) => name !== "file.txt");
      expect(readFileSync(join(folder, draft, "file.txt"), "utf8")).toBe("new");
      writeFileSync(path, "theirs");
      return readFileSync(path, "utf8") === "old";
    };
    expect(writeTextFile(path, "new", { onlyIf })).toBe(false);
    expect(readFileSync(path, "utf8")).toBe("theirs");
    expect(readdirSync(folder)).toEqual(["file.txt"]);
  });

  test("leaves another name of the same file as it was", () => {
    const folder = temporaryFolder({ "mine.txt": "old", "project/": "" });
    linkSync(join(folder, "mine.txt"), join(folder, "project/file"));

    writeTextFile(join(folder, "project/file"), "new", { within: join(folder, "project") });

    expect(readFileSync(join(folder, "mine.txt"), "utf8")).toBe("old");
  });

  test("follows links where the path is the person's word, broken ones too", () => {
    const folder = temporaryFolder({ "dotfiles/config.yaml": "old", "home/": "" });
    symlinkSync("../dotfiles/config.yaml", join(folder, "home/config.yaml"));
    symlinkSync("../dotfiles/other.yaml", join(folder, "home/other.yaml"));

    for (const name of ["config.yaml", "other.yaml"]) writeTextFile(join(folder, "home", name), "new");

    expect(readFileSync(join(folder, "dotfiles/config.yaml"), "utf8")).toBe("new");
    expect(readFileSync(join(folder, "dotfiles/other.yaml"), "utf8")).toBe("new");
    expect(lstatSync(join(folder, "home/config.yaml")).isSymbolicLink()).toBe(true);
  });

  test.each([
    ["an absolute link", (root: string) => join(root, "outside/file")],
    ["a relative link", () => "../outside/file"],
    ["a link to nothing", () => "../outside/new"],
    ["a link by way of another", () => "hop"],
    ["a link into a folder with the same beginning", () => "../project-two/file"],
  ])("goes by %s nowhere out of the folder that it must stay in", async (_title, target) => {
    const root = temporaryFolder({ "outside/file": "canary", "project-two/file": "canary", "project/": "" });
    symlinkSync("../outside/file", join(root, "project/hop"));
    const path = join(root, "project/settings");
    symlinkSync(target(root), path);

    const error = await bdErrorOf(() => writeTextFile(path, "new", { within: join(root, "project") }));

    expect(error).toMatchObject({ kind: "config", code: "LINK_LEADS_OUT", hint: `ls -l ${path}` });
    expect(readFileSync(join(root, "outside/file"), "utf8")).toBe("canary");
    expect(readdirSync(join(root, "outside"))).toEqual(["file"]);
    expect(readdirSync(join(root, "project")).toSorted()).toEqual(["hop", "settings"]);
  });

  test("goes out by no link in the middle of the path either", async () => {
    const root = temporaryFolder({ "outside/": "", "project/": "" });
    symlinkSync("../outside", join(root, "project/sub"));

    const error = await bdErrorOf(() =>
      writeTextFile(join(root, "project/sub/file"), "new", { within: join(root, "project") }),
    );

    expect(error.code).toBe("LINK_LEADS_OUT");
    expect(readdirSync(join(root, "outside"))).toEqual([]);
  });

  test("replaces nothing that is no file", async () => {
    const folder = temporaryFolder({ "folder/": "" });
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("loop", join(folder, "loop"));
    const codeOf = async (name: string) => (await bdErrorOf(() => writeTextFile(join(folder, name), "x"))).code;

    expect(await codeOf("folder")).toBe("FILE_NOT_WRITABLE");
    expect(await codeOf("pipe")).toBe("FILE_NOT_REGULAR");
    expect(await codeOf("loop")).toBe("FILE_NOT_WRITABLE");
    expect(readdirSync(folder).toSorted()).toEqual(["folder", "loop", "pipe"]);
  });
});

test("createTextFile makes a file only where nothing has the name, be it a broken link", () => {
  const folder = temporaryFolder({ "outside/": "" });
  symlinkSync("outside/new", join(folder, "link"));
  writeFileSync(join(folder, "old"), "old");

  expect(createTextFile(join(folder, "new"), "new")).toBe(true);
  expect(createTextFile(join(folder, "old"), "new")).toBe(false);
  expect(createTextFile(join(folder, "link"), "new")).toBe(false);
  expect(readdirSync(join(folder, "outside"))).toEqual([]);
});
