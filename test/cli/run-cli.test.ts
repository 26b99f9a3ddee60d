import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { EXIT_CODES, PARTIAL_FAILURE } from "../../src/cli/exit-code.ts";
import { ACTS_ON_MACHINE } from "../support/command-lines.ts";
import { runBd } from "../support/run-bd.ts";

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "bd-any-line-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const CODES: ReadonlySet<number> = new Set([0, PARTIAL_FAILURE, ...Object.values(EXIT_CODES)]);

const words = COMMANDS.map((entry) => entry.words.join(" "))
  // They need no server for what they do.
  .filter((name) => !ACTS_ON_MACHINE.has(name))
  .flatMap((name) => name.split(" "));
const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words, "help") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "--json",
      "--json=true",
      "--json=false",
      "-q",
      "-v",
      "-C",
      "-C.",
      "-qC=.",
      "--",
      "-",
      "--help",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("-a=joe", "-p=9", "--limit=-1", "--all=maybe", "-d", "--id", "--db=x", "bd-1"),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }).filter((text) => !text.includes("\0")) },
);
const line = fc.array(word, { maxLength: 6 });
const fileText = fc.oneof(
  fc.constantFrom(
    "",
    "{}",
    "[]",
    "null",
    "{",
    '{"dolt_mode":"server"}',
    "a: [",
    "a: &x [*x]",
    "- - - -",
    "json: maybe",
    "\0",
  ),
  fc.constantFrom("[", '{"a":', "a:\n ").map((part) => part.repeat(3000)),
  fc.string({ unit: "binary" }),
);

test("whatever stands on a line and in the files, an exit code and a form come of it, and nothing is thrown", async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(line, fileText, fileText, async (args, metadata, config) => {
      const folder = join(home, String((made += 1)));
      mkdirSync(join(folder, ".beads"), { recursive: true });
      writeFileSync(join(folder, ".beads/metadata.json"), metadata);
      writeFileSync(join(folder, ".beads/config.yaml"), config);
      const env = { HOME: folder, BEADS_ACTOR: "ann", GIT_AUTHOR_EMAIL: "ann@example.test" };
      // Nobody listens there, and nobody waits.
      const away = { BEADS_DOLT_SERVER_PORT: "1", BEADS_DOLT_RETRY_MAX: "0ms" };
      const { code, stdout } = await runBd(args, { cwd: folder, env: { ...env, ...away } });
      expect(CODES).toContain(code);
      if (code !== 0 && args.at(-1) === "--json" && stdout.startsWith("{")) JSON.parse(stdout);
    }),
    { numRuns: 100 },
  );
}, 120_000);

test("an error is JSON where the line says so, though no setting can be read", async () => {
  const folder = join(home, "broken");
  mkdirSync(join(folder, ".beads"), { recursive: true });
  // A folder in the place of a file.
  mkdirSync(join(folder, ".beads/config.yaml"));
  writeFileSync(join(folder, ".beads/metadata.json"), "{".repeat(100_000));
  for (const args of [
    ["list", "--json"],
    ["--json", "list"],
    ["list", "--json=true"],
    ["nonsense", "--json"],
  ]) {
    const { code, stdout, stderr } = await runBd(args, { cwd: folder, env: { HOME: folder } });
    expect({ code: CODES.has(code) && code > 0, stderr }).toEqual({ code: true, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ error: expect.any(String), code: expect.any(String) });
  }
});
