import { expect, test } from "vitest";
import { recordIn, recordsIn } from "../support/payload.ts";
import { commitBySql, run, type TwoMachines, twoMachines } from "../support/two-machines.ts";

/** What a push says to be changed, and what a pull of the same says on the other side. */
async function counts({ ann, bob, push }: TwoMachines): Promise<readonly [pushed: unknown, pulled: number]> {
  const pushed = recordIn(await ann.json(["dolt", "push", "--dry-run"]))["issues"];
  expect(recordIn(await ann.json(["dolt", "push", "--dry-run"]))["verified"]).toBe(false);
  await push(ann);
  return [pushed, recordsIn(recordIn(await bob.json(["dolt", "pull"]))["issues"]).length];
}

test("a push counts the issues that it changes as a pull of it does: own rows, and what hangs on them", async () => {
  const machines = await twoMachines({
    prefix: "pc",
    prepare: async (ann) => {
      for (const id of ["pc-1", "pc-2", "pc-3"]) await run(ann, ["create", `Issue ${id}`, "--id", id, "-q"]);
    },
  });
  const { ann } = machines;
  const CHANGES: readonly (readonly [expected: number, change: () => Promise<unknown>])[] = [
    [1, () => run(ann, ["create", "New", "--id", "pc-4", "-l", "one", "-q"])],
    [1, () => run(ann, ["update", "pc-1", "-p", "0", "-q"])],
    [1, () => run(ann, ["comment", "pc-2", "Hello", "-q"])],
    [1, () => run(ann, ["label", "add", "pc-3", "two", "-q"])],
    [1, () => run(ann, ["dep", "add", "pc-3", "pc-1", "-q"])],
    [2, () => run(ann, ["close", "pc-1", "pc-2", "-q"])],
    [0, () => run(ann, ["config", "set", "custom.x", "1", "-q"])],
    [
      0,
      () =>
        commitBySql(ann, ["UPDATE issues SET updated_at = '2030-01-01' WHERE id = 'pc-4'"], {
          date: "2026-11-01T00:00:00",
        }),
    ],
    [1, () => commitBySql(ann, ["DELETE FROM issues WHERE id = 'pc-4'"], { date: "2026-11-02T00:00:00" })],
  ];
  for (const [expected, change] of CHANGES) {
    await change();
    expect({ change: String(change), counts: await counts(machines) }).toEqual({
      change: String(change),
      counts: [expected, expected],
    });
  }
});

test("an issue that a merge moved is one, whatever ids it had", async () => {
  const machines = await twoMachines({ prefix: "pm" });
  const { ann, bob, push } = machines;
  await run(ann, ["create", "Of Ann", "--id", "pm-v", "-q"]);
  await run(bob, ["create", "Of Bob", "--id", "pm-v", "-l", "shared", "-q"]);
  await run(bob, ["comment", "pm-v", "by Bob", "-q"]);
  await run(bob, ["create", "Waits", "--id", "pm-w", "--deps", "pm-v", "-q"]);
  await push(bob);
  await run(ann, ["dolt", "pull"]);

  expect(await counts(machines)).toEqual([1, 1]);
});

test("a push by force counts what the remote would lose in the same way", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "pf",
    prepare: (first) => run(first, ["create", "One", "--id", "pf-1", "-q"]),
  });
  await run(bob, ["comment", "pf-1", "Hello", "-q"]);
  await run(bob, ["label", "add", "pf-1", "x", "-q"]);
  await push(bob);
  await run(ann, ["create", "Two", "--id", "pf-2", "-q"]);

  const { stderr } = await ann.bd(["dolt", "push", "--force"]);

  expect(stderr).toContain("1 issue would be lost there, or become what they are here");
});
