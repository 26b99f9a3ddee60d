import { describe, expect, test } from "vitest";
import {
  checkEpicRule,
  checkNoCycle,
  checkNotAncestor,
  checkNotSelf,
  checkOneEdgePerPair,
} from "../../../src/core/dependency/dependency-rules.ts";
import { refusal } from "../refusal.ts";

const EDGE = { issue_id: "gold-7fw", depends_on_id: "gold-6w5", type: "blocks" };

test("an issue can't depend on itself", () => {
  expect(() => checkNotSelf(EDGE)).not.toThrow();
  expect(refusal(() => checkNotSelf({ ...EDGE, depends_on_id: "gold-7fw" }))).toEqual({
    kind: "rejected",
    code: "SELF_DEPENDENCY",
    message: "cannot add self-dependency: gold-7fw cannot depend on itself",
  });
});

test("a pair has one edge: the same type again is fine, another is refused", () => {
  expect(() => checkOneEdgePerPair(EDGE, undefined)).not.toThrow();
  expect(() => checkOneEdgePerPair(EDGE, "blocks")).not.toThrow();
  expect(refusal(() => checkOneEdgePerPair({ ...EDGE, type: "related" }, "blocks"))).toEqual({
    kind: "rejected",
    code: "DEPENDENCY_EXISTS",
    message:
      'dependency gold-7fw -> gold-6w5 already exists with type "blocks" (requested "related"); remove it first with \'bd dep remove\' then re-add',
  });
});

describe("the epic rule", () => {
  test.each([
    ["blocks", "epic", "epic"],
    ["blocks", "task", "bug"],
    ["blocks", "task", undefined],
    ["related", "epic", "task"],
    ["conditional-blocks", "task", "epic"],
    ["parent-child", "task", "epic"],
  ])("lets %s join %s to %s", (type, source, target) => {
    expect(() => checkEpicRule({ ...EDGE, type }, source, target)).not.toThrow();
  });

  test.each([
    ["epic", "task", "epics can only block other epics, not tasks"],
    ["bug", "epic", "tasks can only block other tasks, not epics"],
  ])("refuses blocks from %s to %s", (source, target, message) => {
    expect(refusal(() => checkEpicRule(EDGE, source, target))).toEqual({ kind: "rejected", code: "EPIC_MIX", message });
  });
});

test("a cycle is refused", () => {
  expect(() => checkNoCycle(undefined)).not.toThrow();
  expect(refusal(() => checkNoCycle(["a", "b", "a"]))).toEqual({
    kind: "rejected",
    code: "DEPENDENCY_CYCLE",
    message: "adding dependency would create a cycle",
  });
});

describe("an ancestor", () => {
  test.each(["blocks", "conditional-blocks", "waits-for"])("can't be waited for with %s", (type) => {
    expect(refusal(() => checkNotAncestor({ ...EDGE, type }, true))).toEqual({
      kind: "rejected",
      code: "ANCESTOR_DEPENDENCY",
      message: "cannot add dependency: gold-7fw is already a child of gold-6w5, and waiting for it would be a deadlock",
    });
  });

  test.each(["parent-child", "related", "discovered-from"])("may have an edge of type %s", (type) => {
    expect(() => checkNotAncestor({ ...EDGE, type }, true)).not.toThrow();
  });

  test("is nobody else", () => {
    expect(() => checkNotAncestor(EDGE, false)).not.toThrow();
  });
});
