import { realpathSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runThin, startDaemon, type TestDaemon } from "../support/daemon.ts";
import { PACKAGE_ROOT, runInProcess } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
let daemon: TestDaemon;
beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "warm" });
  await workspace.json(["create", "Login fails", "--id", "warm-a1", "-l", "auth", "-d", "Line one\nand two"]);
  await workspace.json(["create", "Logout fails", "--id", "warm-b2", "--deps", "warm-a1", "--due", "2030-01-01"]);
  await workspace.json(["comment", "warm-a1", "Seen"]);
  await symlink("/dev/stdin", join(workspace.dir, "linked-input"));
  daemon = await startDaemon(realpathSync(join(workspace.dir, ".beads")), { env: workspace.env });
});
afterAll(async () => {
  await daemon.stop();
  await workspace.remove();
});

const thin = (args: readonly string[], more: { stdin?: string; env?: Record<string, string> } = {}) =>
  runThin(args, { cwd: workspace.dir, ...more, env: { ...workspace.env, ...more.env } });
const direct = (args: readonly string[], more: { stdin?: string; env?: Record<string, string> } = {}) =>
  runInProcess(args, { cwd: workspace.dir, ...more, env: { ...workspace.env, ...more.env } });

describe("what only reads says the same through a daemon as by itself:", () => {
  test.each([
    ["list"],
    ["list --json"],
    ["list --json --limit 0 --all"],
    ["show warm-a1"],
    ["show warm-a1 --json"],
    ["show nowhere-1"],
    ["show nowhere-1 --json"],
    ["ready"],
    ["blocked"],
    ["stats"],
    ["search fails"],
    ["comments warm-a1"],
    ["history warm-a1"],
    ["changes --from-start"],
    ["watch --from-start --once --json"],
    ["export"],
    ["config list"],
    ["version"],
    ["version -v"],
    ["where"],
    ["whoami"],
    [""],
    ["--help"],
    ["help create"],
    ["dep"],
    ["no-such-command"],
    ["list --no-such-flag"],
    ["list --json --no-such-flag"],
    ["-C /nowhere list"],
    ["--db nothing list"],
    ["update warm-a1 --title x --readonly"],
  ])("bd %s", async (line) => {
    const args = line.split(" ").filter((word) => word !== "");
    const [through, own] = [await thin(args), await direct(args)];
    expect(through.outcome.kind).toBe("exit");
    const { code, stdout, stderr } = through;
    expect({ code, stdout, stderr }).toEqual(own);
  });
});

test("what writes is done once, under the name of whoever asked, and its answer has the caller's zone", async () => {
  const before = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
  const made = await thin(["create", "Warm", "--id", "warm-c3", "--json"], { env: { BEADS_ACTOR: "zoe" } });
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(made.stdout)).toMatchObject({ id: "warm-c3", created_by: "zoe" });
  const after = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
  expect(Number(after[0]?.["n"])).toBe(Number(before[0]?.["n"]) + 1);
  const [here, there] = await Promise.all([
    thin(["show", "warm-b2"]),
    thin(["show", "warm-b2"], { env: { TZ: "Pacific/Kiritimati" } }),
  ]);
  expect(there.stdout).not.toBe(here.stdout);
  expect(there.stdout).toBe((await direct(["show", "warm-b2"], { env: { TZ: "Pacific/Kiritimati" } })).stdout);
});

test("standard input is the caller's", async () => {
  const text = `Grüße ${"x".repeat(60_000)}`;
  const made = await thin(["create", "From stdin", "--body-file", "-", "--json"], { stdin: text });
  expect(JSON.parse(made.stdout)).toMatchObject({ description: text });
});

test("64 lines side by side each get their own answer", async () => {
  const lines = Array.from({ length: 64 }, (_, n) =>
    n % 2 === 0 ? ["show", "warm-a1", "--json"] : ["q", `Side ${n}`],
  );
  const all = await Promise.all(lines.map((line) => thin(line)));
  // In one process with all its clients, a daemon is too slow to greet some of them, who help themselves.
  const late = all.filter(({ outcome }) => outcome.kind === "direct" && outcome.why.includes("in time"));
  const results = await Promise.all(all.map(async (one, n) => (late.includes(one) ? direct(lines[n] ?? []) : one)));
  expect(late.length).toBeLessThan(64);
  expect(results.map(({ code }) => code)).toEqual(lines.map(() => 0));
  const ids = results.filter((_, n) => n % 2 === 1).map(({ stdout }) => stdout.trim());
  expect(new Set(ids).size).toBe(32);
});

describe("a line is run by its own process", () => {
  test.each<[string, readonly string[], Record<string, string>, RegExp]>([
    ["where it works on this machine", ["server", "stop"], {}, /this machine's servers/],
    ["where it needs the terminal", ["edit", "warm-a1"], {}, /this machine's/],
    ["where it may need the password of a remote", ["dolt", "push"], {}, /password of a remote/],
    ["where it runs a command of the person's", ["watch", "--exec", "true"], {}, /command of the person's/],
    ["with another password", ["list"], { BEADS_DOLT_PASSWORD: "another" }, /another password/],
    ["with settings of git's in the environment", ["list"], { GIT_CONFIG_COUNT: "0" }, /GIT_CONFIG_COUNT/],
    ["with a file of the process itself", ["create", "X", "--body-file", "/dev/fd/63"], {}, /\/dev\/fd\/63/],
    ["with a file of the process itself in a flag", ["create", "X", "--body-file=/proc/self/fd/3"], {}, /\/proc\/self/],
    ["with one that is glued to its flag", ["create", "X", "-f/dev/stdin"], {}, /\/dev\/stdin/],
    ["with one that is named from here", ["create", "X", "--body-file=../../../../../../dev/fd/0"], {}, /dev\/fd\/0/],
    ["with one behind a link", ["create", "X", "--body-file", "linked-input"], {}, /linked-input/],
    ["with one in the environment", ["list"], { BEADS_DOLT_PASSWORD_FILE: "/dev/fd/3" }, /PASSWORD_FILE/],
    ["in a zone that is none", ["list"], { TZ: "Nowhere/Town" }, /time zone/],
  ])("%s", async (_why, args, env, reason) => {
    const { outcome, stdout, stderr } = await thin(args, { env });
    expect(outcome).toEqual({ kind: "direct", why: expect.stringMatching(reason) });
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
  });

  test("with BEADS_NO_DAEMON", async () => {
    expect((await thin(["list"], { env: { BEADS_NO_DAEMON: "1" } })).outcome).toEqual({
      kind: "direct",
      why: "no daemon",
    });
  });
});

test("output of megabytes arrives whole, in frames that are far shorter than the longest", async () => {
  const { database } = workspace;
  // Whatever the size of a frame, one of these begins in its last place.
  const text = `${"x".repeat(4095)}\u{1f600}`.repeat(8);
  const issues = Array.from({ length: 90 }, (_, n) =>
    JSON.stringify({ id: `warm-big${n}`, title: "Big", description: text }),
  );
  expect((await direct(["import", "-", "--db", database], { stdin: issues.join("\n") })).code).toBe(0);
  const args = ["list", "--json", "--limit", "0", "--title-contains", "Big"];
  const { outcome, stdout } = await thin(args);
  expect(outcome).toEqual({ kind: "exit", code: 0 });
  expect(stdout.length).toBeGreaterThan(2_900_000);
  expect(stdout === (await direct(args)).stdout).toBe(true);
});

describe("a daemon whose program is another by now", () => {
  test.each<[string, (dist: string) => Promise<void>]>([
    ["replaced in place", (dist) => writeFile(join(dist, "main.cjs"), "// another")],
    ["removed", (dist) => rm(join(dist, "main.cjs"))],
    [
      "installed anew",
      async (dist) => {
        await rm(dist, { recursive: true });
        await mkdir(dist);
        await writeFile(join(dist, "main.cjs"), "");
      },
    ],
  ])("%s hands back what comes, and leaves", async (_how, replace) => {
    const other = await makeWorkspace({ prefix: "skew" });
    const packageRoot = join(other.dir, "package");
    await mkdir(join(packageRoot, "dist"), { recursive: true });
    await copyFile(join(PACKAGE_ROOT, "package.json"), join(packageRoot, "package.json"));
    await writeFile(join(packageRoot, "dist", "main.cjs"), "// first");
    const beadsDir = realpathSync(join(other.dir, ".beads"));
    const skewed = await startDaemon(beadsDir, { env: other.env, packageRoot });
    const list = () => runThin(["list"], { cwd: other.dir, env: other.env, packageRoot });
    expect((await list()).outcome).toEqual({ kind: "exit", code: 0 });
    await replace(join(packageRoot, "dist"));
    expect((await list()).outcome).toEqual({ kind: "direct", why: expect.stringContaining("replaced") });
    await skewed.ended;
    expect((await list()).outcome).toEqual({ kind: "direct", why: "no daemon" });
    await other.remove();
  });
});

test("a watch hears at once of a change that is made through the same daemon", { timeout: 60_000 }, async () => {
  const env = { BEADS_FEED_INTERVAL: "60m" };
  const watching = thin(["watch", "--type", "closed", "--once", "--json"], { env });
  const running = async () => (await thin(["daemon", "status", "--json"])).stdout;
  await expect.poll(async () => JSON.parse(await running()).requests.running).toBe(2);
  // It may not have looked for the first time yet.
  const made = JSON.parse((await thin(["create", "To close", "--json"])).stdout);
  await thin(["close", made.id]);
  expect(JSON.parse((await watching).stdout.split("\n")[0] ?? "")).toMatchObject({ type: "closed", issue_id: made.id });
});

test("the log says when it began, and nothing of what was asked", async () => {
  await thin(["create", "Secret plan", "--json"]);
  const log = await readFile(join(daemon.beadsDir, "daemon.log"), "utf8");
  expect(log).toMatch(/started \(PID \d+, events mode\)/);
  expect(log).not.toContain("Secret plan");
});
