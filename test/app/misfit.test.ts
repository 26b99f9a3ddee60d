import { expect, test } from "vitest";
import * as z from "zod/mini";
import { misfit } from "../../src/app/misfit.ts";

const schema = z.strictObject({
  title: z.string(),
  count: z.optional(z.number().check(z.int(), z.nonnegative(), z.maximum(9))),
  sort: z.optional(z.enum(["id", "title"])),
  either: z.optional(z.union([z.string(), z.number()])),
  labels: z.optional(z.array(z.string())),
  deep: z.optional(z.strictObject({ flag: z.boolean() })),
});

test.each([
  [[], "expected an object", ""],
  [{}, "title: expected a text", "title"],
  [{ titel: "x" }, 'nothing is called "titel" here', "titel"],
  [{ title: "x", count: "1" }, "count: expected a number", "count"],
  [{ title: "x", count: 1.5 }, "count: expected a whole number", "count"],
  [{ title: "x", count: -1 }, "count: expected 0 or more", "count"],
  [{ title: "x", count: 10 }, "count: expected 9 or less", "count"],
  [{ title: "x", sort: "colour" }, "sort: expected one of id, title", "sort"],
  [{ title: "x", either: true }, "either: expected a text or a number", "either"],
  [{ title: "x", labels: "x" }, "labels: expected a list", "labels"],
  [{ title: "x", labels: [1] }, "labels.0: expected a text", "labels.0"],
  [{ title: "x", deep: { flag: 1 } }, "deep.flag: expected true or false", "deep.flag"],
  [{ title: "x", deep: { falg: true, flag: true } }, 'nothing is called "deep.falg" here', "deep.falg"],
])("%j: %s", (value, message, field) => {
  const { error } = schema.safeParse(value);
  expect(misfit(error?.issues ?? [])).toMatchObject({ code: "BAD_INPUT", message, details: { field } });
});
