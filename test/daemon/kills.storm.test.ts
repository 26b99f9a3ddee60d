import { realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { greet } from "../../src/rpc/ask-daemon.ts";
import { commitChanges } from "../support/commit-changes.ts";
import { startPrivateDolt } from "../support/private-dolt.ts";
import { testWorkspace } from "../support/workspace.ts";

const CLIENTS = 16;
const WRITES = process.env["BEADS_STORM"] === "full" ? 40 : 10;

/** What a client said of its write, or that it was killed before it said anything. */
type Word = { readonly code: number; readonly stdout: string; readonly stderr: string } | "killed";

const saidBy = (word: Word): string => {
  if (word === "killed") return word;
  return word.code === 0 ? "made" : String(JSON.parse(word.stdout).code);
};

/** How often a write is there of which this was said; of others nobody knows. */
const LANDED: ReadonlyMap<string, number> = new Map([
  ["made", 1],
  ["LANDED_BEFORE", 1],
]);

const random = (least: number, most: number) => least + Math.random() * (most - least);

test(`of ${CLIENTS} clients, while daemon, server and clients are killed at random, every write that was acknowledged is there once`, async () => {
  const server = await startPrivateDolt();
  onTestFinished(() => server.stop());
  const workspace = await testWorkspace({ port: server.port });
  const beadsDir = realpathSync(join(workspace.dir, ".beads"));
  const bd = (...args: string[]) => workspace.spawn(args, { timeoutMs: 600_000 });
  await bd("daemon", "start").done;
  onTestFinished(async () => void (await bd("daemon", "stop").done));
  const running = new Set<ReturnType<typeof bd>["child"]>();
  const kills = { daemon: 0, server: 0, client: 0 };
  const state = { isOver: false };

  const killers = [
    async () => {
      await delay(random(500, 2500));
      const daemon = await greet(beadsDir);
      if (typeof daemon === "object") {
        process.kill(daemon.pid, "SIGKILL");
        kills.daemon += 1;
      }
      await bd("daemon", "start").done;
    },
    async () => {
      await delay(random(2000, 6000));
      await server.crash();
      kills.server += 1;
      await delay(random(0, 1500));
      await server.start();
    },
    async () => {
      await delay(random(300, 1500));
      const [child] = running;
      if (child?.kill("SIGKILL") === true) kills.client += 1;
    },
  ].map(async (kill) => {
    while (!state.isOver) await kill();
  });

  const words = new Map<string, Word>();
  const prefix = workspace.database.slice("beads_".length);
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let n = 0; n < WRITES; n += 1) {
        const name = `c${client}n${n}`;
        const process = bd("create", name, "--id", `${prefix}-${name}`, "--actor", name, "--json");
        running.add(process.child);
        const { code, stdout, stderr } = await process.done;
        running.delete(process.child);
        words.set(name, process.child.signalCode === "SIGKILL" ? "killed" : { code, stdout, stderr });
      }
    }),
  );
  state.isOver = true;
  await Promise.all(killers);
  expect(Math.min(kills.daemon, kills.server, kills.client)).toBeGreaterThan(0);

  // At once: nothing that died has left something behind.
  expect(await bd("create", "After all", "-q").done).toMatchObject({ code: 0 });
  const commits = (await commitChanges(workspace)).filter(({ committer }) => words.has(committer));
  const tally = new Map<string, number>();
  for (const [name, word] of words) {
    const landed = commits.filter(({ committer }) => committer === name);
    const wanted = [`+event ${prefix}-${name} created by ${name}`, `+issue ${prefix}-${name}`];
    expect(landed.map(({ changes }) => changes)).toEqual(landed.length === 0 ? [] : [wanted]);
    const said = saidBy(word);
    tally.set(said, (tally.get(said) ?? 0) + 1);
    expect([name, said, landed.length]).toEqual([name, said, LANDED.get(said) ?? landed.length]);
  }
  console.log("kills:", kills, "answers:", Object.fromEntries(tally));
});
