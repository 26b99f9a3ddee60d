import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withinLimit } from "../../../src/store/connection/answer-limit.ts";

const never = () => new Promise<never>(() => {});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["before the limit", 0],
  ["while the server is asked whether it works", 100],
])("who gives up %s waits no longer, and no timer keeps the process", async (_when, afterMs) => {
  const giving = new AbortController();
  const waiting = withinLimit(never(), { ms: 100, rounds: 1, givenUp: giving.signal, stillWorking: never });
  const ended = expect(waiting).rejects.toThrow("enough");
  await vi.advanceTimersByTimeAsync(afterMs);

  giving.abort(new Error("enough"));

  await ended;
  expect(vi.getTimerCount()).toBe(0);
});
