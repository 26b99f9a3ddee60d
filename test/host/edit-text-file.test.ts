import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { setYamlSetting } from "../../src/config/yaml/yaml-edit.ts";
import { readYamlSettings } from "../../src/config/yaml/yaml-settings.ts";
import { editTextFile } from "../../src/host/edit-text-file.ts";
import { bdErrorOf, temporaryFolder } from "../config/temporary-folder.ts";

test("edits at the same time are all there afterwards, and no lock is left", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "config.yaml");
  const keys = ["export.a", "export.b", "sync.c", "sync.d", "sync.e", "git.f", "git.g", "git.h"];

  await Promise.all(keys.map((key) => setYamlSetting(path, key, "yes")));

  expect([...((await readYamlSettings(path))?.entries.keys() ?? [])].toSorted()).toEqual(keys.toSorted());
  expect(readdirSync(folder)).toEqual(["config.yaml"]);
});

test("two names of one file share the lock", async () => {
  const folder = temporaryFolder({ "real.txt": "0" });
  const link = join(folder, "link.txt");
  symlinkSync("real.txt", link);
  const next = async (text = "") => Promise.resolve(String(Number(text) + 1));

  await Promise.all([link, join(folder, "real.txt"), link].map((path) => editTextFile(path, next)));

  expect(readFileSync(join(folder, "real.txt"), "utf8")).toBe("3");
});

test("a change that fails writes nothing, and gives the lock back", async () => {
  const folder = temporaryFolder({ "a.txt": "old" });
  const path = join(folder, "a.txt");

  await expect(editTextFile(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");

  expect(await editTextFile(path, (text) => `${text}er`)).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("older");
  expect(readdirSync(folder)).toEqual(["a.txt"]);
});

test("the lock of a process that died is taken away by one of those who wait", async () => {
  const folder = temporaryFolder({ "n.txt": "0", "n.txt.lock": "left by somebody" });
  const path = join(folder, "n.txt");
  const next = (text = "") => String(Number(text) + 1);

  await Promise.all([1, 2, 3].map(() => editTextFile(path, next, { abandonedMs: 40 })));

  expect(readFileSync(path, "utf8")).toBe("3");
  expect(readdirSync(folder)).toEqual(["n.txt"]);
});

test("an edit that lost its lock on the way starts again from what is there", async () => {
  const path = join(temporaryFolder({ "n.txt": "1" }), "n.txt");
  let runs = 0;

  await editTextFile(
    path,
    (text = "") => {
      runs += 1;
      if (runs === 1) {
        writeFileSync(`${path}.lock`, "somebody else");
        writeFileSync(path, "10");
      }
      return String(Number(text) + 1);
    },
    { abandonedMs: 20 },
  );

  expect({ runs, text: readFileSync(path, "utf8") }).toEqual({ runs: 2, text: "11" });
});

test("Ctrl-C ends the wait for a lock, and nothing is written", async () => {
  const folder = temporaryFolder({ "n.txt": "0", "n.txt.lock": "held by somebody" });
  const path = join(folder, "n.txt");
  const signal = AbortSignal.timeout(50);

  const error = await bdErrorOf(() => editTextFile(path, () => "1", { signal }));

  expect({ kind: error.kind, code: error.code }).toEqual({ kind: "interrupted", code: "INTERRUPTED" });
  expect(readFileSync(path, "utf8")).toBe("0");
  expect(readFileSync(join(folder, "n.txt.lock"), "utf8")).toBe("held by somebody");
});

test("a lock that is a link to nothing is taken away like one that was left, and makes nothing there", async () => {
  const folder = temporaryFolder({ "project/n.txt": "0", "outside/": "" });
  const path = join(folder, "project/n.txt");
  symlinkSync("../outside/new", `${path}.lock`);

  await editTextFile(path, () => "1", { abandonedMs: 40, within: join(folder, "project") });

  expect(readFileSync(path, "utf8")).toBe("1");
  expect(readdirSync(join(folder, "outside"))).toEqual([]);
  expect(readdirSync(join(folder, "project"))).toEqual(["n.txt"]);
});

test("a lock that is no file is refused at once, and stays", async () => {
  const folder = temporaryFolder({ "n.txt": "0", "n.txt.lock/mine.txt": "kept" });

  const error = await bdErrorOf(() => editTextFile(join(folder, "n.txt"), () => "1"));

  expect(error).toMatchObject({ kind: "config", code: "FILE_UNREADABLE" });
  expect(readFileSync(join(folder, "n.txt.lock/mine.txt"), "utf8")).toBe("kept");
});

test("a folder that takes no lock is said to be not writable", async () => {
  const path = join(temporaryFolder(), "missing/a.txt");

  const error = await bdErrorOf(() => editTextFile(path, () => "x"));

  expect({ kind: error.kind, code: error.code }).toEqual({ kind: "config", code: "FILE_NOT_WRITABLE" });
});
