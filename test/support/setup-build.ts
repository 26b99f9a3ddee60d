import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether the built `bd` is that of these sources. */
    isBuilt: boolean;
  }
}

/** Builds `dist/`, once a run and only where a selected test starts the built `bd`. */
export async function setup({ vitest }: TestProject): Promise<void> {
  if ("isBuilt" in vitest.getProvidedContext()) return;
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "../../scripts/build.ts")]);
  vitest.provide("isBuilt", true);
}
