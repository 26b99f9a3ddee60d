import { runTool } from "../../host/child-process.ts";
import type { ServerEnvironment } from "../server-environment.ts";

/** The oldest Dolt we work with, and the one we obtain. */
export const MINIMUM_DOLT_VERSION = "1.83.2";

// `dolt version` asks the network for a newer release before it ends.
const VERSION_TIMEOUT_MS = 30_000;

/** Reads `1.83.2` from the output of `dolt version`; undefined when that is no Dolt's. */
export function parseDoltVersion(output: string): string | undefined {
  return /^dolt version (\d+\.\d+\.\d+)/mu.exec(output)?.[1];
}

/** Compares two versions `A.B.C` by number: negative, 0 or positive. */
export function compareVersions(left: string, right: string): number {
  const rightParts = right.split(".").map(Number);
  for (const [index, part] of left.split(".").map(Number).entries()) {
    const difference = part - (rightParts[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isSupportedDolt(version: string): boolean {
  return compareVersions(version, MINIMUM_DOLT_VERSION) >= 0;
}

export type DoltCheck =
  | { readonly kind: "supported"; readonly version: string }
  | { readonly kind: "too-old"; readonly version: string }
  /** `why` completes the sentence "PATH …". */
  | { readonly kind: "unusable"; readonly why: string };

/** Runs `PATH version` and judges the answer. */
export async function checkDolt(environment: ServerEnvironment, path: string): Promise<DoltCheck> {
  const result = await runTool(environment, { path, args: ["version"], timeoutMs: VERSION_TIMEOUT_MS });
  if (result.kind === "unrunnable") {
    if (result.reason === "ENOENT") return { kind: "unusable", why: "is not there" };
    return { kind: "unusable", why: `does not run (${result.reason})` };
  }
  const version = parseDoltVersion(result.stdout);
  if (version === undefined) return { kind: "unusable", why: "does not answer `dolt version` as Dolt does" };
  return { kind: isSupportedDolt(version) ? "supported" : "too-old", version };
}
