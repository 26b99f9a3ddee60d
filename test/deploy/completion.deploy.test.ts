import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { missingProgram } from "../support/nix.ts";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { BD_PATH } from "../support/run-bd.ts";

const runs = needs("shells", missingProgram("bash", "zsh", "fish"));

/** What a shell would run that takes a title for a part of its line; `%s` is the file that tells of it. */
const TITLES = [
  "$(touch %s)",
  "`touch %s`",
  "'; touch %s; '",
  '"; touch %s; "',
  "| touch %s",
  "(touch %s)",
  "%F{red} ~ * ? !!",
];

/** How each shell is asked what it would offer behind a line. */
const ASKS: Readonly<Record<string, (line: string) => readonly string[]>> = {
  bash: (line) => [
    "--norc",
    "-c",
    `source <(bd completion bash); COMP_WORDS=(${line.replace(/ $/, " ''")}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMP_TYPE=63
     _bd_complete; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  // What zsh does with a list is its own; here it prints it.
  zsh: (line) => [
    "-f",
    "-c",
    `compdef() {}; compadd() { print -rl -- $shown }; source <(bd completion zsh)
     words=(${line.replace(/ $/, " ''")}); CURRENT=$#words; _bd`,
  ],
  fish: (line) => ["--no-config", "-c", `bd completion fish | source; complete -C '${line}'`],
};

let server: PrivateDolt;
let person: { readonly folder: string; readonly env: Readonly<Record<string, string>> };
let canary: string;

beforeAll(async () => {
  if (!runs) return;
  server = await startPrivateDolt();
  const home = mkdtempSync(join(tmpdir(), "bd-home-"));
  canary = join(home, "canary");
  const [bin, folder] = [join(home, "bin"), join(home, "work")];
  for (const made of [bin, folder]) mkdirSync(made);
  writeFileSync(join(bin, "bd"), `#!/bin/sh\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`);
  chmodSync(join(bin, "bd"), 0o755);
  const env = { HOME: home, PATH: `${bin}:${process.env["PATH"]}`, BEADS_DOLT_SERVER_PORT: String(server.port) };
  person = { folder, env: { ...env, BEADS_ACTOR: "ann", TERM: "dumb" } };
  const issues = TITLES.map((title, index) => ({ id: `bd-t${index}`, title: title.replaceAll("%s", canary) }));
  writeFileSync(join(folder, "issues.jsonl"), issues.map((issue) => JSON.stringify(issue)).join("\n"));
  await run("sh", ["-c", "bd init --prefix bd -q && bd import issues.jsonl -q"]);
});
afterAll(async () => {
  if (!runs) return;
  await server.stop();
  rmSync(person.env["HOME"] ?? "", { recursive: true, force: true });
});

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: person.folder, env: person.env }, (error, stdout, stderr) => {
      if (error === null && stderr === "") resolve(stdout);
      else reject(new Error(`${program}: ${stderr}`, { cause: error }));
    });
  });
}

describe.runIf(runs).each(Object.entries(ASKS))("%s", (shell, ask) => {
  const offered = (line: string) => run(shell, ask(line));

  test("offers commands, flags and what they may say", async () => {
    expect(await offered("bd epi")).toContain("epic");
    expect(await offered("bd stale --da")).toContain("--days");
    expect(await offered("bd update bd-t0 --status in")).toContain("in_progress");
  });

  test("offers issues with their titles, and runs nothing of them", async () => {
    const text = await offered("bd show bd-");
    for (const index of TITLES.keys()) expect(text).toContain(`bd-t${index}`);
    expect(text).toContain(TITLES[0]?.replaceAll("%s", canary));
    expect(await offered("bd show bd-t6")).toContain("bd-t6");
    expect(existsSync(canary)).toBe(false);
  });

  test("offers everything where nothing is typed yet", async () => {
    expect(await offered("bd close ")).toContain("bd-t0");
  });
});
