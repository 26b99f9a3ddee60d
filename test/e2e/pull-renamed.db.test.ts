import { expect, test } from "vitest";
import { run, twoMachines } from "../support/two-machines.ts";

test("a pull after a rename elsewhere says which ids there are now, and calls nothing kept apart", async () => {
  const { ann, bob, push } = await twoMachines({ prefix: "pr" });
  await run(ann, ["create", "First", "--id", "pr-1"]);
  await run(ann, ["create", "Second", "--id", "pr-2"]);
  await push(ann);
  await run(bob, ["dolt", "pull"]);

  await run(ann, ["rename", "pr-1", "pr-login"]);
  await push(ann);
  const one = await run(bob, ["dolt", "pull"]);
  await run(ann, ["rename-prefix", "px"]);
  await push(ann);
  const all = await run(bob, ["dolt", "pull"]);

  expect(one).toContain('Issues that somebody gave another id:\n  pr-1 "First" (ours) is pr-login now\n');
  expect(all).toContain('\n  pr-2 "Second" (ours) is px-2 now\n  pr-login "First" (ours) is px-login now\n');
  expect(one + all).not.toContain("kept apart");
});
