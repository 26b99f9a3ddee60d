import { expect, it } from "vitest";
import * as z from "zod/mini";
import { listedIssue } from "../../src/ops/wire/issue-schemas.ts";
import { misfitOf } from "./checked-wires.ts";

const ISSUE = {
  id: "bd-a1",
  title: "Login",
  status: "open",
  priority: 1,
  issue_type: "task",
  created_at: "2026-01-02T15:04:05Z",
  updated_at: "2026-01-02T15:04:05Z",
  dependency_count: 0,
  dependent_count: 0,
  comment_count: 0,
};
const EDGE = { issue_id: "bd-a1", depends_on_id: "bd-b2", type: "blocks", created_at: "2026-01-02T15:04:05Z" };

it.each<[what: string, change: object, complaint: RegExp | undefined]>([
  ["an issue as it is listed", {}, undefined],
  ["a time with a fraction", { created_at: "2026-01-02T15:04:05.6Z" }, /created_at/],
  ["a number for a text", { title: 1 }, /title/],
  ["nothing for a text that is always there", { title: undefined }, /title/],
  ["null for what is left out", { parent: null }, /parent/],
  ["a key that the schema does not name", { more: 1 }, /more/],
  ["an edge", { dependencies: [EDGE] }, undefined],
  ["such a key further in", { dependencies: [{ ...EDGE, more: 1 }] }, /more/],
  ["the year that a gate waits, in nanoseconds", { timeout: 365 * 86_400 * 1e9 }, undefined],
])("%s", async (_what, change, complaint) => {
  const misfit = await misfitOf("test", { schema: () => z.array(listedIssue()) }, [{ ...ISSUE, ...change }]);

  if (complaint === undefined) expect(misfit).toBeUndefined();
  else expect(misfit?.message).toMatch(complaint);
});

it("a wire that gives nothing", async () => {
  const wire = { schema: () => z.never() };

  expect(await misfitOf("nothing", wire, undefined)).toBeUndefined();
  expect((await misfitOf("nothing", wire, {}))?.message).toMatch(/nothing/);
});
