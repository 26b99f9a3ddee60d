import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test } from "vitest";
import { fencedBlocks, readDocuments } from "../support/documents.ts";

const root = join(import.meta.dirname, "../..");

/** A project that has the package, as somebody's would. */
function consumer(): string {
  if (!inject("isBuilt")) throw new Error("this test wants the built library");
  const dir = mkdtempSync(join(tmpdir(), "bd-consumer-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, "node_modules"));
  symlinkSync(root, join(dir, "node_modules/beads"));
  for (const name of ["@redis", "@types"])
    symlinkSync(join(root, "node_modules", name), join(dir, "node_modules", name));
  return dir;
}

test("the package gives one tracker and one class of errors by both of its names", async () => {
  const dir = consumer();
  writeFileSync(
    join(dir, "use.mjs"),
    `import { createTracker, Tracker, TrackerError } from "beads/tracker";
     import { createTracker as overTcp } from "beads/tracker/redis";
     await createTracker({ env: {} }).list().catch((error) => console.log(error instanceof TrackerError));
     const tracker = overTcp({ env: { REDIS_URL: "redis://127.0.0.1:1" } });
     console.log(tracker instanceof Tracker);
     await tracker.close();`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(dir, "use.mjs")]);
  expect(stdout).toBe("true\ntrue\n");
});

test("the files of docs/tracker.md are right by the types of the package", async () => {
  const dir = consumer();
  const document = readDocuments().find(({ path }) => path === "docs/tracker.md") ?? expect.fail("no such document");
  const files = fencedBlocks(document, "ts").map((lines, at) => {
    const [, path = `other-${at}.ts`] = /^\/\/ (\S+\.ts)$/.exec(lines[0] ?? "") ?? [];
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), lines.join("\n"));
    return path;
  });
  expect(files).toContain("app/api/tracker/tasks/[id]/route.ts");
  const options = [
    "--noEmit",
    "--strict",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--target",
    "es2022",
    "--types",
    "node",
  ];
  await promisify(execFile)(join(root, "node_modules/.bin/tsc"), [...options, ...files], { cwd: dir });
  writeFileSync(
    join(dir, "wrong.ts"),
    'import { createTaskRoutes } from "beads/tracker";\ncreateTaskRoutes({ tracker: 7 });\n',
  );
  await expect(
    promisify(execFile)(join(root, "node_modules/.bin/tsc"), [...options, "wrong.ts"], { cwd: dir }),
  ).rejects.toMatchObject({
    stdout: expect.stringContaining("wrong.ts(2,"),
  });
});
