import { describe, expect, test } from "vitest";
import { sameSnapshot } from "../../../src/core/merge/snapshot.ts";
import { type Merge, mergeByIdentity } from "./histories/memory-clone.ts";
import { mergeByRowId } from "./histories/old-rules.ts";
import { runHistory } from "./histories/run-history.ts";
import { madeAnew, threeNextChildren, workOnWhatMoved } from "./histories/story.ts";
import { tallied } from "./histories/tally.ts";
import { mergeWhatMayMeet } from "./histories/universe.ts";

const COUNT = Number(process.env["BEADS_HISTORIES"] ?? "200");
const SEED = Number(process.env["BEADS_HISTORIES_SEED"] ?? "1");

function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => SEED + index);
}

describe("histories of three to five clones", () => {
  test(`lose, double and mix nothing, and come to rest with equal tables (${COUNT} from seed ${SEED})`, async () => {
    const { violations } = await tallied(seeds(COUNT), (seed) => runHistory(seed, mergeByIdentity));

    expect(Object.fromEntries(violations)).toEqual({});
  }, 600_000);

  test("come to the same where a merge looks only at the issues that may meet", async () => {
    const others: string[] = [];
    const merge: Merge = async (commits, tips, bases) => {
      const full = await mergeByIdentity(commits, tips, bases);
      const part = await mergeWhatMayMeet(commits, tips, bases);
      if (!sameSnapshot(full, part)) others.push(`${tips.ours} and ${tips.theirs}`);
      return full;
    };

    for (const seed of seeds(60)) await runHistory(seed, merge);

    expect(others).toEqual([]);
  });

  test("would show at once that an issue is not its id", async () => {
    const { violations } = await tallied(seeds(20), (seed) => runHistory(seed, mergeByRowId));

    expect([...violations.keys()]).toEqual(expect.arrayContaining(["an issue is lost", "an issue is back"]));
  });
});

describe("three people who each make the next child of an epic", () => {
  test("have three children, of which the first made has the number", async () => {
    const story = await threeNextChildren(mergeByIdentity);

    expect(story.issuesOf("bob")).toEqual({
      "x-p": ["Epic of ann", "Epic", "open"],
      "x-p.1": ["Step of bob", "Step", "open"],
      "x-p.1_fl0wbvjo": ["Step of carl", "Step", "open"],
      "x-p.1_u4zxk6t1": ["Step of ann", "Step", "open"],
    });
    expect(story.violationsAt("bob")).toEqual([]);
  });

  test("would have two where an issue is its id", async () => {
    const story = await threeNextChildren(mergeByRowId);

    expect(story.violationsAt("bob")).toEqual(["Step of bob is lost", "Step of carl has 2 events"]);
  });
});

describe("who works on an issue whose id another one has by now", () => {
  test("finds the work on her own issue", async () => {
    const story = await workOnWhatMoved(mergeByIdentity);

    expect(story.issuesOf("ann")).toEqual({
      "x-p.1": ["Step of bob", "Step", "open"],
      "x-p.1_hcbu4cej": ["Step of ann", "Step, by ann", "closed", "half done"],
    });
    expect(story.violationsAt("ann")).toEqual([]);
  });

  test("would find it on the other one where an issue is its id", async () => {
    const story = await workOnWhatMoved(mergeByRowId);

    expect(story.issuesOf("ann")).toEqual({
      "x-p.1": ["Step of bob", "Step, by ann", "closed", "half done"],
      "x-p.2": ["Step of ann", "Step", "open"],
    });
    expect(story.violationsAt("ann")).toContain("Step of ann comments:  instead of half done");
  });
});

describe("a comment on an issue that somebody deleted and made anew under its id", () => {
  test("goes with the deleted issue", async () => {
    const story = await madeAnew(mergeByIdentity);

    expect(story.issuesOf("bob")).toEqual({ "x-1": ["New of ann", "New", "open"] });
  });

  test("would stand on the new one where an issue is its id", async () => {
    const story = await madeAnew(mergeByRowId);

    expect(story.issuesOf("bob")).toEqual({ "x-1": ["New of ann", "New", "open", "to the old one"] });
    expect(story.violationsAt("bob")).toEqual(["New of ann comments: to the old one instead of "]);
  });
});
