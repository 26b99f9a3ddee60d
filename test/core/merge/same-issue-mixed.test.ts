import { expect, test } from "vitest";
import type { Appearance, Version } from "../../../src/core/merge/same-issue.ts";
import { sameIssues } from "../../../src/core/merge/same-issue.ts";

function appearance(version: Version, own: Partial<Appearance>): Appearance {
  const one = { version, id: "x-1", wanted: "x-1", level: 0, createdBy: "ann", createdAt: "2026-01-01 10:00:00" };
  return { ...one, title: "One", isDateless: false, created: new Set(), fresh: new Set(), ...own };
}

const anns = appearance("theirs", { created: new Set(["a"]), fresh: new Set(["a"]) });

test("two issues whose rows another program put together stay two", () => {
  const mixed = { createdBy: "bob", createdAt: "2026-01-02 10:00:00", created: new Set(["a", "b"]) };

  expect(sameIssues([anns, appearance("ours", { ...mixed, fresh: new Set(["b"]) })])).toHaveLength(2);
});

test("an issue whose creator or time was corrected stays one", () => {
  const corrected = [
    { createdBy: "dora", created: new Set(["a"]), fresh: new Set(["a"]) },
    { createdAt: "2025-12-24 10:00:00", created: new Set(["a"]), fresh: new Set<string>() },
    { createdBy: "dora", createdAt: "2026-01-02 10:00:00", created: new Set(["a", "b"]), fresh: new Set<string>() },
  ];
  for (const own of corrected) expect(sameIssues([anns, appearance("ours", own)])).toHaveLength(1);
});
