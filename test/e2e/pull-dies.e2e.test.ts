import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { type ScriptedProxy, startScriptedProxy } from "../support/scripted-proxy.ts";
import { askOnce, commitBySql, makeTwoMachines, run, type TwoMachines } from "../support/two-machines.ts";

// A pull with a merge that settles conflicts, and a fast-forward, are cut at ten points each of their conversation with
// the server: first the client dies, then the server. What is left must be the state before, or all of the pull.

const POINTS = 10;

let server: PrivateDolt;
let machines: TwoMachines;
let proxy: ScriptedProxy;
/** Bob's tips before a pull: one that has commits of its own, and one that has none. */
let diverged: string;
let behind: string;
let theirs: string;

const set = (id: string, values: string) =>
  `UPDATE issues SET ${values}, updated_at = '2026-02-01 00:00:00' WHERE id = '${id}'`;

async function ask(statement: string): Promise<string> {
  const [row] = await askOnce(machines.bob, statement);
  return String(Object.values(row ?? {})[0]);
}

beforeAll(async () => {
  server = await startPrivateDolt();
  machines = await makeTwoMachines({
    prefix: "pd",
    port: server.port,
    prepare: async (ann) => {
      await run(ann, ["create", "One", "--id", "pd-1", "-l", "red", "-q"]);
      await run(ann, ["create", "Two", "--id", "pd-2", "-q"]);
    },
  });
  const { ann, bob, push } = machines;
  const anns = [set("pd-1", "priority = 1, notes = 'several\\nlines'"), "DELETE FROM issues WHERE id = 'pd-2'"];
  await commitBySql(ann, anns, { date: "2026-02-01T00:00:00" });
  theirs = String((await ann.sql("SELECT DOLT_HASHOF('HEAD') AS hash"))[0]?.["hash"]);
  await push(ann);
  behind = await ask("SELECT DOLT_HASHOF('HEAD')");
  const bobs = [set("pd-1", "priority = 3, notes = 'other\\nlines'"), set("pd-2", "title = 'In vain'")];
  await commitBySql(bob, bobs, { date: "2026-02-02T00:00:00" });
  diverged = await ask("SELECT DOLT_HASHOF('HEAD')");
  proxy = await startScriptedProxy(server.port);
});
afterAll(async () => {
  await proxy.close();
  await machines.remove();
  await server.stop();
});

const viaProxy = () => ({ env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });

/** All of the pull is there, or nothing of it; never anything in the working set. */
async function expectAllOrNothing(before: string, mustHavePulled: boolean): Promise<void> {
  expect(await askOnce(machines.bob, "SELECT * FROM dolt_status")).toEqual([]);
  expect(await ask("SELECT is_merging FROM dolt_merge_status")).toBe("0");
  const head = await ask("SELECT DOLT_HASHOF('HEAD')");
  if (mustHavePulled || head !== before) await expectPulled(before);
}

async function expectPulled(before: string): Promise<void> {
  expect(await ask(`SELECT DOLT_MERGE_BASE('HEAD', '${theirs}')`)).toBe(theirs);
  const isMerge = before === diverged;
  expect(await askOnce(machines.bob, "SELECT id, title, priority, notes FROM issues ORDER BY id")).toEqual(
    isMerge
      ? [{ id: "pd-1", title: "One", priority: 3, notes: "other\nlines" }]
      : [{ id: "pd-1", title: "One", priority: 1, notes: "several\nlines" }],
  );
  expect(await ask("SELECT COUNT(*) FROM comments WHERE author = 'bd'")).toBe(isMerge ? "1" : "0");
}

/** How many flights of data a pull sends. */
async function flightsOfAPull(before: string): Promise<number> {
  let flights = 0;
  proxy.follow(() => void (flights += 1));
  await ask(`CALL DOLT_RESET('--hard', '${before}')`);
  const { code, stderr } = await machines.bob.bd(["dolt", "pull"], viaProxy());
  expect(code, stderr).toBe(0);
  await expectPulled(before);
  return flights;
}

describe.for([
  ["a merge", () => diverged],
  ["a fast-forward", () => behind],
] as const)("%s", ([, tip]) => {
  let points: number[];

  beforeAll(async () => {
    const flights = await flightsOfAPull(tip());
    const step = Math.max(1, (flights - 1) / (POINTS - 1));
    // The last flights are those that commit, so the points count from the end.
    points = [...new Set(Array.from({ length: POINTS }, (_, n) => Math.max(1, Math.round(flights - n * step))))];
  });

  test.for([
    ["before", false],
    ["after", true],
  ] as const)("survives a client that is killed %s each of ten packets left it", async ([, isSent]) => {
    for (const point of points) {
      await ask(`CALL DOLT_RESET('--hard', '${tip()}')`);
      let seen = 0;
      proxy.follow(async () => {
        seen += 1;
        if (seen !== point) return;
        if (isSent) return void setImmediate(() => child.kill("SIGKILL"));
        child.kill("SIGKILL");
        await done;
      });
      const { child, done } = machines.bob.spawn(["dolt", "pull"], viaProxy());
      const { code } = await done;

      const again = await machines.bob.bd(["dolt", "fetch"], { env: { BEADS_DOLT_RETRY_MAX: "5s" } });
      expect(again.code, again.stderr).toBe(0);
      await expectAllOrNothing(tip(), code === 0);
      await run(machines.bob, ["dolt", "pull"]);
      await expectPulled(tip());
    }
  });

  test("counts as done, and is done once, where only the server's answer to its last step got lost", async () => {
    await ask(`CALL DOLT_RESET('--hard', '${tip()}')`);
    const cuts: number[] = [];
    proxy.follow((flight, wire) => {
      if (cuts.length > 0 || !/DOLT_COMMIT|--ff-only/.test(flight)) return;
      cuts.push(1);
      wire.cutClient();
    });

    const { code, stderr } = await machines.bob.bd(["dolt", "pull"], viaProxy());

    expect({ code, cuts: cuts.length }, stderr).toEqual({ code: 0, cuts: 1 });
    await expectAllOrNothing(tip(), true);
    const isMerge = tip() === diverged;
    const merges = await askOnce(machines.bob, "SELECT 1 FROM dolt_log WHERE message LIKE 'bd: merge origin/main%'");
    expect(merges).toHaveLength(isMerge ? 1 : 0);
  });

  test("survives a server that is killed and started again at each of ten packets", async () => {
    for (const [index, point] of points.entries()) {
      await ask(`CALL DOLT_RESET('--hard', '${tip()}')`);
      let seen = 0;
      let restarting = Promise.resolve();
      proxy.follow(async () => {
        seen += 1;
        if (seen !== point) return;
        restarting = server.crash().then(() => server.start());
        // Half of them die before they hear of the packet, half while they work on it.
        if (index % 2 === 0) await restarting;
      });

      const { code, stderr } = await machines.bob.bd(["dolt", "pull"], viaProxy());
      await restarting;

      expect([0, 5], stderr).toContain(code);
      await expectAllOrNothing(tip(), code === 0);
      await run(machines.bob, ["dolt", "pull"]);
      await expectPulled(tip());
    }
  });
});
