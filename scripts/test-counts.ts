import type { TestModule, Vitest } from "vitest/node";

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** One line for each skipped test: what it is and why it did not run. */
  readonly skips: string[];
}

function countModule(module: TestModule, counts: TestCounts): void {
  let failedHere = 0;
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === "passed") counts.passed += 1;
    else if (result.state === "skipped") {
      counts.skipped += 1;
      const why = result.note ?? (test.options.mode === "todo" ? "to be written" : "no reason given");
      counts.skips.push(`${module.relativeModuleId} > ${test.fullName}: ${why}`);
    } else failedHere += 1; // failed, or never ran because the run was cut short
  }
  // A file that does not load, and a hook that throws, take their tests with them without a failed test to show.
  for (const suite of module.children.allSuites()) failedHere += suite.errors().length;
  failedHere += module.errors().length;
  counts.failed += module.state() === "failed" ? Math.max(failedHere, 1) : failedHere;
}

/** Counts the finished run over all projects. What went wrong outside of any test counts as failed too. */
export function countTests(vitest: Vitest): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0, skips: [] };
  for (const module of vitest.state.getTestModules()) countModule(module, counts);
  counts.failed += vitest.state.getUnhandledErrors().length;
  return counts;
}
