import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { fakeProgram } from "../support/fake-program.ts";
import { connectForeign } from "../support/foreign-programs.ts";
import { freePort } from "../support/private-dolt.ts";
import { stateOf } from "../support/refused.ts";
import { BD_PATH } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

// Enough to fill a pipe many times over.
beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "str" });
  const lines = Array.from({ length: 2000 }, (_, index) =>
    JSON.stringify({ id: `str-${index}`, title: `Issue ${index}`, description: "x".repeat(500) }),
  );
  await workspace.json(["import", "-"], { stdin: `${lines.join("\n")}\n` });
});
afterAll(() => workspace.remove());

/** Runs `bd` with one of its output streams going to a reader that leaves after the first bytes, or at once. */
async function runWithReaderGone(
  args: readonly string[],
  stream: "stdout" | "stderr",
  options: { readonly env?: Readonly<Record<string, string>>; readonly reads?: boolean } = {},
): Promise<{ code: unknown; other: string }> {
  const child = spawn(process.execPath, [BD_PATH, ...args], {
    cwd: workspace.dir,
    env: { ...workspace.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (options.reads === true) child[stream].once("data", () => child[stream].destroy());
  else child[stream].destroy();
  const other: Buffer[] = [];
  child[stream === "stdout" ? "stderr" : "stdout"].on("data", (chunk: Buffer) => other.push(chunk));
  const [code]: unknown[] = await once(child, "close");
  return { code, other: Buffer.concat(other).toString("utf8") };
}

describe("a reader that closes standard output early", () => {
  test.each([
    [["list", "--limit", "0"]],
    [["list", "--limit", "0", "--json"]],
    [["list", "--limit", "0", "--flat"]],
    [["ready", "--limit", "0"]],
    [["export"]],
    [["search", "Issue", "--limit", "0"]],
  ])("has what it wanted: bd %s exits 0 without a word", async (args) => {
    expect(await runWithReaderGone(args, "stdout", { reads: true })).toEqual({ code: 0, other: "" });
    expect(await runWithReaderGone(args, "stdout")).toEqual({ code: 0, other: "" });
  });

  test("does not take back a write", async () => {
    const args = ["create", "Unread", "--id", "str-unread", "--json"];
    expect(await runWithReaderGone(args, "stdout")).toEqual({ code: 0, other: "" });
    expect(await workspace.json(["show", "str-unread"])).toMatchObject([{ title: "Unread" }]);
  });

  test("does not turn a failure into a success", async () => {
    expect(await runWithReaderGone(["show", "str-none", "--json"], "stdout")).toEqual({ code: 3, other: "" });
  });
});

test("a reader that closes standard error early does not end a write", async () => {
  const args = ["create", "Unheard", "--id", "str-unheard", "--no-such-flag"];
  expect(await runWithReaderGone(args, "stderr")).toEqual({ code: 2, other: "" });
  const foreign = await lockHolder();
  // The note about the wait is written into the closed pipe, and the command goes on waiting.
  const writing = runWithReaderGone(["create", "Unheard", "--id", "str-unheard", "--silent"], "stderr");
  await lockWaiter();
  await expect.poll(() => standsInLine(), { timeout: 20_000 }).toBe(true);
  await foreign.end();
  expect(await writing).toEqual({ code: 0, other: "str-unheard\n" });
  expect(await workspace.json(["show", "str-unheard"])).toMatchObject([{ title: "Unheard" }]);
});

describe("standard output on a full disk", () => {
  const lost = "Error: can't write to standard output: no space left on device\n";

  /** Runs `bd` with its output going to a device that takes nothing. */
  async function runOnFullDisk(args: readonly string[]): Promise<{ code: unknown; stderr: string }> {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [BD_PATH, ...args], {
      cwd: workspace.dir,
      env: workspace.env,
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    const stderr: Buffer[] = [];
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    const [code]: unknown[] = await once(child, "close");
    return { code, stderr: Buffer.concat(stderr).toString("utf8") };
  }

  test.each([["version"], ["list -q"], ["list --json -q"], ["export"], ["--help"]])(
    "is told in one line, and by a code of its own: bd %s",
    async (line) => {
      expect(await runOnFullDisk(line.split(" "))).toEqual({ code: 74, stderr: lost });
    },
  );

  test("does not take back a write", async () => {
    const args = ["create", "Unprinted", "--id", "str-unprinted"];
    expect(await runOnFullDisk(args)).toEqual({ code: 74, stderr: lost });
    expect(await workspace.json(["show", "str-unprinted"])).toMatchObject([{ title: "Unprinted" }]);
  });

  test.each([
    [["show", "str-none", "--json"], 3],
    [["nonsense", "--json"], 2],
  ])("leaves a failure its own code: bd %s", async (args, code) => {
    expect(await runOnFullDisk(args)).toEqual({ code, stderr: lost });
  });
});

/** A connection that holds the write lock. It may have to wait for what the server has left of an earlier command. */
async function lockHolder(): Promise<Connection> {
  const foreign = await connectForeign(workspace);
  const [rows] = await foreign.query("SELECT GET_LOCK(?, 20) AS held", [`${workspace.database}:write`]);
  expect(rows).toEqual([{ held: 1 }]);
  return foreign;
}

/** Whether a command waits for the lock so long that it said so and stands in line. */
async function standsInLine(): Promise<boolean> {
  const [row] = await workspace.sql("SELECT IS_FREE_LOCK(?) AS free", [`${workspace.database}:write:front`]);
  return row?.["free"] === 0;
}

async function lockWaiter(): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          await workspace.sql(
            "SELECT ID FROM information_schema.processlist WHERE INFO LIKE '%GET_LOCK%' AND INFO NOT LIKE '%processlist%'",
          )
        ).length,
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0);
}

describe("Ctrl-C", () => {
  const interrupted = "interrupted; nothing was written";

  test.each([
    [
      "in text",
      ["create", "Never"],
      { stdout: "", stderr: /^(?:waiting .*\n)?Error: interrupted; nothing was written\n$/ },
    ],
    ["in JSON", ["close", "str-1", "--json", "-q"], { stdout: `"error": "${interrupted}"`, stderr: /^$/ }],
  ])(
    "while a write waits for the lock exits 130 and leaves everything as it was, %s",
    async (_title, args, printed) => {
      const before = await stateOf(workspace);
      const foreign = await lockHolder();
      onTestFinished(() => foreign.end());
      const { child, done } = workspace.spawn(args);
      await lockWaiter();
      child.kill("SIGINT");
      const { code, stdout, stderr } = await done;
      expect(code).toBe(130);
      expect(stdout).toContain(printed.stdout);
      expect(stderr).toMatch(printed.stderr);
      expect(await stateOf(workspace)).toEqual(before);
    },
  );

  test("while a command waits for a server exits 130 at once", async () => {
    const env = { BEADS_DOLT_SERVER_PORT: String(await freePort()) };
    const { child, done } = workspace.spawn(["create", "Never"], { env });
    await once(child.stderr, "data");
    child.kill("SIGINT");
    expect(await done).toMatchObject({
      code: 130,
      stdout: "",
      stderr: expect.stringMatching(/interrupted; nothing was written\n$/),
    });
  });

  test.each([[["import", "-"]], [["create", "X", "--stdin"]], [["comment", "str-1", "--stdin"]]])(
    "while standard input is awaited exits 130: bd %s",
    async (args) => {
      const before = await stateOf(workspace);
      const child = spawn(process.execPath, [BD_PATH, ...args], {
        cwd: workspace.dir,
        env: workspace.env,
        stdio: ["pipe", "pipe", "pipe"],
      });
      const stderr: Buffer[] = [];
      child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
      // More than the pipe holds: when all is gone, the command has read it and waits for more.
      child.stdin.write("x".repeat(8_000_000));
      await expect.poll(() => child.stdin.writableLength, { timeout: 20_000 }).toBe(0);
      child.kill("SIGINT");
      expect(await once(child, "close")).toEqual([130, null]);
      expect(Buffer.concat(stderr).toString("utf8")).toBe(`Error: ${interrupted}\n`);
      expect(await stateOf(workspace)).toEqual(before);
    },
  );

  test("while git is asked for a name exits 130", async () => {
    const before = await stateOf(workspace);
    const programs = join(workspace.home, "slow-git");
    const trace = join(programs, "asked");
    fakeProgram(join(programs, "git"), `touch ${trace}; exec sleep 20`);
    const { child, done } = workspace.spawn(["create", "Never"], {
      env: { PATH: `${programs}${delimiter}${workspace.env["PATH"]}`, BEADS_ACTOR: "", GIT_AUTHOR_EMAIL: "" },
    });
    await expect.poll(() => existsSync(trace), { timeout: 20_000 }).toBe(true);
    child.kill("SIGINT");
    expect(await done).toEqual({ code: 130, stdout: "", stderr: "Error: Interrupted while git was running\n" });
    expect(await stateOf(workspace)).toEqual(before);
  });
});
