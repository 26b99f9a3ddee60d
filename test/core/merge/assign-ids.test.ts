import { describe, expect, test } from "vitest";
import { type Claim, claimIds } from "../../../src/core/merge/assign-ids.ts";
import { idAtLevel } from "../../../src/core/merge/moved-id.ts";
import { ELEVEN, NINE, TEN } from "./some-tables.ts";

function claim(
  createdBy: string,
  rest: Partial<Claim> & { readonly at?: string; readonly wanted?: string } = {},
): Claim {
  const { at = TEN, wanted = "bd-1", ...claimed } = rest;
  const birth = { wanted, createdBy, createdAt: at, ext: "" };
  return { birth, reached: 0, isAlive: true, ids: { ours: wanted }, ...claimed };
}

/** The level of each, in every order of the claims. */
function levels(...claims: readonly Claim[]): number[] {
  const found = claimIds(claims);
  for (const order of [claims.toReversed(), [...claims.slice(1), ...claims.slice(0, 1)]]) {
    expect(claimIds(order)).toEqual(found);
  }
  return claims.map((one) => found.get(one) ?? -1);
}

describe("of several issues that want one id", () => {
  test("the first made gets it, and the others what follows from them", () => {
    expect(levels(claim("ann", { at: ELEVEN }), claim("bob", { at: NINE }), claim("carl"))).toEqual([1, 0, 1]);
  });

  test("of one second the creator's name decides", () => {
    expect(levels(claim("bob"), claim("ann"))).toEqual([1, 0]);
  });

  test("one that had to move never comes back, also where nobody has the id any more", () => {
    expect(levels(claim("ann", { reached: 1 }))).toEqual([1]);
  });

  test("an earlier one that arrives last moves the holder", () => {
    expect(
      levels(claim("ann", { at: ELEVEN, ids: { ours: "bd-1" } }), claim("bob", { at: NINE, ids: { theirs: "bd-1" } })),
    ).toEqual([1, 0]);
  });

  test("two of one creator and second go on to a second step", () => {
    const twin = (ext: string) => ({ birth: { wanted: "bd-1", createdBy: "bob", createdAt: TEN, ext } });

    expect(levels(claim("ann"), claim("bob", twin("e1")), claim("bob", twin("e2")))).toEqual([0, 1, 2]);
  });
});

test("of two that agree in all else the one that has moved less comes first, then the one with the smaller id", () => {
  expect(levels(claim("ann", { reached: 1, ids: { ours: "bd-7" } }), claim("ann", { ids: { ours: "bd-8" } }))).toEqual([
    1, 0,
  ]);
  expect(levels(claim("ann", { ids: { ours: "bd-8" } }), claim("ann", { ids: { ours: "bd-7" } }))).toEqual([1, 0]);
});

describe("the id of a deleted issue", () => {
  const dead = (ids: Claim["ids"]) => claim("ann", { at: NINE, isAlive: false, ids });

  test("is not free for one that was made without knowledge of it", () => {
    expect(levels(dead({ ours: "bd-1" }), claim("bob", { ids: { theirs: "bd-1" } }))).toEqual([0, 1]);
  });

  test("is free for one that was made anew on the same side", () => {
    expect(levels(dead({ ours: "bd-1" }), claim("bob", { ids: { ours: "bd-1" } }))).toEqual([0, 0]);
    expect(levels(dead({ theirs: "bd-1" }), claim("bob", { ids: { theirs: "bd-1" } }))).toEqual([0, 0]);
  });

  test("is not free for another one that lives elsewhere, also where one lives under it", () => {
    const anew = claim("bob", { ids: { ours: "bd-1" } });
    const other = claim("carl", { at: ELEVEN, ids: { theirs: "bd-1" } });

    expect(levels(dead({ ours: "bd-1" }), anew, other)).toEqual([0, 0, 1]);
  });

  test("goes to the living one of two that are the same in all else", () => {
    const alive = claim("ann", { ids: { theirs: "bd-1" } });

    expect(levels(claim("ann", { isAlive: false }), alive)).toEqual([1, 0]);
  });
});

test("an issue whose id is another's first step moves away from it", () => {
  const moved = idAtLevel({ wanted: "bd-1", createdBy: "bob", createdAt: TEN, ext: "" }, 1);

  expect(
    levels(claim("ann"), claim("bob"), claim("carl", { at: ELEVEN, wanted: moved, ids: { theirs: moved } })),
  ).toEqual([0, 1, 1]);
});
