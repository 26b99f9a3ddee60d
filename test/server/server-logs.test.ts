import { mkdirSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { serverLogs } from "../../src/server/server-logs.ts";
import { serverPaths } from "../../src/server/server-paths.ts";
import { all } from "../support/async-iterable.ts";
import { type TestEnvironment, testEnvironment } from "../support/server-environment.ts";

let environment: TestEnvironment;
beforeEach(() => {
  environment = testEnvironment();
});
afterEach(() => environment.remove());

async function lastOf(log: string, lines: number): Promise<readonly string[]> {
  const paths = serverPaths(environment);
  mkdirSync(paths.dataDir, { recursive: true });
  writeFileSync(paths.logFile, log);
  return all(serverLogs(environment, { lines }));
}

it.each([
  ["one\ntwo\nthree\n", 2, ["two", "three"]],
  ["one\ntwo\nthree", 2, ["two", "three"]],
  ["one\ntwo\n", 2, ["one", "two"]],
  ["one\ntwo\n", 9, ["one", "two"]],
  ["one\n\n", 1, [""]],
  ["one\n", 0, []],
  ["", 5, []],
])("of the log %j the last %i lines are shown", async (log, lines, shown) => {
  expect(await lastOf(log, lines)).toEqual(shown);
});

it("finds the last lines of a log that is larger than a block", async () => {
  const long = `${"x".repeat(99)}\n`.repeat(5000);

  expect(await lastOf(`first\n${long}last\n`, 2)).toEqual(["x".repeat(99), "last"]);
  expect(await lastOf(`first\n${long}last\n`, 5002)).toHaveLength(5002);
  expect((await lastOf(`first\n${long}last\n`, 5002))[0]).toBe("first");
});
