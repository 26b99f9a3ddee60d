import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { CommandDefinition } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { WORDS_OPERATION } from "../../src/cli/completion/run-complete.ts";
import { readLine } from "../../src/cli/line/read-line.ts";
import { findOperation, OPERATIONS } from "../../src/ops/index.ts";
import { lineOf } from "../support/command-lines.ts";
import { bdCalls, parseBdLine, SILENT } from "../support/parse-bd-line.ts";
import { expectRefused, stateOf } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "bd" });
  const ids = ["bd-a1", "bd-b2", "bd-9", "bd-a1b2", "bd-c3d4"];
  const lines = ids.map((id) => JSON.stringify({ id, title: `Login ${id}`, labels: ["auth"] }));
  await workspace.json(["import", "-"], { stdin: `${lines.join("\n")}\n` });
});
afterAll(() => workspace.remove());

const EVERY_COMMAND = COMMANDS.map((entry) => [entry.words.join(" "), entry] as const);

describe.each(EVERY_COMMAND)("bd %s", (name, entry) => {
  test("shows its help, under every name", async () => {
    const names = [name, ...(entry.aliases ?? []).map((alias) => [...entry.words.slice(0, -1), alias].join(" "))];
    for (const called of names) {
      const { code, stdout, stderr } = await workspace.bd([...called.split(" "), "--help"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(`Usage: bd ${name}`);
      expect(stdout).toContain(entry.summary);
      expect(stdout).toContain("--json");
    }
  });

  test("refuses an unknown flag with JSON and a hint", async () => {
    await expectRefused(workspace, [...name.split(" "), "--no-such-flag"], {
      exit: 2,
      code: "BAD_USAGE",
      message: "unknown option '--no-such-flag'",
      hint: `bd ${name} --help`,
    });
  });

  test("names operations that exist, load, and say what access they need", async () => {
    const { handlers } = await entry.load();
    expect(handlers.length).toBeGreaterThan(0);
    for (const { operation: called } of handlers) {
      const listed = findOperation(called);
      const operation = await listed?.load();
      expect(operation).toMatchObject({ name: called, access: listed?.access });
    }
  });

  test("has examples that parse", async () => {
    const { examples } = await entry.load();
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) await parseBdLine(line);
  });
});

test("help is there for the program and for groups of commands, in every spelling", async () => {
  const root = await workspace.bd(["--help"]);
  for (const [name] of EVERY_COMMAND) expect(root.stdout).toContain(`  ${name}`);
  for (const line of [["help"], ["-h"], []]) expect(await workspace.bd(line)).toEqual({ ...root, code: 0, stderr: "" });
  const group = await workspace.bd(["label", "--help"]);
  expect(group).toMatchObject({ code: 0, stdout: expect.stringContaining("label add") });
  expect(await workspace.bd(["help", "label"])).toEqual(group);
  expect(await workspace.bd(["help", "list"])).toEqual(await workspace.bd(["list", "--help"]));
});

test("every operation is reached by some command, or by completion", async () => {
  const definitions = await Promise.all(COMMANDS.map((entry) => entry.load()));
  const called = new Set(definitions.flatMap(({ handlers }) => handlers.map(({ operation }) => operation)));
  called.add(WORDS_OPERATION);
  expect(OPERATIONS.filter(({ name }) => !called.has(name))).toEqual([]);
});

describe("--readonly", () => {
  const lines = [...EVERY_COMMAND.map(([name]) => lineOf(name)), ["ready", "--claim"]];

  test("refuses whatever could change something, before it looks at anything", async () => {
    const refused: string[] = [];
    for (const line of lines) {
      if (!(await mayChange(line))) continue;
      refused.push(line.join(" "));
      await expectRefused(workspace, [...line, "--readonly"], {
        exit: 1,
        code: "READ_ONLY",
        message: expect.stringMatching(/^operation '[\w.-]+' is not allowed in read-only mode$/),
      });
    }
    expect(refused).toEqual(expect.arrayContaining(["create X", "init", "migrate", "server stop", "ready --claim"]));
  });

  test("lets pass what only reads, and nothing changes", async () => {
    const before = await stateOf(workspace);
    for (const line of lines) {
      if ((await accessOf(line)) !== "read") continue;
      const { code, stderr } = await workspace.bd([...line, "--readonly", "-q"]);
      expect({ line: line.join(" "), code, stderr }).toEqual({ line: line.join(" "), code: 0, stderr: "" });
    }
    expect(await stateOf(workspace)).toEqual(before);
  });
});

async function mayChange(line: readonly string[]): Promise<boolean> {
  const access = await accessOf(line);
  if (access === "none" || access === "read") return false;
  const read = await readLine(line, SILENT);
  const name = read.kind === "command" ? operationFor(read.definition, line) : undefined;
  return (await findOperation(name ?? "")?.load())?.changesNothing !== true;
}

async function accessOf(line: readonly string[]): Promise<string | undefined> {
  const read = await readLine(line, SILENT);
  return read.kind === "command" ? findOperation(operationFor(read.definition, line) ?? "")?.access : undefined;
}

/** Only `ready --claim` has a flag that decides here. */
function operationFor(definition: CommandDefinition, line: readonly string[]): string | undefined {
  const flags = { claim: line.includes("--claim") };
  return definition.handlers.find(({ when }) => when === undefined || when(flags, line))?.operation;
}

describe("examples that only read", () => {
  test("run as they stand", async () => {
    const definitions = await Promise.all(COMMANDS.map((entry) => entry.load()));
    const lines = definitions.flatMap(({ examples }) => examples.map(([line]) => line));
    const run: string[] = [];
    for (const line of lines.filter((example) => !/[|>]/.test(example) && !/ -o /.test(example))) {
      const [argv = []] = bdCalls(line);
      // A watch goes on; its own tests wait for what it waits for.
      if ((await accessOf(argv)) !== "read" || argv[0] === "watch") continue;
      run.push(line);
      const { code, stderr } = await workspace.bd([...argv, "-q"]);
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: "" });
    }
    expect(run.length).toBeGreaterThan(25);
  });
});

test("no command prints the password, not even with -v or when it is refused", async () => {
  const password = "canary-5a1e";
  const root = await createConnection({ host: "127.0.0.1", port: workspace.port, user: "root" });
  onTestFinished(async () => {
    await root.query("DROP USER IF EXISTS keeper@'%'");
    await root.end();
  });
  await root.query(`CREATE USER keeper@'%' IDENTIFIED BY '${password}'`);
  await root.query("GRANT ALL ON *.* TO keeper@'%'");
  const own = { BEADS_DOLT_SERVER_USER: "keeper", BEADS_DOLT_PASSWORD: password };
  for (const [name] of EVERY_COMMAND) {
    if (["server start", "server stop", "server install", "dolt set"].includes(name)) continue;
    const line = [...lineOf(name), "-v"];
    for (const env of [own, { ...own, BEADS_DOLT_SERVER_USER: "root" }]) {
      const { stdout, stderr } = await workspace.bd(line, { env });
      expect({ name, text: stdout + stderr }).toEqual({ name, text: expect.not.stringContaining(password) });
    }
  }
  const explained = await workspace.bd(["config", "explain", "dolt.password"], { env: own });
  expect(explained.stdout).toContain("BEADS_DOLT_PASSWORD");
});
