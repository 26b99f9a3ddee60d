import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { inspectProcess, parseProcStat, parsePsLine } from "../../src/server/process-identity.ts";
import { testEnvironment } from "../support/server-environment.ts";

const afterName = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18";

it("reads a /proc entry whose program name holds spaces and parentheses", () => {
  expect(parseProcStat(`42 (a (b) c) S ${afterName} 67454 99`, "/bin/dolt\0sql-server\0")).toEqual({
    startedAt: "67454",
    commandLine: "/bin/dolt sql-server",
  });
});

it("counts a process that only waits to be reaped as gone", () => {
  expect(parseProcStat(`42 (dolt) Z ${afterName} 67454 99`, "")).toBeUndefined();
  expect(parsePsLine("Z    Sat Nov 21 08:44:45 2026 <defunct>\n")).toBeUndefined();
});

it("reads a line of ps", () => {
  expect(parsePsLine("Ss   Sat Nov  1 08:44:45 2026 /bin/dolt sql-server --port 1\n")).toEqual({
    startedAt: "Sat Nov 1 08:44:45 2026",
    commandLine: "/bin/dolt sql-server --port 1",
  });
});

it("finds this process, and finds it unchanged", async () => {
  const environment = testEnvironment();

  const first = await inspectProcess(environment, process.pid);
  const second = await inspectProcess(environment, process.pid);

  expect(first?.commandLine).toContain("vitest");
  expect(second).toEqual(first);
  environment.remove();
});

it.skipIf(!existsSync("/bin/ps"))("finds this process by ps where there is no /proc", async () => {
  const environment = testEnvironment({ platform: "darwin" });

  const found = await inspectProcess(environment, process.pid);

  expect(found?.commandLine).toContain("vitest");
  expect(found?.startedAt).toMatch(/^\w{3} \w{3} \d+ \d\d:\d\d:\d\d \d{4}$/u);
  environment.remove();
});

it("finds no process where none is", async () => {
  const environment = testEnvironment();

  expect(await inspectProcess(environment, 2 ** 22 + 1)).toBeUndefined();
  environment.remove();
});
