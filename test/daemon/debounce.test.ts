import { expect, test } from "vitest";
import { debounce } from "../../src/daemon/debounce.ts";

/** A clock that a test moves. */
function fakeTiming() {
  let now = 0;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    now: () => now,
    random: () => 0,
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async pass(ms: number) {
      now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await Promise.resolve();
    },
  };
}

function gathering() {
  const timing = fakeTiming();
  const acted: number[] = [];
  const waiting = debounce({ quietMs: 500, ceilingMs: 5000, timing, act: (count) => acted.push(count) });
  return { timing, acted, waiting };
}

test("what comes in a burst is one, when it has been quiet", async () => {
  const { timing, acted, waiting } = gathering();
  for (let n = 0; n < 100; n += 1) {
    waiting.add();
    await timing.pass(10);
  }
  expect(acted).toEqual([]);
  await timing.pass(490);
  expect(acted).toEqual([100]);
  await timing.pass(10_000);
  expect(acted).toEqual([100]);
});

test("what never stops is acted on all the same", async () => {
  const { timing, acted, waiting } = gathering();
  for (let n = 0; n < 110; n += 1) {
    waiting.add();
    await timing.pass(100);
  }
  expect(acted).toEqual([50, 50]);
});

test("what waits at the end is done then, and said", async () => {
  const { timing, acted, waiting } = gathering();
  waiting.add();
  waiting.add();
  expect(waiting.flush()).toBe(2);
  expect(waiting.flush()).toBe(0);
  await timing.pass(10_000);
  expect(acted).toEqual([2]);
});
