import { expect, it } from "vitest";
import {
  quoteArgument,
  quotePath,
  quoteProgram,
  unquoteArgument,
  unquotePath,
} from "../../../src/server/systemd/unit-quoting.ts";

it.each([
  ["/home/ann/.beads/dolt", "/home/ann/.beads/dolt"],
  ["/a b", '"/a b"'],
  ["/100%", '"/100%%"'],
  ["/$HOME", '"/$$HOME"'],
  ['/"q"\\', '"/\\"q\\"\\\\"'],
])("writes the argument %s so that systemd reads it as it is", (text, written) => {
  expect(quoteArgument(text)).toBe(written);
  expect(unquoteArgument(written, "/home/ann")).toBe(text);
});

it("leaves the dollar alone in the name of a program, and spaces and quotes in a path that is a whole value", () => {
  expect(quoteProgram("/$x %h")).toBe('"/$x %%h"');
  expect(quotePath('/a "b" $c %h')).toBe('/a "b" $c %%h');
  expect(unquotePath('/a "b" $c %%h', "/home/ann")).toBe('/a "b" $c %h');
});

it("knows the home directory's short form", () => {
  expect(unquoteArgument('"%h/.beads/dolt"', "/home/ann")).toBe("/home/ann/.beads/dolt");
});
