import { expect, test } from "vitest";
import { createTracker } from "../../../src/tracker/index.ts";
import { recordsIn } from "../../support/payload.ts";
import { connectionTo, redisServer } from "../../support/private-redis.ts";
import { testWorkspace } from "../../support/workspace.ts";

test("a mirror that watches outlives its store, says once that it is away, and goes on", async () => {
  const redis = redisServer({ keeps: true });
  await redis.start();
  const workspace = await testWorkspace();
  const env = { REDIS_URL: redis.url };
  await workspace.bd(["tracker", "setup", "--no-statuses"], { env });
  const mirror = workspace.spawn(["tracker", "sync", "--watch"], { env, timeoutMs: 120_000 });
  const said: string[] = [];
  mirror.child.stderr?.on("data", (piece) => said.push(String(piece)));
  const titles = async () => recordsIn(await workspace.json(["list"])).map(({ title }) => title);
  const tracker = createTracker({ connection: connectionTo(redis.url) });
  await tracker.create({ title: "Before" });
  await expect.poll(titles, { timeout: 20_000 }).toEqual(["Before"]);
  await redis.crash();
  await expect.poll(() => said.join(""), { timeout: 20_000 }).toContain("trying again");
  await new Promise((resolve) => setTimeout(resolve, 5000));
  await redis.start();
  await expect
    .poll(
      () =>
        tracker.create({ title: "After" }).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
  await expect.poll(async () => (await titles()).includes("After"), { timeout: 40_000 }).toBe(true);
  mirror.child.kill("SIGINT");
  await mirror.done;
  expect(said.join("").match(/trying again/g)).toHaveLength(1);
}, 120_000);
