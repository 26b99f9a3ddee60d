import { createHash } from "node:crypto";
import type { CodeObject } from "./code-change.ts";

/** The views of schema 32, as our migrations define them and as the Go program does. Tests compare both. */
const KNOWN_VIEWS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "ready_issues",
    [
      "bd6f15e7c5c4570c089a7a0fac03b4655b2c21bcd2e1c1d76ad247a089d673b4",
      "5aa98ce1f727902a755227b42f9bccf35f23e0bf34b02ae535a18041b11c2634",
    ],
  ],
  [
    "blocked_issues",
    [
      "a9fa0303899e5f84753924b9f1ceabd472a45f57c4c7fa9a570c78823c40a81c",
      "2bc39ce9ca49421570e39238762965d24c3d155bc3b992bb4aeae733c194a70c",
    ],
  ],
]);

/** Whether an object is one that every tracker has. */
export function isKnownView({ kind, name, definition }: CodeObject): boolean {
  if (kind !== "view") return false;
  const text = definition.replaceAll(/\s+/g, " ").trim();
  return KNOWN_VIEWS.get(name)?.includes(createHash("sha256").update(text).digest("hex")) ?? false;
}

/** The migration that gives each of them its last text. */
const SETTLED_SINCE: ReadonlyMap<string, number> = new Map([
  ["ready_issues", 25],
  ["blocked_issues", 26],
]);

/** Whether a view is one whose text a migration will replace that comes after that schema, so that it says nothing. */
export function isViewToCome(name: string, schemaVersion: number): boolean {
  return schemaVersion < (SETTLED_SINCE.get(name) ?? 0);
}

export function isTrackerView(name: string): boolean {
  return KNOWN_VIEWS.has(name);
}
