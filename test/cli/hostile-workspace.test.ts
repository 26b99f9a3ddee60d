import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-code.ts";
import { GuardedCli } from "../support/guarded-cli.ts";
import { type HostileFile, hostileFile, plant } from "../support/hostile-files.ts";
import { listenOnLoopback } from "../support/listen-on-loopback.ts";

const SEED = Number(process.env["BEADS_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env["BEADS_FUZZ_RUNS"] ?? 150);
/** A hundred times what the slowest command takes. */
const HUNG_MS = 20_000;
const CANARY = "the person's own\n";

const cli = new GuardedCli(HUNG_MS);
const root = realpathSync(mkdtempSync(join(tmpdir(), "bd-hostile-")));
const canary = join(root, "canary");
let port: number;

beforeAll(async () => {
  const server = createServer();
  port = await listenOnLoopback(server);
  server.close();
});
afterAll(() => {
  cli.end();
  rmSync(root, { recursive: true, force: true });
});

const LINES: readonly (readonly string[])[] = [
  ["list"],
  ["show", "x-1"],
  ["show", "--current"],
  ["create", "X"],
  ["close"],
  ["update", "x-1", "-p", "1"],
  ["ready", "--claim"],
  ["where"],
  ["info"],
  ["init"],
  ["init", "--from-jsonl"],
  ["import", "--dry-run"],
  ["config", "get", "actor"],
  ["config", "explain", "dolt.port"],
  ["config", "set", "export.auto", "true"],
  ["config", "set", "dolt.port", "3307"],
  ["config", "unset", "export.auto"],
  ["dolt", "show"],
  ["dolt", "status"],
  ["dolt", "set", "user", "ann", "--update-config"],
  ["dolt", "remote", "add", "origin", "file:///nowhere"],
  ["server", "status"],
  ["version"],
  ["list", "--no-such-flag"],
];

const FILES = [
  "metadata.json",
  "config.yaml",
  "config.local.yaml",
  "redirect",
  "issues.jsonl",
  "last-touched",
  ".gitignore",
];
/** A lock that looks like somebody's is waited for. */
const LOCKS = ["metadata.json.lock", "config.yaml.lock"];

const file = hostileFile(canary);
const notAFile = file.filter(({ kind }) => kind === "folder" || kind === "pipe");
const projects: fc.Arbitrary<Record<string, HostileFile>> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...FILES), file, { minKeys: 1, maxKeys: 3 }),
    fc.dictionary(fc.constantFrom(...LOCKS), notAFile, { maxKeys: 1 }),
  )
  .map(([files, locks]) => ({ ...files, ...locks }));

let made = 0;

/** A project with these files, among good ones; the next one has another folder. */
function project(files: Record<string, HostileFile>): string {
  made += 1;
  const folder = join(root, `project-${made}`);
  mkdirSync(join(folder, ".beads"), { recursive: true });
  writeFileSync(canary, CANARY);
  const good = { "metadata.json": '{"dolt_mode":"server","dolt_database":"x"}', "config.yaml": "actor: ann\n" };
  for (const [name, text] of Object.entries(good)) {
    if (files[name] === undefined) writeFileSync(join(folder, ".beads", name), text);
  }
  for (const [name, content] of Object.entries(files)) plant(join(folder, ".beads", name), content);
  return folder;
}

test(`whatever a project's files hold, a command ends with one of our exit codes, and none says "a bug" (seed ${SEED})`, {
  timeout: 600_000,
}, async () => {
  const allowed = [0, ...Object.values(EXIT_CODES)].filter((code) => code !== EXIT_CODES.internal);
  const ends = fc.asyncProperty(projects, fc.constantFrom(...LINES), fc.boolean(), async (files, line, json) => {
    const cwd = project(files);
    try {
      const argv = json ? [...line, "--json"] : line;
      const env = {
        PATH: process.env["PATH"] ?? "",
        BEADS_DOLT_SERVER_HOST: "127.0.0.1",
        BEADS_DOLT_SERVER_PORT: String(port),
        BEADS_DOLT_RETRY_MAX: "0",
        GIT_AUTHOR_EMAIL: "ann@example.test",
      };
      const { outcome, stdout, stderr } = await cli.run({ argv, cwd, home: join(root, "home"), env, uid: undefined });

      expect(allowed, `${String(outcome)} ${stdout}${stderr}`).toContain(outcome);
      if (json && stdout !== "") expect(() => JSON.parse(stdout) as unknown).not.toThrow();
      expect(readFileSync(canary, "utf8")).toBe(CANARY);
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
  // To shrink a hanging command would take its limit many times.
  await fc.assert(ends, { numRuns: RUNS, seed: SEED, endOnFailure: true });
});
