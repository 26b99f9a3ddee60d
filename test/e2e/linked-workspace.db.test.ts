import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
let beads: string;
let outside: string;

/** Every file that bd, or the Go program, may keep in `.beads`; some are there, some are not. */
const FILES = [
  "metadata.json",
  "config.yaml",
  "config.local.yaml",
  "issues.jsonl",
  ".gitignore",
  "last-touched",
  "metadata.json.lock",
  "config.yaml.lock",
  "export-state.json",
  "push-state.json",
  "bd.sock",
];

/** A line for each command that could be made to write; all others run without arguments. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  watch: ["--timeout", "10ms"],
  create: ["X"],
  q: ["X"],
  update: ["link-1", "-p", "1"],
  close: ["link-2"],
  done: ["link-3"],
  reopen: ["link-2"],
  show: ["link-1"],
  comment: ["link-1", "Hello"],
  comments: ["link-1"],
  "comments add": ["link-1", "Hello"],
  "label add": ["link-1", "urgent"],
  "label remove": ["link-1", "auth"],
  "label list": ["link-1"],
  search: ["Login"],
  dep: ["link-1", "--blocks", "link-2"],
  "dep add": ["link-1", "link-3"],
  "dep remove": ["link-1", "link-3"],
  "dep list": ["link-1"],
  "dep tree": ["link-1"],
  "config get": ["actor"],
  "config explain": ["actor"],
  "config set": ["json", "false"],
  "config unset": ["export.auto"],
  "dolt set": ["user", "root", "--update-config"],
  "dolt remote add": ["origin", "file:///nowhere/link"],
  "dolt remote remove": ["origin"],
};

/** Further lines of commands that write in more than one way. */
const MORE: readonly (readonly string[])[] = [
  ["config", "set", "dolt.port", "3307"],
  ["config", "set", "custom.x", "1"],
  ["config", "set", "federation.remote", "file:///nowhere/link"],
  ["dolt", "set", "federation.remote", "file:///nowhere/link"],
  ["init", "--prefix", "link", "--from-jsonl"],
  ["init", "--prefix", "link", "--remote", "file:///nowhere/link"],
  ["export", "-o", "copy.jsonl"],
  ["show", "--readonly", "link-1"],
];

/** The person lets the project's links lead to a tracker elsewhere. */
const TRUSTED = { BD_TRUSTED_FOLDERS: "*" };

/** They are about this machine, and take nothing from a workspace but where the server is. */
const MACHINE = /^(?:serve|server (?:start|stop|install|install-unit|uninstall-unit))$/;

const LINES = [...COMMANDS.map(({ words }) => [...words, ...(ARGUMENTS[words.join(" ")] ?? [])]), ...MORE].filter(
  (line) => !MACHINE.test(line.slice(0, 2).join(" ")),
);

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "link", login: "root" });
  const lines = ["link-1", "link-2", "link-3"].map((id) =>
    JSON.stringify({ id, title: `Login ${id}`, labels: ["auth"] }),
  );
  await workspace.json(["import", "-"], { stdin: `${lines.join("\n")}\n` });
  beads = join(workspace.dir, ".beads");
  outside = join(workspace.home, "outside");
  writeFileSync(join(beads, "config.yaml"), "actor: ann\nexport:\n  auto: true\n");
  writeFileSync(join(beads, "issues.jsonl"), `${lines.join("\n")}\n`);
  cpSync(beads, join(workspace.dir, "intact"), { recursive: true });
});
afterAll(() => workspace.remove());

beforeEach(() => {
  rmSync(beads, { recursive: true, force: true });
  rmSync(outside, { recursive: true, force: true });
  cpSync(join(workspace.dir, "intact"), outside, { recursive: true });
});

/** Names, texts, inodes and times of what is outside: what a read leaves as it is. */
function stateOutside(): unknown {
  return readdirSync(outside)
    .toSorted()
    .map((name) => {
      const { ino, mtimeMs, mode } = statSync(join(outside, name));
      return { name, ino, mtimeMs, mode, text: readFileSync(join(outside, name), "utf8") };
    });
}

/** Whatever becomes of it, it ends in order: no bug, and nothing is written outside. */
async function expectHarmless(line: readonly string[]): Promise<number> {
  const before = stateOutside();
  const { code, stdout, stderr } = await workspace.bd([...line, "--json"], { stdin: "", env: TRUSTED });
  expect({ line, code, text: stdout + stderr }).not.toMatchObject({ code: 70 });
  expect({ line, outside: stateOutside() }).toEqual({ line, outside: before });
  return code;
}

describe("no command writes", () => {
  test("through the files of .beads where they are links to elsewhere, and reads go on", {
    timeout: 300_000,
  }, async () => {
    mkdirSync(beads);
    for (const name of FILES) symlinkSync(join(outside, name), join(beads, name));
    const codes = new Map<string, number>();

    for (const line of LINES) codes.set(line.join(" "), await expectHarmless(line));

    expect(FILES.map((name) => lstatSync(join(beads, name)).isSymbolicLink())).toEqual(FILES.map(() => true));
    for (const read of ["list", "ready", "show link-1", "where", "config get actor", "export -o copy.jsonl"]) {
      expect({ read, code: codes.get(read) }).toEqual({ read, code: 0 });
    }
    const refused = ["config set json false", "config set dolt.port 3307", "dolt set user root --update-config"];
    for (const write of refused) expect({ write, code: codes.get(write) }).toEqual({ write, code: 4 });
  });

  test("through a .beads that is a link to elsewhere, and reads go on", { timeout: 300_000 }, async () => {
    symlinkSync(outside, beads);
    const codes = new Map<string, number>();

    for (const line of LINES) codes.set(line.join(" "), await expectHarmless(line));

    for (const read of ["list", "ready", "show link-1", "where", "config get actor"]) {
      expect({ read, code: codes.get(read) }).toEqual({ read, code: 0 });
    }
    for (const write of ["config set json false", "dolt set user root --update-config", "init"]) {
      expect({ write, code: codes.get(write) }).toEqual({ write, code: 4 });
    }
  });
});

test("whoever names the folder that a link leads to may write to it", async () => {
  symlinkSync(outside, beads);
  const refused = await workspace.bd(["config", "set", "export.auto", "false", "--json"], { env: TRUSTED });
  expect(JSON.parse(refused.stdout)).toMatchObject({
    code: "LINK_LEADS_OUT",
    hint: `BEADS_DIR=${outside} bd where`,
  });

  const { code } = await workspace.bd(["config", "set", "export.auto", "false"], { env: { BEADS_DIR: outside } });

  expect(code).toBe(0);
  expect(readFileSync(join(outside, "config.yaml"), "utf8")).toBe("actor: ann\nexport:\n  auto: false\n");
});

test("a file may be a link to one beside it", async () => {
  cpSync(outside, beads, { recursive: true });
  renameSync(join(beads, "config.yaml"), join(beads, "shared.yaml"));
  symlinkSync("shared.yaml", join(beads, "config.yaml"));

  const { code } = await workspace.bd(["config", "set", "export.auto", "false"]);

  expect(code).toBe(0);
  expect(readFileSync(join(beads, "shared.yaml"), "utf8")).toBe("actor: ann\nexport:\n  auto: false\n");
});
