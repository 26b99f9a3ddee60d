import { expect, test } from "vitest";
import { openNews } from "../../src/app/news.ts";
import { REAL_TIME } from "../support/store-database.ts";

const HOUR = 3_600_000;
const nobody = new AbortController().signal;

test("all who wait are woken by a change, and those who come later by the next one", async () => {
  let told = 0;
  const news = openNews(() => {
    told += 1;
  });
  const waiting = [news.until(HOUR, REAL_TIME, nobody), news.until(HOUR, REAL_TIME, nobody)];
  news.tell();
  await Promise.all(waiting);
  const later = news.until(HOUR, REAL_TIME, nobody);
  news.tell();
  await later;
  expect(told).toBe(2);
});

test("without a change, the time passes", async () => {
  await expect(openNews().until(1, REAL_TIME, nobody)).resolves.toBeUndefined();
});

test("an aborted signal ends the wait with its reason, before and meanwhile", async () => {
  const reason = new Error("enough");
  await expect(openNews().until(HOUR, REAL_TIME, AbortSignal.abort(reason))).rejects.toBe(reason);
  const ended = new AbortController();
  const waiting = openNews().until(HOUR, REAL_TIME, ended.signal);
  ended.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});
