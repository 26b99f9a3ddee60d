import { describe, expect, test } from "vitest";
import type { Issue } from "../../../../src/core/issue/issue.ts";
import { BdError } from "../../../../src/errors.ts";
import { type CloseGuards, checkClosable, uncheckedGate } from "../../../../src/ops/issue/write/close-guards.ts";

const ISSUE: Issue = {
  id: "bd-1",
  title: "Fix login",
  status: "open",
  priority: 2,
  issue_type: "task",
  created_at: "2026-03-01T10:00:00Z",
  updated_at: "2026-03-01T10:00:00Z",
};

const FREE: CloseGuards = {
  issue: ISSUE,
  facts: { children: new Map(), edges: [], others: [] },
  closing: new Set(),
  customStatuses: [{ name: "shipped", category: "done" }],
  at: "2026-03-02T10:00:00Z",
  force: false,
};

function refusal(guards: Partial<CloseGuards>): { code: string; message: string } | undefined {
  try {
    checkClosable({ ...FREE, ...guards });
    return undefined;
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
    return { code: error.code, message: error.message };
  }
}

function blockedBy(status: string, type = "blocks"): Partial<CloseGuards> {
  return {
    facts: {
      children: new Map(),
      edges: [{ issue_id: "bd-1", depends_on_id: "bd-2", type }],
      others: [{ id: "bd-2", status }],
    },
  };
}

const EPIC = { ...ISSUE, issue_type: "epic" };

function epicWith(...statuses: readonly string[]): Partial<CloseGuards> {
  const children = statuses.map((status, index) => ({ id: `bd-1.${index + 1}`, status }));
  return { issue: EPIC, facts: { children: new Map([["bd-1", children]]), edges: [], others: [] } };
}

describe("closing", () => {
  test("a free issue is allowed", () => {
    expect(refusal({})).toBeUndefined();
  });

  test("a template is never allowed", () => {
    expect(refusal({ issue: { ...ISSUE, is_template: true }, force: true })?.code).toBe("TEMPLATE");
  });

  test("a pinned issue needs force", () => {
    const issue = { ...ISSUE, status: "pinned" };

    expect(refusal({ issue })?.message).toBe("cannot modify pinned issue bd-1 (use --force to override)");
    expect(refusal({ issue, force: true })).toBeUndefined();
  });

  test("an epic waits for its children, finished ones in the project's own words included", () => {
    expect(refusal(epicWith("open", "closed", "deferred"))?.message).toBe(
      "cannot close epic bd-1: 2 open child issue(s); close children first or use --force to override",
    );
    expect(refusal(epicWith("closed", "shipped"))).toBeUndefined();
    expect(refusal({ ...epicWith("open"), closing: new Set(["bd-1.1"]) })).toBeUndefined();
    expect(refusal({ ...epicWith("open"), force: true })).toBeUndefined();
  });

  test("children of anything else hold nothing back", () => {
    expect(refusal({ ...epicWith("open"), issue: ISSUE })).toBeUndefined();
  });

  test("a blocked issue names what blocks it", () => {
    expect(refusal(blockedBy("open"))?.message).toBe(
      "cannot close bd-1: blocked by open issues [bd-2] (use --force to override)",
    );
    expect(refusal(blockedBy("in_progress", "conditional-blocks"))?.message).toBe(
      "cannot close bd-1: blocked by open issues [bd-2 (conditional-blocks)] (use --force to override)",
    );
    expect(refusal({ ...blockedBy("open"), force: true })).toBeUndefined();
  });

  test.each(["closed", "shipped", "pinned"])("a blocker that is %s holds nothing back", (status) => {
    expect(refusal(blockedBy(status))).toBeUndefined();
  });

  test("what the same command closes holds nothing back", () => {
    expect(refusal({ ...blockedBy("open"), closing: new Set(["bd-2"]) })).toBeUndefined();
  });

  test("waiting for an issue means waiting for its children", () => {
    const facts = (status: string) => ({
      children: new Map(),
      edges: [
        { issue_id: "bd-1", depends_on_id: "bd-2", type: "waits-for" },
        { issue_id: "bd-2.1", depends_on_id: "bd-2", type: "parent-child" },
      ],
      others: [
        { id: "bd-2", status: "open" },
        { id: "bd-2.1", status },
      ],
    });

    expect(refusal({ facts: facts("open") })?.code).toBe("BLOCKED");
    expect(refusal({ facts: facts("closed") })).toBeUndefined();
  });

  test("a timer gate waits until its time has come", () => {
    const gate = { ...ISSUE, issue_type: "gate", await_type: "timer" };
    const hours = (count: number) => count * 3_600_000_000_000;

    expect(refusal({ issue: { ...gate, timeout: hours(48) } })?.message).toBe(
      "cannot close gate bd-1: its timer runs until 2026-03-03T10:00:00Z (use --force to override)",
    );
    expect(refusal({ issue: { ...gate, timeout: hours(24) } })).toBeUndefined();
  });

  test("conditions that only another program can check are named", () => {
    expect(uncheckedGate({ ...ISSUE, issue_type: "gate", await_type: "gh:run" })).toBe("gh:run");
    expect(uncheckedGate({ ...ISSUE, issue_type: "gate", await_type: "timer" })).toBeUndefined();
    expect(uncheckedGate({ ...ISSUE, await_type: "gh:run" })).toBeUndefined();
  });
});
