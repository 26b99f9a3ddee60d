import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { ProcessView } from "../../src/config/process-view.ts";
import { BdError } from "../../src/errors.ts";

/** A folder of the running test, with the given files in it; a name that ends in `/` makes an empty folder. */
export function temporaryFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "bd-config-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(path, text);
  }
  return folder;
}

/** A process in `cwd` whose home is elsewhere and whose environment holds only what the test says. */
export function viewIn(cwd: string, env: ProcessView["env"] = {}, home = "/nonexistent/home"): ProcessView {
  return { env, cwd, home };
}

/** The BdError that the function throws, synchronously or not. */
export async function bdErrorOf(run: () => unknown): Promise<BdError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof BdError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
