import { expect, test } from "vitest";
import { type Claim, type ClaimRequest, claimFromEvent, endedClaim, planClaim } from "../../../src/core/claim/claim.ts";
import type { Issue } from "../../../src/core/issue/issue.ts";
import { refusal } from "../refusal.ts";

const NOW = "2026-02-03T04:05:06Z";
const EARLIER = "2026-01-01T00:00:00Z";

function issue(fields: Partial<Issue> = {}): Issue {
  return {
    id: "bd-a1b",
    title: "Fix login",
    status: "open",
    priority: 1,
    issue_type: "task",
    created_at: EARLIER,
    updated_at: EARLIER,
    ...fields,
  };
}

function request(fields: Partial<ClaimRequest> = {}): ClaimRequest {
  return { issue: issue(), lastClaim: undefined, actor: "ann", session: undefined, now: NOW, ...fields };
}

const HELD = issue({ status: "in_progress", assignee: "ann", started_at: EARLIER });

function claimed(session: string | undefined, actor = "ann"): Claim {
  return { actor, session, at: EARLIER };
}

test("an open issue is taken, and the event says what it was and who has it now", () => {
  expect(planClaim(request({ session: "s1" }))).toEqual({
    kind: "claim",
    from: undefined,
    patch: { assignee: "ann", status: "in_progress", updated_at: NOW, started_at: NOW },
    event: {
      issue_id: "bd-a1b",
      event_type: "claimed",
      old_value: JSON.stringify(issue()),
      new_value: '{"assignee":"ann","status":"in_progress","session":"s1"}',
    },
  });
});

test("an issue of another claimant is taken over when that is asked for, and the event says from whom", () => {
  const theirs = issue({ status: "in_progress", assignee: "bob", started_at: EARLIER });
  const plan = planClaim(request({ issue: theirs, lastClaim: claimed("s2", "bob"), session: "s1", steal: true }));

  expect(plan).toMatchObject({
    kind: "claim",
    patch: { assignee: "ann", status: "in_progress" },
    from: { holder: "bob", since: EARLIER },
    event: { new_value: '{"assignee":"ann","status":"in_progress","session":"s1","taken_from":"bob"}' },
  });
  expect(planClaim(request({ issue: HELD, lastClaim: claimed("s1"), session: "s1", steal: true })).kind).toBe(
    "held-by-you",
  );
  expect(planClaim(request({ issue: HELD, lastClaim: claimed("s1"), session: "s2", steal: true }))).toMatchObject({
    from: { holder: "ann" },
  });
  expect(planClaim(request({ issue: issue({ assignee: "bob" }), steal: true }))).toMatchObject({
    from: { holder: "bob", since: undefined },
  });
});

test("what is finished is taken from nobody", () => {
  expect(refusal(() => planClaim(request({ issue: issue({ status: "closed" }), steal: true })))).toMatchObject({
    code: "NOT_CLAIMABLE",
  });
});

test("work that was begun before keeps its first start", () => {
  const plan = planClaim(request({ issue: issue({ started_at: EARLIER }) }));

  expect(plan).toMatchObject({ patch: { started_at: EARLIER } });
});

test("an open issue that is assigned can be claimed by its assignee alone", () => {
  const assigned = issue({ assignee: "ann" });

  expect(planClaim(request({ issue: assigned })).kind).toBe("claim");
  expect(refusal(() => planClaim(request({ issue: assigned, actor: "bob" })))).toMatchObject({
    kind: "conflict",
    code: "ALREADY_CLAIMED",
    message: "cannot claim bd-a1b: issue already claimed by ann",
  });
});

test("the same actor in the same session holds the issue already", () => {
  expect(planClaim(request({ issue: HELD, session: "s1", lastClaim: claimed("s1") }))).toEqual({ kind: "held-by-you" });
});

test.each([
  {
    who: "another actor",
    asks: { actor: "bob", session: "s1" },
    lastClaim: claimed("s1"),
    message: "cannot claim bd-a1b: issue already claimed by ann since 2026-01-01T00:00:00Z",
  },
  {
    who: "the same actor without a session",
    asks: { actor: "ann", session: undefined },
    lastClaim: claimed(undefined),
    message:
      "cannot claim bd-a1b: issue already claimed by ann since 2026-01-01T00:00:00Z, and without a session two claimants of that name can't be told apart",
  },
  {
    who: "the same actor in another session",
    asks: { actor: "ann", session: "s2" },
    lastClaim: claimed("s1"),
    message: "cannot claim bd-a1b: issue already claimed by ann since 2026-01-01T00:00:00Z in another session",
  },
  {
    who: "the same actor whose claim named no session",
    asks: { actor: "ann", session: "s1" },
    lastClaim: claimed(undefined),
    message: "cannot claim bd-a1b: issue already claimed by ann since 2026-01-01T00:00:00Z without a session",
  },
  {
    who: "a session of the same name that claimed before somebody else did",
    asks: { actor: "ann", session: "s1" },
    lastClaim: claimed("s1", "bob"),
    message: "cannot claim bd-a1b: issue already claimed by ann since 2026-01-01T00:00:00Z without a session",
  },
])("$who is told who holds the issue", ({ asks, lastClaim, message }) => {
  expect(refusal(() => planClaim(request({ issue: HELD, ...asks, lastClaim })))).toMatchObject({
    kind: "conflict",
    code: "ALREADY_CLAIMED",
    message,
  });
});

test("the hint for claimants without a session names the flag", () => {
  expect(() => planClaim(request({ issue: HELD }))).toThrow(
    expect.objectContaining({ hint: "bd ready --claim --session NAME" }),
  );
});

test.each(["closed", "blocked", "deferred", "pinned"])("an issue that is %s can't be claimed", (status) => {
  expect(refusal(() => planClaim(request({ issue: issue({ status, assignee: "ann" }) })))).toMatchObject({
    kind: "rejected",
    code: "NOT_CLAIMABLE",
    message: `cannot claim bd-a1b: issue not claimable: status ${status}`,
  });
});

test("work in progress that nobody has can't be claimed", () => {
  expect(refusal(() => planClaim(request({ issue: issue({ status: "in_progress" }) }))).code).toBe("NOT_CLAIMABLE");
});

test.each([
  ['{"assignee":"ann","status":"in_progress","session":"s1"}', "s1"],
  ['{"assignee":"ann","status":"in_progress"}', undefined],
  ['{"session":7}', undefined],
  ["", undefined],
])("the event's value %s names the session %s", (newValue, session) => {
  expect(claimFromEvent({ actor: "ann", at: EARLIER, newValue })).toEqual({ actor: "ann", at: EARLIER, session });
});

test.each([
  ["another person's", { issue: issue({ status: "in_progress", assignee: "bob" }) }, "bob"],
  ["another person's, in a session", { issue: HELD, actor: "bob", lastClaim: claimed("s1") }, "ann in session s1"],
  ["another session's", { issue: HELD, session: "s2", lastClaim: claimed("s1") }, "ann in session s1"],
  ["a session's, by who has none", { issue: HELD, lastClaim: claimed("s1") }, "ann in session s1"],
  ["one's own", { issue: HELD, session: "s1", lastClaim: claimed("s1") }, undefined],
  ["one's own without a session", { issue: HELD, session: "s2", lastClaim: claimed(undefined) }, undefined],
  ["nobody's", { issue: issue({ status: "in_progress" }) }, undefined],
  ["of an issue that is only assigned", { issue: issue({ assignee: "bob" }) }, undefined],
])("closing ends a claim that is %s", (_whose, fields, expected) => {
  expect(endedClaim(request(fields))).toBe(expected);
});
