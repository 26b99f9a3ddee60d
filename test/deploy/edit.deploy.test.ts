import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { missingProgram } from "../support/nix.ts";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { BD_PATH } from "../support/run-bd.ts";

const runs = needs("shells", missingProgram("bash", "script"));
const BD = `'${process.execPath}' '${BD_PATH}'`;

/** Asks for a line, as an editor does that heeds no Ctrl-C. */
const EDITOR = `#!/bin/bash
trap 'echo heard >&2' INT
echo asks >&2
until read -r line; do :; done
echo "$line" > "$1"
`;

let server: PrivateDolt;
let home: string;

beforeAll(async () => {
  if (!runs) return;
  server = await startPrivateDolt();
  home = mkdtempSync(join(tmpdir(), "bd-home-"));
  mkdirSync(join(home, "work"));
  writeFileSync(join(home, "editor"), EDITOR, { mode: 0o755 });
});
afterAll(async () => {
  if (!runs) return;
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

/** A line of shell at a terminal; `type` gives keys to it. */
function atTerminal(line: string) {
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    TERM: "xterm",
    SHELL: "/bin/bash",
    EDITOR: join(home, "editor"),
  };
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    cwd: join(home, "work"),
    env: { ...env, BEADS_ACTOR: "ann", BEADS_DOLT_SERVER_PORT: String(server.port) },
  });
  let shown = "";
  child.stdout.on("data", (bytes: Buffer) => {
    shown += bytes.toString("utf8").replaceAll("\r", "");
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  return { shown: () => shown, type: (keys: string) => child.stdin.write(keys), ended };
}

test("an editor has the terminal: Ctrl-C is its own, and standard output is left to the result", {
  timeout: 60_000,
}, async () => {
  const made = atTerminal(`${BD} init --prefix bd -q && ${BD} create Login --id bd-1 -q`);
  expect(await made.ended).toBe(0);

  const editing = atTerminal(`${BD} edit bd-1 --json > result.json && ${BD} show bd-1 --json > shown.json`);
  await expect.poll(editing.shown, { timeout: 20_000 }).toContain("asks");
  editing.type("\u0003");
  await expect.poll(editing.shown, { timeout: 20_000 }).toContain("heard");
  editing.type("typed by hand\n");

  expect({ code: await editing.ended, shown: editing.shown() }).toMatchObject({ code: 0 });
  const cat = atTerminal("cat result.json shown.json");
  await cat.ended;
  expect(cat.shown().match(/"description": "typed by hand"/g)).toHaveLength(2);
});
