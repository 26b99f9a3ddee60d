import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createTracker } from "../../src/tracker/index.ts";
import { recordIn, recordsIn } from "../support/payload.ts";
import { startPrivateDolt } from "../support/private-dolt.ts";
import { connectionTo, redisServer } from "../support/private-redis.ts";
import { testWorkspace } from "../support/workspace.ts";

const SECONDS = process.env["BEADS_STORM"] === "full" ? 120 : 25;
const WRITERS = 3;
const EACH = 4;

const random = (least: number, most: number) => least + Math.random() * (most - least);

test("while the mirror, the store and the server are killed at random, both sides end the same, and nothing is lost or doubled", async () => {
  const server = await startPrivateDolt();
  onTestFinished(() => server.stop());
  const redis = redisServer({ keeps: true });
  await redis.start();
  const workspace = await testWorkspace({ port: server.port });
  const env = { REDIS_URL: redis.url, BD_DOLT_RETRY_MAX: "30s" };
  const bd = (...args: string[]) => workspace.spawn(args, { env, timeoutMs: 300_000 });
  const setup = await bd("tracker", "setup", "--statuses").done;
  expect(setup.stderr + setup.stdout).toContain("Set up");
  const tracker = createTracker({ connection: connectionTo(redis.url) });

  const state = { isOver: false };
  const kills = { mirror: 0, store: 0, server: 0 };
  let mirror = bd("tracker", "sync", "--watch");
  const killers = [
    async () => {
      await delay(random(500, 4000));
      if (mirror.child.kill("SIGKILL")) kills.mirror += 1;
      await mirror.done;
      mirror = bd("tracker", "sync", "--watch");
    },
    async () => {
      await delay(random(1500, 4000));
      await redis.crash();
      kills.store += 1;
      await delay(random(0, 500));
      await redis.start();
    },
    async () => {
      await delay(random(3000, 7000));
      await server.crash();
      kills.server += 1;
      await delay(random(0, 500));
      await server.start();
    },
  ].map(async (kill) => {
    while (!state.isOver) await kill();
  });

  const prefix = workspace.database.slice("beads_".length);
  /** What each title must have in the end, by the writer who alone writes it. */
  const ledger = new Map<string, { priority?: number; assignee?: string }>();
  const ends = Date.now() + SECONDS * 1000;

  const web = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let n = 0; n < EACH; n += 1) {
      const title = `web ${writer} ${n}`;
      const id = `w${writer}n${n}`;
      await insist(() => tracker.create({ title }, { id, op: `${id} made` }));
      ledger.set(title, {});
    }
    for (let n = 0; Date.now() < ends; n += 1) {
      const at = n % EACH;
      const priority = n % 4;
      const words = ["urgent", "high", "medium", "low"];
      await insist(() => tracker.update(`w${writer}n${at}`, { priority: words[priority] }, { op: `${writer} ${n}` }));
      ledger.set(`web ${writer} ${at}`, { ...ledger.get(`web ${writer} ${at}`), priority });
      // What both sides write has one value in the end, whichever.
      await tracker.update(`${prefix}-b${writer}n${at}`, { description: `web ${n}` }).catch(() => {});
      await delay(random(0, 100));
    }
  });

  const here = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let n = 0; n < EACH; n += 1) {
      await untilDone(() => bd("create", `bd ${writer} ${n}`, "--id", `${prefix}-b${writer}n${n}`, "--json").done);
      ledger.set(`bd ${writer} ${n}`, {});
    }
    for (let n = 0; Date.now() < ends; n += 1) {
      const at = n % EACH;
      const assignee = `a${n}`;
      await untilDone(() => bd("update", `${prefix}-b${writer}n${at}`, "-a", assignee, "-d", `bd ${n}`, "--json").done);
      ledger.set(`bd ${writer} ${at}`, { ...ledger.get(`bd ${writer} ${at}`), assignee });
    }
  });

  await Promise.all([...web, ...here]);
  state.isOver = true;
  await Promise.all(killers);
  mirror.child.kill("SIGKILL");
  await mirror.done;

  const [mirrored] = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log WHERE message LIKE 'bd: tracker%'");
  const last = await bd("tracker", "sync", "--json").done;
  expect([last.code, last.stderr]).toEqual([0, ""]);
  const verified = await bd("tracker", "verify", "--json").done;
  expect(recordIn(JSON.parse(verified.stdout))).toMatchObject({
    differences: [],
    unknown_tasks: [],
    stale_ids: [],
    dead_letters: [],
  });
  const { stdout } = await bd("list", "--all", "--limit", "0", "--json").done;
  const issues = recordsIn(JSON.parse(stdout));
  const { tasks } = await tracker.list();
  expect(issues.map(({ title }) => String(title)).toSorted()).toEqual([...ledger.keys()].toSorted());
  expect(tasks.map(({ title }) => title).toSorted()).toEqual([...ledger.keys()].toSorted());
  for (const issue of issues) expect(issue).toMatchObject(ledger.get(String(issue["title"])) ?? {});
  const seq = (await tracker.changesSince("", 100_000)).at(-1)?.seq;
  console.log(
    `killed ${JSON.stringify(kills)}; ${ledger.size} issues, ${seq} changes of tasks, ${String(mirrored?.["n"])} commits of the mirror`,
  );
  // What was killed was at work.
  expect(Number(mirrored?.["n"])).toBeGreaterThan(2);
  expect(Math.min(kills.mirror, kills.store, kills.server)).toBeGreaterThan(0);
}, 600_000);

/** A change that was asked for by its name is done once, however often that is. */
async function insist<T>(change: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await change();
    } catch {
      await delay(50);
    }
  }
}

/** The same values are written again until it is known that they were. */
async function untilDone(run: () => Promise<{ readonly code: number; readonly stdout: string }>): Promise<void> {
  for (;;) {
    const { code, stdout } = await run();
    if (code === 0 || stdout.includes("ID_EXISTS")) return;
    await delay(50);
  }
}
