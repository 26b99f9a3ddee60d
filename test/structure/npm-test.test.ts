import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bd-npm-test-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs `npm test` on the files of the temporary folder; returns its exit code and the lines of stdout. */
async function runOn(files: Record<string, string>, settings = ""): Promise<{ status: unknown; lines: string[] }> {
  const project = `{ test: { name: "unit", include: ["*.test.ts"], ${settings} } }`;
  await writeFile(join(folder, "vitest.config.ts"), `export default { test: { projects: [${project}] } };`);
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, name), source);
  const args = [join(root, "scripts/test.ts"), "--project", "unit", "--root", folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, "close")]);
  return { status, lines: output.trimEnd().split("\n") };
}

const imports = 'import { beforeAll, describe, expect, test } from "vitest";\n';

describe("the last line of npm test", () => {
  test("counts a good run, and each skip is explained", async () => {
    const { status, lines } = await runOn({
      "a.test.ts": `${imports} test("one", () => {}); test("two", (context) => context.skip("no engine here"));`,
      "b.test.ts": `${imports} test("three", () => {});`,
    });

    expect(lines.slice(-2)).toEqual(["skipped: a.test.ts > two: no engine here", "2 passed, 0 failed, 1 skipped"]);
    expect(status).toBe(0);
  });

  test("counts failed tests, files that do not load and hooks that throw", async () => {
    const { status, lines } = await runOn({
      "a.test.ts": `${imports} test("one", () => {}); test("bad", () => expect(1).toBe(2));`,
      "b.test.ts": 'import "./not-there.ts";',
      "c.test.ts": `${imports} describe("c", () => { beforeAll(() => { throw new Error("hook"); }); test("x", () => {}); });`,
    });

    expect(lines.at(-1)).toBe("1 passed, 3 failed, 1 skipped");
    expect(status).toBe(1);
  });

  test("is not green when the global setup fails or there is nothing to run", async () => {
    const setup = { "setup.ts": 'export default () => { throw new Error("no server"); };' };
    const passing = { "a.test.ts": `${imports} test("one", () => {});` };

    const broken = await runOn({ ...setup, ...passing }, 'globalSetup: ["./setup.ts"]');
    await rm(join(folder, "a.test.ts"));
    const empty = await runOn({});

    expect([broken.lines.at(-1), broken.status]).toEqual(["0 passed, 1 failed, 0 skipped", 1]);
    expect([empty.lines.at(-1), empty.status]).toEqual(["0 passed, 1 failed, 0 skipped", 1]);
  });
});
