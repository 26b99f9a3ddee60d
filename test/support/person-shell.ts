import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BD_PATH } from "./run-bd.ts";
import type { TestWorkspace } from "./workspace.ts";

/** Somebody who follows a document: their name, and the folder that they stand in. */
export interface Person {
  readonly name: string;
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a line as a shell does, with the built `bd` on PATH; gives what both streams say, in order. */
export function inShell({ home, env, port }: TestWorkspace, person: Person, line: string): Promise<string> {
  const bin = join(home, "bin");
  for (const needed of [bin, person.folder]) mkdirSync(needed, { recursive: true });
  writeFileSync(join(bin, "bd"), `#!/bin/sh\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`);
  chmodSync(join(bin, "bd"), 0o755);
  const own = { BEADS_ACTOR: person.name, PATH: `${bin}:${env["PATH"]}`, ...person.env };
  return new Promise((resolve) => {
    execFile("sh", ["-c", `{ ${line}\n} 2>&1`], { cwd: person.folder, env: { ...env, ...own } }, (_error, stdout) =>
      resolve(stdout.trimEnd().replaceAll(`127.0.0.1:${port}`, "127.0.0.1:3307")),
    );
  });
}

/** A transcript without days and times, on which it does not depend. */
export function timeless(output: string): string {
  return output.replaceAll(/\d{4}-\d{2}-\d{2}(T[\d:]{8}Z)?( \d{2}:\d{2})?/g, (_all, time) => (time ? "TIME" : "DAY"));
}
