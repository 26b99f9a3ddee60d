import { describe, expect, test } from "vitest";
import { backoffMs, racePauseMs } from "../../../src/store/connection/pauses.ts";

const smallest = () => 0;
const largest = () => 0.999_999;
const ATTEMPTS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 20];

describe("pauses grow with each attempt and have a bound", () => {
  test("while a server can't be reached", () => {
    expect(ATTEMPTS.map((attempt) => Math.round(backoffMs(attempt, largest)))).toEqual([
      100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000, 2000,
    ]);
    expect(ATTEMPTS.map((attempt) => backoffMs(attempt, smallest))).toEqual(Array(10).fill(0));
  });

  test("after a lost race", () => {
    expect(ATTEMPTS.map((attempt) => Math.round(racePauseMs(attempt, largest)))).toEqual([
      30, 50, 90, 170, 330, 500, 500, 500, 500, 500,
    ]);
    expect(ATTEMPTS.map((attempt) => racePauseMs(attempt, smallest))).toEqual(Array(10).fill(10));
  });
});
