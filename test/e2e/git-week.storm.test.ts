import { expect, onTestFinished, test } from "vitest";
import { GitWeek } from "../support/git-week.ts";
import { weekPeople } from "../support/week-people.ts";
import { BY_BRANCH, BY_HOOKS, BY_SYNC } from "../support/week-ways.ts";

/**
 * Weeks of two people with two branches each, connected by git alone, or by a Dolt remote besides; who say `bd sync`
 * before each commit, leave everything to hooks, or keep the file on a branch that is spoilt at the remote. `BEADS_WEEKS=10 BEADS_WEEK_FIRST=3` plays ten of each, from seed 3 on.
 */
const SEEDS = Number(process.env["BEADS_WEEKS"] ?? 1);
const FIRST = Number(process.env["BEADS_WEEK_FIRST"] ?? 1);

const WEEKS = [
  { by: "git alone", withRemote: false, way: BY_SYNC },
  { by: "git and a Dolt remote", withRemote: true, way: BY_SYNC },
  { by: "git with hooks", withRemote: false, way: BY_HOOKS },
  { by: "git with hooks and a Dolt remote", withRemote: true, way: BY_HOOKS },
  { by: "a branch of its own", withRemote: false, way: BY_BRANCH },
] as const;

interface Issue {
  readonly id: string;
  readonly title: string;
  readonly priority: number;
  readonly labels?: readonly string[];
  readonly comments?: readonly { readonly text: string }[];
}

function labelsOf(kept: { readonly labels: ReadonlySet<string> } | undefined): string[] {
  return [...(kept?.labels ?? [])].toSorted();
}

test.each(
  Array.from({ length: SEEDS }, (_, n) => FIRST + n).flatMap((seed) => WEEKS.map((week) => ({ seed, ...week }))),
)(
  "week $seed of two people by $by comes to rest, and both have what the ledger has",
  async ({ seed, withRemote, way }) => {
    const { people, quiet } = await weekPeople({ withRemote, way });
    const week = new GitWeek(people, { seed, withRemote, way });
    onTestFinished(({ task }) => {
      const { state, errors = [] } = task.result ?? {};
      if (state === "fail") console.log([...week.trace, ...errors.map(({ message }) => message)].join("\n"));
    });
    await week.pass();
    await week.rest();
    const [ada, bob] = people;
    expect(await bob.state()).toBe(await ada.state());
    expect(way.text(bob)).toBe(way.text(ada));
    const state: Issue[] = (await ada.state())
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const { ids, deleted, comments, titles, kept } = week.ledger;
    const expected = [...quiet, ...ids].filter((id) => !deleted.has(id)).toSorted();
    expect(state.map(({ id }) => id).toSorted()).toEqual(expected);
    for (const { id, title, priority, labels = [], comments: found = [] } of state) {
      if (quiet.includes(id)) continue;
      expect([...(titles.get(id) ?? [])]).toContain(title);
      const said = found.map(({ text }) => text);
      expect(said).toEqual(expect.arrayContaining(comments.get(id) ?? []));
      expect(new Set(said).size).toBe(said.length);
      // By two ways at once an older state may come after a newer one, and no file tells.
      if (withRemote) continue;
      expect({ id, priority, labels }).toEqual({
        id,
        priority: kept.get(id)?.priority,
        labels: labelsOf(kept.get(id)),
      });
    }
  },
  600_000,
);
