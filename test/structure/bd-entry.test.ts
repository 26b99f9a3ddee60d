import { execFileSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bd-entry-"));
  await copyFile(join(root, "scripts/bd-entry.cjs"), join(folder, "bd.cjs"));
  await writeFile(join(folder, "thin.cjs"), 'process.stdout.write("main ran");');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the entry under a Node that claims to be `version`. */
function runAs(version: string): { status: number | undefined; stdout: string; stderr: string } {
  const claim = `Object.defineProperty(process, "versions", { value: { node: "${version}" } });
    Object.defineProperty(process, "version", { value: "v${version}" });
    process.on("exit", () => process.stderr.write("\\nexit " + (process.exitCode ?? 0)));
    require(${JSON.stringify(join(folder, "bd.cjs"))});`;
  const script = `const r = require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(claim)}], { encoding: "utf8", env: { HOME: ${JSON.stringify(folder)} } });
    process.stdout.write(JSON.stringify({ status: r.status, stdout: r.stdout, stderr: r.stderr }));`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }));
}

test.each(["22.12.0", "24.0.0", "100.1.0"])("Node %s runs the program", (version) => {
  const result = runAs(version);

  expect(result.stdout).toBe("main ran");
  expect(result.status).toBe(0);
});

test.each(["8.17.0", "20.20.2", "22.11.0"])("Node %s gets one clear sentence, a hint and exit code 4", (version) => {
  const result = runAs(version);

  expect(result.status).toBe(4);
  expect(result.stdout).toBe("");
  expect(result.stderr).toContain(`Error: bd needs Node.js 22.12 or newer, and this is v${version} (`);
  expect(result.stderr).toContain("Hint: install one from https://nodejs.org/");
});

test("the entry asks for the version that package.json promises", async () => {
  const packageJson = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const entry = await readFile(join(root, "scripts/bd-entry.cjs"), "utf8");

  expect(packageJson.engines.node).toBe(">=22.12");
  expect(entry).toContain("var MINIMUM = [22, 12];");
});
