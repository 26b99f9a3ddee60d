import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, symlinkSync, truncateSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readStream, readTextFile } from "../../src/host/read-file.ts";
import { bdErrorOf, temporaryFolder } from "../config/temporary-folder.ts";

describe("readTextFile", () => {
  test("reads a file through a link, without a byte order mark, and knows when there is none", () => {
    const folder = temporaryFolder({ "a.txt": "\uFEFFtext", "empty.txt": "" });
    symlinkSync("a.txt", join(folder, "link"));
    symlinkSync("gone", join(folder, "broken"));

    expect(readTextFile(join(folder, "link"))).toBe("text");
    expect(readTextFile(join(folder, "empty.txt"))).toBe("");
    expect(readTextFile(join(folder, "broken"))).toBeUndefined();
    expect(readTextFile(join(folder, "a.txt/below"))).toBeUndefined();
  });

  test("takes nothing for a file that is none, and waits for nobody", async () => {
    const folder = temporaryFolder({ "folder/": "" });
    const server = createServer().listen(join(folder, "socket"));
    onTestFinished(() => void server.close());
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("/dev/zero", join(folder, "zero"));
    const codeOf = async (name: string) => (await bdErrorOf(() => readTextFile(join(folder, name)))).code;

    expect(await codeOf("folder")).toBe("FILE_UNREADABLE");
    expect(await codeOf("pipe")).toBe("FILE_NOT_REGULAR");
    expect(await codeOf("zero")).toBe("FILE_NOT_REGULAR");
    expect(await codeOf("socket")).toBe("FILE_NOT_REGULAR");
  });

  test("stops at a limit, whatever size the file has", async () => {
    const folder = temporaryFolder({ "full.txt": "x".repeat(10), "hollow.txt": "" });
    truncateSync(join(folder, "hollow.txt"), 1e12);

    expect(readTextFile(join(folder, "full.txt"), { maxBytes: 10 })).toHaveLength(10);
    expect((await bdErrorOf(() => readTextFile(join(folder, "full.txt"), { maxBytes: 9 }))).code).toBe(
      "FILE_TOO_LARGE",
    );
    expect(await bdErrorOf(() => readTextFile(join(folder, "hollow.txt")))).toMatchObject({
      kind: "config",
      code: "FILE_TOO_LARGE",
      details: { path: join(folder, "hollow.txt"), limit: 131_072 },
    });
  });

  test("reads only what the right people own", async () => {
    const folder = temporaryFolder({ "a.txt": "text" });
    const path = join(folder, "a.txt");
    if (process.geteuid?.() === 0) chownSync(path, 4242, 4242);
    const owner = process.geteuid?.() === 0 ? 4242 : (process.geteuid?.() ?? 0);

    expect(readTextFile(path, { owners: [owner] })).toBe("text");
    expect(await bdErrorOf(() => readTextFile(path, { owners: [owner + 1, 0] }))).toMatchObject({
      kind: "config",
      code: "FILE_NOT_TRUSTED",
      details: { path, owner },
    });
  });
});

test("a stream comes from a file alone, and of no more than its limit", async () => {
  const folder = temporaryFolder({ "a.txt": "text", "long.txt": "texts" });
  mkdirSync(join(folder, "folder"));
  symlinkSync("/dev/zero", join(folder, "zero"));
  const textOf = async (name: string) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readStream(join(folder, name), { maxBytes: 4 })) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  };

  expect(await textOf("a.txt")).toBe("text");
  expect((await bdErrorOf(() => textOf("long.txt"))).code).toBe("FILE_TOO_LARGE");
  expect((await bdErrorOf(() => textOf("zero"))).code).toBe("FILE_NOT_REGULAR");
  expect((await bdErrorOf(() => textOf("folder"))).code).toBe("FILE_UNREADABLE");
  expect((await bdErrorOf(() => textOf("gone"))).code).toBe("FILE_UNREADABLE");
});
