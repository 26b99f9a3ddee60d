import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseBdLine } from "./parse-bd-line.ts";
import type { RunOptions } from "./run-bd.ts";
import type { TestWorkspace } from "./workspace.ts";

/** How a command line is refused. */
export interface Refusal {
  readonly exit: number;
  readonly code: string;
  readonly message: unknown;
  /** Undefined where none is expected. */
  readonly hint?: string;
  readonly details?: object;
}

/**
 * Runs a command with `--json` and expects that it fails in this way: exit code, code, message, a hint that parses,
 * nothing on standard error, and every row, commit and file of the workspace as it was.
 */
export async function expectRefused(
  workspace: TestWorkspace,
  args: readonly string[],
  { exit, details, message, ...rest }: Refusal,
  run: RunOptions = {},
): Promise<void> {
  const before = await stateOf(workspace);
  const refused = await workspace.bd([...args, "--json"], run);
  expect(printedRefusal(refused.stdout), refused.stderr).toMatchObject({
    error: message,
    ...rest,
    ...(details === undefined ? {} : { details }),
    schema_version: 1,
  });
  expect({ exit: refused.code, stderr: refused.stderr }).toEqual({ exit, stderr: "" });
  if (rest.hint !== undefined) await parseBdLine(rest.hint);
  expect(await stateOf(workspace)).toEqual(before);
}

/** The one JSON value on standard output. */
function printedRefusal(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`no JSON on standard output: ${stdout}`);
  }
}

/** What no refused command may change: rows, commits, and the files of the workspace. */
export async function stateOf(workspace: TestWorkspace): Promise<unknown> {
  const rows = await workspace.sql("SELECT dolt_hashof_db() AS working, HASHOF('HEAD') AS head");
  return { ...rows[0], files: filesOf(join(workspace.dir, ".beads")) };
}

function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(entries.map(({ name }) => [name, readFileSync(join(folder, name), "utf8")]));
}
