import { join } from "node:path";
import { expect, test } from "vitest";
import { commitBySql, run, tableHashes, twoMachines } from "../support/two-machines.ts";
import type { TestWorkspace } from "../support/workspace.ts";

async function tipOf(workspace: TestWorkspace): Promise<unknown> {
  return (await workspace.sql("SELECT DOLT_HASHOF('HEAD') AS hash"))[0]?.["hash"];
}

test("two people who pull from and push to two remotes in turn come to rest when nobody edits", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "rs",
    prepare: (one) => run(one, ["create", "One", "--id", "rs-1", "-q"]),
  });
  const second = `file://${join(ann.home, "second")}`;
  for (const one of [ann, bob]) await one.sql("CALL DOLT_REMOTE('add', 'second', ?)", [second]);
  await ann.sql("CALL DOLT_PUSH('second', 'main')");
  await run(ann, ["label", "add", "rs-1", "of-ann", "-q"]);
  await run(bob, ["label", "add", "rs-1", "of-bob", "-q"]);
  const round = async () => {
    for (const one of [ann, bob]) {
      for (const remote of ["origin", "second"]) {
        await run(one, ["dolt", "pull", "--remote", remote]);
        await run(one, ["dolt", "push", "--remote", remote]);
      }
    }
    return [await tipOf(ann), await tipOf(bob)];
  };
  await push(ann);

  for (const _ of [1, 2, 3]) await round();
  const tips = await round();

  expect(await round()).toEqual(tips);
  expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
  expect(await ann.sql("SELECT label FROM labels ORDER BY 1")).toEqual([{ label: "of-ann" }, { label: "of-bob" }]);
});

test("a push to a remote that came to the same tables by other commits joins the two histories, once", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "rj",
    prepare: (one) => run(one, ["create", "One", "--id", "rj-1", "-q"]),
  });
  const same = ["UPDATE issues SET title = 'Same', updated_at = '2026-03-01 00:00:00' WHERE id = 'rj-1'"];
  await commitBySql(ann, same, { date: "2026-02-01T00:00:00" });
  await commitBySql(bob, same, { date: "2026-02-02T00:00:00" });
  await push(ann);

  expect(await run(bob, ["dolt", "push"])).toMatch(/^✓ Pushed to 'origin': .* 2 commits, 0 issues changed/);
  const tip = await tipOf(bob);
  expect(await run(bob, ["dolt", "push"])).toMatch(/^Everything is at 'origin' already/);
  expect(await ann.json(["dolt", "pull"])).toMatchObject({ result: "fast-forward", issues: [] });
  expect(await tipOf(ann)).toBe(tip);
});
