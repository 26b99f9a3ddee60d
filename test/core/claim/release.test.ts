import { describe, expect, test } from "vitest";
import type { ClaimRequest } from "../../../src/core/claim/claim.ts";
import { planRelease } from "../../../src/core/claim/release.ts";
import type { Issue } from "../../../src/core/issue/issue.ts";
import { refusal } from "../refusal.ts";

const EARLIER = "2026-01-01T00:00:00Z";

const HELD: Issue = {
  id: "bd-a1b",
  title: "Fix login",
  status: "in_progress",
  priority: 1,
  issue_type: "task",
  assignee: "ann",
  created_at: EARLIER,
  updated_at: EARLIER,
  started_at: EARLIER,
};

function request(fields: Partial<ClaimRequest> = {}): ClaimRequest {
  const lastClaim = { actor: "ann", session: "s1", at: EARLIER };
  return { issue: HELD, lastClaim, actor: "ann", session: "s1", now: "2026-02-03T04:05:06Z", ...fields };
}

test("a claim that is given back leaves an open issue of nobody, and an event", () => {
  expect(planRelease(request())).toEqual({
    kind: "release",
    from: undefined,
    patch: { assignee: undefined, status: "open", updated_at: "2026-02-03T04:05:06Z" },
    event: {
      issue_id: "bd-a1b",
      event_type: "status_changed",
      old_value: JSON.stringify(HELD),
      new_value: '{"assignee":null,"status":"open"}',
    },
  });
});

describe("one's own is", () => {
  test.each([
    ["a claim without a session", { lastClaim: { actor: "ann", session: undefined, at: EARLIER }, session: undefined }],
    ["such a claim, by whoever has the name", { lastClaim: { actor: "ann", session: undefined, at: EARLIER } }],
    ["what another program gave to that name", { lastClaim: undefined, session: undefined }],
    ["an open issue that is assigned to that name", { issue: { ...HELD, status: "open" }, session: "s2" }],
  ])("%s", (_what, fields) => {
    expect(planRelease(request(fields))).toMatchObject({ kind: "release", from: undefined });
  });
});

describe("another's is refused, and given back with steal", () => {
  test.each([
    ["another name's", { actor: "bob" }, /^cannot release bd-a1b: issue already claimed by ann since 2026-01-01/],
    ["another session's", { session: "s2" }, / in another session$/],
    ["a session's, without one", { session: undefined }, /without a session two claimants/],
    ["assigned to another", { actor: "bob", issue: { ...HELD, status: "open" } }, /claimed by ann$/],
  ])("%s", (_what, fields, message) => {
    expect(refusal(() => planRelease(request(fields)))).toMatchObject({
      kind: "conflict",
      code: "ALREADY_CLAIMED",
      message: expect.stringMatching(message),
    });
    expect(planRelease(request({ ...fields, steal: true }))).toMatchObject({ from: { holder: "ann" } });
  });
});

test("what nobody has is left as it is, and what is neither open nor begun is refused", () => {
  const { assignee: _nobody, ...free } = HELD;
  expect(planRelease(request({ issue: { ...free, status: "open" } }))).toEqual({ kind: "held-by-nobody" });
  expect(planRelease(request({ issue: free }))).toMatchObject({ kind: "release" });
  expect(refusal(() => planRelease(request({ issue: { ...HELD, status: "closed" }, steal: true })))).toMatchObject({
    kind: "rejected",
    code: "NOT_CLAIMABLE",
  });
});
