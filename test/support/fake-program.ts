import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes an executable shell script, with the folders above it. */
export function fakeProgram(path: string, script: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/** A program that says it is dolt of that version. */
export function fakeDolt(path: string, version: string): string {
  return fakeProgram(path, `echo "dolt version ${version}"`);
}
