import { describe, expect, test } from "vitest";
import { isReadyCandidate } from "./ready-candidate.ts";

describe("isReadyCandidate", () => {
  const now = "2026-06-01T00:00:00Z";
  const issue = { status: "open", issue_type: "task" };

  test.each([
    [issue, true],
    [{ ...issue, defer_until: "2026-06-01T00:00:00Z" }, true],
    [{ ...issue, defer_until: "2026-06-01T00:00:01Z" }, false],
    [{ ...issue, status: "in_progress" }, false],
    [{ ...issue, status: "triage" }, false],
    [{ ...issue, status: "deferred" }, false],
    [{ ...issue, status: "deferred", defer_until: "2026-06-01T00:00:01Z" }, false],
    [{ ...issue, status: "deferred", defer_until: "2026-06-01T00:00:00Z" }, true],
    [{ ...issue, status: "closed", defer_until: "2026-06-01T00:00:00Z" }, false],
    [{ ...issue, pinned: true }, false],
    [{ ...issue, ephemeral: true }, false],
    [{ ...issue, issue_type: "epic" }, true],
    [{ ...issue, issue_type: "gate" }, false],
    [{ ...issue, issue_type: "merge-request" }, false],
  ])("%j: %s", (candidate, expected) => {
    expect(isReadyCandidate(candidate, now)).toBe(expected);
  });

  test("asking for a type or for deferred work widens it", () => {
    expect(isReadyCandidate({ ...issue, issue_type: "gate" }, now, { type: "gate" })).toBe(true);
    expect(isReadyCandidate(issue, now, { type: "gate" })).toBe(false);
    const later = { ...issue, defer_until: "2027-01-01T00:00:00Z" };
    expect(isReadyCandidate(later, now, { includeDeferred: true })).toBe(true);
    expect(isReadyCandidate({ ...later, status: "deferred" }, now, { includeDeferred: true })).toBe(true);
  });
});
