import { expect, onTestFinished, test } from "vitest";
import { startScriptedProxy } from "../support/scripted-proxy.ts";
import { commitBySql, run, twoMachines } from "../support/two-machines.ts";

test("the commits of both sides are looked through before the write lock is taken, not under it", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "lk",
    prepare: (one) => run(one, ["create", "One", "--id", "lk-1", "-q"]),
  });
  for (const priority of [1, 0]) {
    await commitBySql(ann, [`UPDATE issues SET priority = ${priority}`], { date: "2026-02-02T00:00:00" });
  }
  await push(ann);
  await commitBySql(bob, ["UPDATE issues SET priority = 3"], { date: "2026-02-01T00:00:00" });
  const said: string[] = [];
  const proxy = await startScriptedProxy(bob.port, (flight) => {
    for (const [word] of flight.matchAll(/GET_LOCK|dolt_diff_issues|DOLT_MERGE\(/g)) said.push(word);
  });
  onTestFinished(() => proxy.close());

  const { code, stdout } = await bob.bd(["dolt", "pull"], { env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });

  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining("priority: theirs 0 over ours 3 (later)"),
  });
  const merging = said.slice(said.lastIndexOf("GET_LOCK"));
  expect(merging).toEqual(["GET_LOCK", "DOLT_MERGE("]);
  expect(said).toContain("dolt_diff_issues");
});

test("who writes while a pull waits for its turn loses nothing: the merge is worked out anew", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "lw",
    prepare: (one) => run(one, ["create", "One", "--id", "lw-1", "-q"]),
  });
  await commitBySql(ann, ["UPDATE issues SET priority = 0"], { date: "2026-02-01T00:00:00" });
  await push(ann);
  await commitBySql(bob, ["UPDATE issues SET priority = 3"], { date: "2026-01-15T00:00:00" });
  let isBusy = true;
  const proxy = await startScriptedProxy(bob.port, async (flight) => {
    // The pull knows by now how it will settle Bob's priority of January.
    if (!isBusy || !flight.includes("GET_LOCK") || !flight.includes("DOLT_MERGE_BASE")) return;
    isBusy = false;
    await commitBySql(bob, ["UPDATE issues SET priority = 1"], { date: "2026-03-01T00:00:00" });
  });
  onTestFinished(() => proxy.close());

  const { code, stdout } = await bob.bd(["dolt", "pull"], { env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });

  expect({ code, isBusy, stdout }).toEqual({
    code: 0,
    isBusy: false,
    stdout: expect.stringContaining("priority: ours 1 over theirs 0 (later)"),
  });
  expect(await bob.sql("SELECT priority FROM issues")).toEqual([{ priority: 1 }]);
});
