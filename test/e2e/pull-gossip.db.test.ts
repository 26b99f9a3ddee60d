import { expect, test } from "vitest";
import { type Publisher, publishers } from "../support/publishers.ts";
import { commitBySql, run, tableHashes } from "../support/two-machines.ts";

/** Numbers from 0 up to, not including, 1; the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const COLUMNS = ["title", "notes", "assignee", "spec_id"];
const START = Date.parse("2026-02-01T00:00:00Z");

/** What three people do by chance, and what must be there in the end. */
class Gossip {
  readonly #random: () => number;
  #count = 0;
  /** By issue and column, the last value that anybody gave it. */
  readonly cells = new Map<string, string>();
  readonly issues = new Set(["go-1", "go-2", "go-3"]);
  /** By issue and label, whether it was taken away. Each label is given once. */
  readonly labels = new Map<string, "there" | "gone">();
  readonly comments = new Set<string>();

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  /** One commit, a second after the one before, whoever makes it. */
  async edit({ workspace }: Publisher): Promise<void> {
    this.#count += 1;
    const [n, date] = [this.#count, new Date(START + this.#count * 1000).toISOString().slice(0, 19)];
    const known = await workspace.sql("SELECT id FROM issues ORDER BY id");
    const id = this.pick(known.map((row) => String(row["id"])));
    await commitBySql(workspace, [await this.#statement({ workspace, id, n })], { date });
  }

  async #statement({ workspace, id, n }: Pick<Publisher, "workspace"> & { id: string; n: number }): Promise<string> {
    if (this.chance(0.15)) {
      const made = `go-n${n}`;
      this.issues.add(made);
      this.cells.set(`${made} title`, `made ${n}`);
      return `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, created_by) VALUES ('${made}', 'made ${n}', '', '', '', '', 'x')`;
    }
    if (this.chance(0.15)) {
      this.comments.add(`c-${n}`);
      return `INSERT INTO comments (id, issue_id, author, text) VALUES ('c-${n}', '${id}', 'x', 'comment ${n}')`;
    }
    const [given] = await workspace.sql("SELECT issue_id, label FROM labels ORDER BY label LIMIT 1");
    if (given !== undefined && this.chance(0.2)) {
      this.labels.set(`${String(given["issue_id"])} ${String(given["label"])}`, "gone");
      return `DELETE FROM labels WHERE issue_id = '${String(given["issue_id"])}' AND label = '${String(given["label"])}'`;
    }
    if (this.chance(0.3)) {
      this.labels.set(`${id} l-${n}`, "there");
      return `INSERT INTO labels VALUES ('${id}', 'l-${n}')`;
    }
    const column = this.pick(COLUMNS);
    this.cells.set(`${id} ${column}`, `${column} ${n}`);
    return `UPDATE issues SET ${column} = '${column} ${n}' WHERE id = '${id}'`;
  }
}

test.each([1, 2])(
  "three people who pull from each other in any order come to one state that has all they did, seed %i",
  async (seed) => {
    const people = await publishers(["ann", "bob", "carl"], {
      prefix: `go${seed}`,
      prepare: async (first) => {
        for (const id of ["go-1", "go-2", "go-3"]) await run(first, ["create", id, "--id", id, "--force", "-q"]);
      },
    });
    const gossip = new Gossip(seed);
    const pairs = people.flatMap((one) =>
      people.filter((other) => other !== one).map((other) => [one, other] as const),
    );

    for (let step = 0; step < 12; step += 1) {
      for (let edits = 0; edits < 4; edits += 1) await gossip.edit(gossip.pick(people));
      if (gossip.chance(0.6)) {
        // Each takes what another had before this: the histories cross.
        for (const one of people) await one.publish();
        for (const one of people) await one.pull(gossip.pick(people.filter((other) => other !== one)));
      } else {
        await gossip.pick(people).publish();
        const [one, other] = gossip.pick(pairs);
        await one.pull(other);
      }
    }
    for (const one of people) await one.publish();
    for (const one of [...people, ...people]) {
      for (const other of people) if (other !== one) await one.pull(other);
      await one.publish();
    }

    const [{ workspace }, ...others] = people;
    for (const other of others) expect(await tableHashes(other.workspace)).toEqual(await tableHashes(workspace));
    const rows = await workspace.sql(`SELECT id, ${COLUMNS.join(", ")} FROM issues`);
    expect(new Set(rows.map(({ id }) => id))).toEqual(gossip.issues);
    const cells = new Map(rows.flatMap((row) => COLUMNS.map((name) => [`${String(row["id"])} ${name}`, row[name]])));
    expect(Object.fromEntries([...gossip.cells.keys()].map((cell) => [cell, cells.get(cell)]))).toEqual(
      Object.fromEntries(gossip.cells),
    );
    const labels = await workspace.sql("SELECT CONCAT(issue_id, ' ', label) AS name FROM labels");
    expect(labels.map(({ name }) => String(name)).toSorted()).toEqual(
      [...gossip.labels]
        .filter(([, state]) => state === "there")
        .map(([name]) => name)
        .toSorted(),
    );
    const comments = await workspace.sql("SELECT id FROM comments WHERE author <> 'bd'");
    expect(new Set(comments.map(({ id }) => id))).toEqual(gossip.comments);
  },
);
