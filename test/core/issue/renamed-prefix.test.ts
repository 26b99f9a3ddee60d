import { expect, test } from "vitest";
import { renamedId, renamedMentions } from "../../../src/core/issue/renamed-prefix.ts";

const change = { from: "old", to: "new", joint: "-", others: ["old-web"] } as const;

test("ids of the prefix get the new one, children and moved ones too", () => {
  expect(["old-a1", "old-a1.2", "old-a_k3f9a2bx", "old-wisp-x"].map((id) => renamedId(id, change))).toEqual([
    "new-a1",
    "new-a1.2",
    "new-a_k3f9a2bx",
    "new-wisp-x",
  ]);
  expect(["older-a1", "Old-a1", "x-old-a1", "old", "old-web-a1"].map((id) => renamedId(id, change))).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test.each([
  ["see old-a1", "see new-a1"],
  ["(old-a1, old-a1.2; old-a1.)", "(new-a1, new-a1.2; new-a1.)"],
  ["old-a1.9 is no issue, its parent is", "new-a1.9 is no issue, its parent is"],
  ["old-a1-b and old-zz and bold-a1 and x.old-a1", "new-a1-b and old-zz and bold-a1 and x.old-a1"],
  ["old-a1old-a1", "old-a1old-a1"],
  ["ends old-a1", "ends new-a1"],
])("%s", (text, expected) => {
  const ids = new Map([
    ["old-a1", "new-a1"],
    ["old-a1.2", "new-a1.2"],
  ]);
  expect(renamedMentions(text, change, ids)).toBe(expected);
});

test("a prefix with signs of regular expressions is only text", () => {
  expect(renamedMentions("a.b-1 axb-1", { from: "a.b", joint: "-" }, new Map([["a.b-1", "n-1"]]))).toBe("n-1 axb-1");
});

const one = { from: "old-a1", to: "old-login", joint: ".", others: [] } as const;

test("one id gets another, and those of its numbered children begin with it", () => {
  expect(["old-a1", "old-a1.2", "old-a1.2.1"].map((id) => renamedId(id, one))).toEqual([
    "old-login",
    "old-login.2",
    "old-login.2.1",
  ]);
  for (const id of ["old-a12", "old-a1-b", "old-a1_k3f9a2bx", "x-old-a1"]) expect(renamedId(id, one)).toBeUndefined();
});

test("of texts only the id itself is changed, and what begins as it does stays", () => {
  const ids = new Map([["old-a1", "old-login"]]);
  expect(renamedMentions("old-a1, (old-a1) old-a1. old-a1.7 old-a1_", one, ids)).toBe(
    "old-login, (old-login) old-login. old-login.7 old-login_",
  );
  const others = "old-a12 old-a1-b old-a1_k3f9a2bx bold-a1 old-a1.md";
  expect(renamedMentions(others, one, ids)).toBe(others);
});
