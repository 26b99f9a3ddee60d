import { describe, expect, test } from "vitest";
import type { Issue } from "../../../../src/core/issue/issue.ts";
import { UTC } from "../../../../src/core/time/time-zone.ts";
import { planUpdate } from "../../../../src/ops/issue/write/plan-update.ts";
import { changesFrom, type UpdateInput } from "../../../../src/ops/issue/write/update-input.ts";
import type { ProjectConfig } from "../../../../src/store/queries/project-config.ts";

const NOW = "2026-03-02T10:00:00Z";
const CONFIG: ProjectConfig = {
  entries: new Map(),
  prefix: "bd",
  allowedPrefixes: [],
  customStatuses: [{ name: "shipped", category: "done" }],
  customTypes: ["chapter"],
  infraTypes: [],
};

function issue(fields: Partial<Issue> = {}): Issue {
  return {
    id: "bd-1",
    title: "Fix login",
    status: "open",
    priority: 2,
    issue_type: "task",
    created_at: "2026-03-01T10:00:00Z",
    updated_at: "2026-03-01T10:00:00Z",
    ...fields,
  };
}

function plan(current: Issue, input: Partial<UpdateInput>) {
  const changes = changesFrom({ ids: [], ...input }, new Date(NOW), UTC);
  return planUpdate(current, changes, { config: CONFIG, at: NOW, session: "s1" });
}

describe("an update", () => {
  test("takes over only what differs", () => {
    const { patch, events } = plan(issue({ assignee: "bob" }), { title: "Fix login", assignee: "bob", priority: "P1" });

    expect(patch).toEqual({ priority: 1 });
    expect(events.map(({ event_type, new_value }) => [event_type, new_value])).toEqual([["updated", '{"priority":1}']]);
  });

  test("that asks for what is there changes nothing", () => {
    const current = issue({ labels: ["a"], metadata: { n: 1 }, notes: "n" });

    const update = plan(current, { status: "open", notes: "n", add_labels: ["a"], set_metadata: ["n=1"], due: "" });

    expect(update).toEqual({ patch: {}, addedLabels: [], removedLabels: [], events: [] });
  });

  test("clears a field with an empty text", () => {
    const { patch, events } = plan(issue({ assignee: "bob" }), { assignee: "" });

    expect(patch).toEqual({ assignee: undefined });
    expect(events[0]?.new_value).toBe('{"assignee":null}');
  });

  test.each([
    [
      "closing writes down when, in which session and that nobody said why",
      issue(),
      "closed",
      { closed_at: NOW, closed_by_session: "s1", close_reason: "Closed" },
    ],
    [
      "opening again forgets how it was closed",
      issue({ status: "closed", closed_at: NOW, close_reason: "done", closed_by_session: "s0" }),
      "open",
      { closed_at: undefined, close_reason: undefined, closed_by_session: undefined },
    ],
    ["starting writes down when", issue(), "in_progress", { started_at: NOW }],
    ["starting again keeps the first time", issue({ started_at: "2026-01-01T00:00:00Z" }), "in_progress", {}],
    ["a custom status has no effects", issue(), "shipped", {}],
  ])("%s", (_title, current, status, effects) => {
    expect(plan(current, { status }).patch).toEqual({ status, ...effects });
  });

  test.each([
    ["open", "closed", "closed"],
    ["closed", "open", "reopened"],
    ["open", "blocked", "status_changed"],
  ])("from %s to %s is the event %s", (from, status, type) => {
    expect(plan(issue({ status: from }), { status }).events.map((event) => event.event_type)).toEqual([type]);
  });

  test.each([
    ["a later time sets the issue aside", issue(), { defer: "+2d" }, "deferred"],
    ["a status given with it wins", issue(), { defer: "+2d", status: "blocked" }, "blocked"],
    ["a time that is past leaves the status", issue(), { defer: "-2d" }, undefined],
    ["closed issues stay closed", issue({ status: "closed" }), { defer: "+2d" }, undefined],
    [
      "taking it back opens the issue",
      issue({ status: "deferred", defer_until: "2026-04-01T00:00:00Z" }),
      { defer: "" },
      "open",
    ],
  ])("deferring: %s", (_title, current, input, status) => {
    expect(plan(current, input).patch.status).toBe(status);
  });

  test("merges metadata, and leaves none where nothing is left", () => {
    const current = issue({ metadata: { team: "core", n: 3 } });

    expect(plan(current, { metadata: '{"n":4}', set_metadata: ["ok=true"] }).patch).toEqual({
      metadata: { team: "core", n: 4, ok: true },
    });
    expect(plan(current, { unset_metadata: ["team", "n"] }).patch).toEqual({ metadata: undefined });
  });

  test("adds notes on a line of their own", () => {
    expect(plan(issue(), { append_notes: "b" }).patch).toEqual({ notes: "b" });
    expect(plan(issue({ notes: "a" }), { append_notes: "b" }).patch).toEqual({ notes: "a\nb" });
  });

  test("replaces, adds and removes labels, with an event for each that changes", () => {
    const update = plan(issue({ labels: ["a", "b"] }), {
      set_labels: ["b", "c"],
      add_labels: ["d"],
      remove_labels: ["c"],
    });

    expect(update.addedLabels).toEqual(["d"]);
    expect(update.removedLabels).toEqual(["a"]);
    expect(update.events.map(({ event_type, comment }) => [event_type, comment])).toEqual([
      ["label_added", "Added label: d"],
      ["label_removed", "Removed label: a"],
    ]);
  });

  test.each([
    [{ status: "nosuch" }, "INVALID_STATUS"],
    [{ type: "nosuch" }, "INVALID_ISSUE_TYPE"],
    [{ priority: "high" }, "INVALID_PRIORITY"],
    [{ title: " " }, "TITLE_REQUIRED"],
    [{ title: "x".repeat(501) }, "TEXT_TOO_LONG"],
    [{ add_labels: [""] }, "LABEL_REQUIRED"],
    [{ due: "someday" }, "INVALID_TIME"],
    [{ metadata: "[1]" }, "INVALID_METADATA"],
    [{ set_metadata: ["novalue"] }, "INVALID_METADATA"],
    [{ append_notes: "x".repeat(65_535) }, "TEXT_TOO_LONG"],
    [{ claim: true, assignee: "bob" }, "CONTRADICTING_FLAGS"],
    [{ claim: true, status: "open" }, "CONTRADICTING_FLAGS"],
    [{ steal: true, status: "closed" }, "CONTRADICTING_FLAGS"],
  ])("with %o is refused", (input, code) => {
    expect(() => plan(issue({ notes: "n" }), input)).toThrow(expect.objectContaining({ code }));
  });

  test("knows the project's own types", () => {
    expect(plan(issue(), { type: "chapter" }).patch).toEqual({ issue_type: "chapter" });
  });
});
