// `npm run quickstart`: from a fresh clone to a tracker on a real Dolt server. It does what a user could type, with the
// built bd, says each step, and may be run again: nothing breaks, nothing is made twice.
import { spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as z from "zod/mini";
import { DEFAULT_PORT } from "../src/server/server-paths.ts";

const root = join(import.meta.dirname, "..");
const bdPath = join(root, "dist", "bd.cjs");
const home = join(homedir(), ".beads");
/** Holds `bd` and `beads` and nothing else, so that putting it on PATH hides no other program. */
const binFolder = join(home, "bin");
const demoFolder = join(home, "demo");
const DEMO_DATABASE = "beads_demo";

/** Each waits for those that it names. Fixed ids make it safe to go on after an interruption. */
const DEMO_ISSUES = [
  { id: "demo-trip", title: "Plan the summer trip", flags: ["-t", "epic", "-p", "1"] },
  { id: "demo-dates", title: "Agree on the dates", flags: ["-p", "0", "--deps", "parent-child:demo-trip"] },
  { id: "demo-route", title: "Choose a route", flags: ["-p", "1", "--deps", "blocked-by:demo-dates"] },
  { id: "demo-rooms", title: "Book rooms along the route", flags: ["-p", "1", "--deps", "blocked-by:demo-route"] },
  { id: "demo-tent", title: "Mend the tent", flags: ["-t", "bug", "-p", "2", "-l", "gear"] },
  { id: "demo-food", title: "Write the shopping list", flags: ["-p", "3", "--deps", "blocked-by:demo-rooms"] },
] as const;

/** Ends the script with bd's own message, which stands above. */
class StepFailed extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super();
    this.exitCode = exitCode;
  }
}

/** What would lead bd away from the demo. */
const { BEADS_DIR: _dir, BEADS_DB: _db, BD_DB: _bdDb, BEADS_DOLT_SERVER_DATABASE: _database, ...env } = process.env;

function run(args: readonly string[], stdout: "inherit" | "pipe") {
  const stdio = ["ignore", stdout, "inherit"] as const;
  const child = spawn(process.execPath, [bdPath, ...args], { cwd: demoFolder, env, stdio: [...stdio] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  return { child, ended };
}

/** Runs bd as a user sees it. */
async function bd(...args: readonly string[]): Promise<void> {
  const code = await run(args, "inherit").ended;
  if (code !== 0) throw new StepFailed(code);
}

/** Runs `bd … --json` and gives what it says. */
async function ask(...args: readonly string[]): Promise<unknown> {
  const { child, ended } = run([...args, "--json"], "pipe");
  const answer = child.stdout === null ? "" : await text(child.stdout);
  const code = await ended;
  if (code === 0) return JSON.parse(answer);
  console.error(answer);
  throw new StepFailed(code);
}

function say(line = ""): void {
  console.log(line);
}

const ServerState = z.object({
  running: z.boolean(),
  host: z.string(),
  port: z.number(),
  answers: z.optional(z.string()),
  unit: z.optional(z.object({ state: z.optional(z.string()) })),
});
type ServerState = z.infer<typeof ServerState>;

const Issues = z.array(z.object({ id: z.string() }));

/** Our own server may run on another port than a new workspace would look at. */
async function serverState(): Promise<ServerState> {
  return ServerState.parse(await ask("server", "status"));
}

/** Gives the server that answers in the end. */
async function provideServer(): Promise<ServerState> {
  const server = await serverState();
  const place = `${server.host}:${server.port}`;
  if (server.running) {
    say(`Our own server runs already on ${place}.`);
    return server;
  }
  if (server.answers !== undefined) {
    say(`On ${place}, ${server.answers} answers already: somebody else's server, with somebody else's data.`);
    say(`It keeps running as it is; only the database ${DEMO_DATABASE} is touched there.`);
    return server;
  }
  const { path } = z.looseObject({ path: z.string() }).parse(await ask("server", "install"));
  say(`The server is ${path}.`);
  // Found once, it need not be looked for again.
  env["BEADS_DOLT_BIN"] = path;
  await bd("server", "start");
  return serverState();
}

async function seedIssues(): Promise<void> {
  const existing = Issues.parse(await ask("list", "--all", "--limit", "0"));
  const ids = new Set(existing.map(({ id }) => id));
  const missing = DEMO_ISSUES.filter(({ id }) => !ids.has(id));
  if (ids.size > DEMO_ISSUES.length || missing.length === 0) {
    say(`The demo has its ${ids.size} issues already.`);
    return;
  }
  for (const { id, title, flags } of missing) await bd("create", title, "--id", id, ...flags, "--actor", "quickstart");
}

/** A wrapper with the Node that runs this script, which is new enough, whatever Node the user has. */
async function installWrappers(): Promise<void> {
  await mkdir(binFolder, { recursive: true });
  for (const name of ["bd", "beads"]) {
    const path = join(binFolder, name);
    await writeFile(path, `#!/bin/sh\nexec '${quoted(process.execPath)}' '${quoted(bdPath)}' "$@"\n`);
    await chmod(path, 0o755);
  }
}

/** For a place within single quotes of a shell. */
function quoted(path: string): string {
  return path.replaceAll("'", "'\\''");
}

function sayWhatNext({ running, port, unit }: ServerState): void {
  say();
  say("Next, put bd on PATH and go to the demo:");
  if (port !== DEFAULT_PORT) say(`  export BEADS_DOLT_SERVER_PORT=${port}`);
  say(`  export PATH='${quoted(binFolder)}':"$PATH" && cd '${quoted(demoFolder)}'`);
  say("  bd ready");
  say("  bd ready --claim");
  say("In a project of your own: bd init, then bd create.");
  say();
  if (running) return sayHowToRemove(unit?.state === "active");
  say("To remove the demo:");
  say(`  rm -rf '${quoted(demoFolder)}', and DROP DATABASE ${DEMO_DATABASE} with any MySQL client`);
}

/** Nothing is removed under a server that goes on. */
function sayHowToRemove(byUnit: boolean): void {
  const otherFolder = process.env["BEADS_DOLT_DATA_DIR"];
  const stop = byUnit ? "systemctl --user stop dolt-server" : "bd server stop";
  const start = byUnit ? "systemctl --user start dolt-server" : "bd server start";
  say(`To stop the server:  ${stop}`);
  say(`To remove the demo (${start} serves your other projects again):`);
  say(
    `  ${stop} && rm -rf '${quoted(demoFolder)}' '${quoted(join(otherFolder ?? join(home, "dolt"), DEMO_DATABASE))}'`,
  );
  say("To remove everything: the server's data with all its projects, bd on PATH, and the dolt that was obtained:");
  const others = otherFolder === undefined ? [] : [otherFolder];
  const folders = [home, ...others, join(cacheFolder(), "beads"), join(stateFolder(), "beads")];
  const ended = byUnit ? `${stop} && bd server uninstall-unit` : stop;
  say(`  ${ended} && rm -rf ${folders.map((folder) => `'${quoted(folder)}'`).join(" ")}`);
  const kept = [join(configFolder(), "bd"), join(configFolder(), "beads"), join(homedir(), ".dolt")];
  say(`This leaves your settings and passwords, and dolt's own settings: ${kept.join(", ")}`);
}

function configFolder(): string {
  return process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config");
}

function cacheFolder(): string {
  return process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
}

/** Where pushes to remotes with a password keep their copies. */
function stateFolder(): string {
  return process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
}

async function quickstart(): Promise<void> {
  await mkdir(demoFolder, { recursive: true });
  say("== A Dolt server");
  const server = await provideServer();
  say();
  say(`== A workspace in ${demoFolder}`);
  const place = ["--server-host", server.host, "--server-port", String(server.port)];
  await bd("init", "--prefix", "demo", "--database", DEMO_DATABASE, ...place);
  say();
  say("== Issues");
  await seedIssues();
  say();
  say("== bd ready");
  await bd("ready");
  await installWrappers();
  sayWhatNext(server);
}

try {
  await quickstart();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.exitCode = error.exitCode;
}
