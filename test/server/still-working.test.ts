import { expect, it } from "vitest";
import { sayStillWorking } from "../../src/server/still-working.ts";

it("says again and again that long work goes on, and hands on its result", async () => {
  const said: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const say = (line: string): void => {
    if (said.push(line) === 2) resolve("done");
  };

  expect(await sayStillWorking({ say }, "building dolt", promise, 1)).toBe("done");

  expect(said).toEqual(["Still building dolt (0 s)", "Still building dolt (0 s)"]);
});
