import { execFileSync } from "node:child_process";
import {
  chmodSync,
  createReadStream,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { fileSink } from "../../../src/cli/present/output-sink.ts";
import { temporaryFolder } from "../../config/temporary-folder.ts";

async function write(folder: string, path: string, content = "new\n"): Promise<void> {
  const sink = fileSink(path, folder);
  await sink.write(content);
  await sink.finish();
}

it("a new file appears when it is finished, and nothing else", async () => {
  const folder = temporaryFolder();
  const sink = fileSink("backup.jsonl", folder);
  await sink.write("a\n");
  await sink.write("b\n");
  expect(readdirSync(folder)).not.toContain("backup.jsonl");
  await sink.finish();
  expect(readFileSync(join(folder, "backup.jsonl"), "utf8")).toBe("a\nb\n");
  expect(readdirSync(folder)).toEqual(["backup.jsonl"]);
  expect(statSync(join(folder, "backup.jsonl")).mode & 0o777).toBe(0o666 & ~process.umask());
});

it("a file that is given up leaves what stood there", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "backup.jsonl"), "old\n");
  const sink = fileSink("backup.jsonl", folder);
  await sink.write("new\n");
  await sink.discard();
  expect(readFileSync(join(folder, "backup.jsonl"), "utf8")).toBe("old\n");
  expect(readdirSync(folder)).toEqual(["backup.jsonl"]);
});

it.each([0o600, 0o664])("a file keeps its mode %o", async (mode) => {
  const folder = temporaryFolder();
  const path = join(folder, "backup.jsonl");
  writeFileSync(path, "old\n");
  chmodSync(path, mode);
  await write(folder, "backup.jsonl");
  expect({ text: readFileSync(path, "utf8"), mode: statSync(path).mode & 0o777 }).toEqual({ text: "new\n", mode });
});

it("a symbolic link stays, and what it points to is replaced", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "elsewhere"));
  writeFileSync(join(folder, "elsewhere/real.jsonl"), "old\n");
  symlinkSync("elsewhere/real.jsonl", join(folder, "link.jsonl"));
  await write(folder, "link.jsonl");
  expect(lstatSync(join(folder, "link.jsonl")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, "elsewhere/real.jsonl"), "utf8")).toBe("new\n");
});

it("a symbolic link to nothing yet gets the file it points to", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "elsewhere"));
  symlinkSync("elsewhere/real.jsonl", join(folder, "link.jsonl"));
  await write(folder, "link.jsonl");
  expect(lstatSync(join(folder, "link.jsonl")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, "elsewhere/real.jsonl"), "utf8")).toBe("new\n");
});

it("a named pipe is written into, and stays one", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "pipe");
  execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
  const read = text(createReadStream(path));
  await write(folder, "pipe");
  expect(await read).toBe("new\n");
  expect(lstatSync(path).isFIFO()).toBe(true);
});

it.each([
  ["missing/backup.jsonl", "its folder does not exist"],
  [".", "it is a folder"],
  ["file/backup.jsonl", "a part of its path is no folder"],
])("%s can't be written: %s", async (path, reason) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  await expect(write(folder, path)).rejects.toMatchObject({
    kind: "usage",
    code: "OUTPUT_NOT_WRITABLE",
    message: `can't write ${path}: ${reason}`,
  });
});
