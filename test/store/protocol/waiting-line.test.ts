import { expect, test } from "vitest";
import { placeBehindLast } from "../../../src/store/protocol/waiting-line.ts";

/** `x` is taken. */
const line = (places: string) => places.split("").map((place) => place === ".");

test.each([
  ["........", 0],
  ["xxx.....", 3],
  ["..xxx...", 5],
  ["xx....xx", 2],
  ["xxx.xx..", 6],
  ["x.xxxxx.", 1],
  ["xxxxxxxx", undefined],
])("in the ring %s, the place behind the last is %s", (places, place) => {
  expect(placeBehindLast(line(places))).toBe(place);
});
