// `npm test`: every suite but the storms, on a real dolt and the built program where they need it. Arguments go to vitest.
// The last line is `N passed, N failed, N skipped`, over all suites.
import { join } from "node:path";
import { parseCLI, startVitest } from "vitest/node";
import { countTests, type TestCounts } from "./test-counts.ts";

const root = join(import.meta.dirname, "..");

async function runTests(args: readonly string[]): Promise<TestCounts> {
  const { filter, options } = parseCLI(["vitest", "run", ...args]);
  const project = options.project ?? "!storm";
  const vitest = await startVitest("test", filter, { root, ...options, project, watch: false });
  const counts = countTests(vitest);
  await vitest.close();
  // What failed before any file ran, such as the global setup, leaves nothing to count but the exit code.
  if (process.exitCode !== undefined && process.exitCode !== 0) counts.failed ||= 1;
  // With a name pattern nearly everything is left out, and the reason is known.
  if (options.testNamePattern === undefined) for (const skip of counts.skips) console.log(`skipped: ${skip}`);
  return counts;
}

let counts: TestCounts;
try {
  counts = await runTests(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  counts = { passed: 0, failed: 1, skipped: 0, skips: [] };
}
if (counts.failed > 0 || counts.passed + counts.skipped === 0) process.exitCode = 1;
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
