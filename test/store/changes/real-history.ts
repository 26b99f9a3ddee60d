import type { Random } from "../../core/merge/histories/random.ts";
import type { Publisher } from "../../support/publishers.ts";
import { commitBySql, run } from "../../support/two-machines.ts";

/** Something that is done to the issue with that id; `n` is another number each time. */
type Deed = (id: string, n: number) => readonly string[];

const COMMANDS: readonly Deed[] = [
  (id, n) => ["create", `Made ${n}`, "--id", id, "-l", `l${n % 3},own`, "-d", `Text ${n}\n\u0007`],
  (_, n) => ["create", `Made ${n}`, "--id", `rh-n${n}`, "--metadata", `{"n":${n},"__proto__":{"a":[1.5]}}`],
  (id, n) => ["create", `Child ${n}`, "--parent", id, "--deps", `discovered-from:${id}`],
  (id, n) => ["update", id, "--title", `Title ${n}`, "--notes", `n${n}`, "--add-label", `l${n % 4}`],
  (id, n) => ["update", id, "-p", String(n % 5), "--set-metadata", `k${n % 3}=${n}`, "--due", "2027-01-31"],
  (id) => ["update", id, "--claim"],
  (id, n) => ["update", id, "-s", ["open", "blocked", "in_progress", "deferred"][n % 4] ?? "", "--due", ""],
  (id, n) => ["close", id, "-r", `Done ${n}`, "--force"],
  (id, n) => ["close", id, `rh-${n % 8}`, `rh-i${n % 7}`, "--force"],
  (id) => ["reopen", id],
  (id, n) => ["comments", "add", id, `Comment ${n}`],
  (id, n) => ["dep", "add", id, `external:shop:c${n % 3}`, "-t", "related"],
  (id, n) => ["dep", "remove", id, `external:shop:c${n % 3}`],
  (id, n) => ["label", "remove", id, `l${n % 4}`],
  (_, n) => ["config", "set", `custom.k${n % 3}`, `v${n % 4}`],
  (_, n) => ["config", "unset", `custom.k${n % 3}`],
  (_, n) => ["config", "set", "status.custom", `review${n % 2}:wip`],
  (id) => ["restore", id],
];

/** Events of every type come of these and of the statements below. */
const FIRST_COMMANDS: readonly (readonly string[])[] = [
  ["create", "First", "--id", "rh-0", "-l", "own,gone"],
  ["label", "remove", "rh-0", "gone"],
  ["update", "rh-0", "--claim"],
  ["update", "rh-0", "--title", "The first"],
  ["close", "rh-0"],
  ["reopen", "rh-0"],
  ["dep", "add", "rh-0", "external:shop:c0"],
  ["dep", "remove", "rh-0", "external:shop:c0"],
  ["comments", "add", "rh-0", "Comment"],
  ["config", "set", "custom.k0", "v"],
];

const FIRST_STATEMENTS = [["DELETE FROM comments"], remadeBySql("rh-0", 0), ["DELETE FROM issues WHERE id = 'rh-0'"]];

const SQL: readonly Deed[] = [
  (id) => [`DELETE FROM issues WHERE id = '${id}'`],
  remadeBySql,
  (id, n) => [
    "SET foreign_key_checks = 0",
    ...["labels", "comments", "events", "dependencies"].map(
      (table) => `UPDATE ${table} SET issue_id = '${id}r${n}' WHERE issue_id = '${id}'`,
    ),
    `UPDATE issues SET id = '${id}r${n}' WHERE id = '${id}'`,
  ],
  (id) => [`UPDATE comments SET text = CONCAT(text, '!') WHERE issue_id = '${id}'`],
  (id) => [`DELETE FROM comments WHERE issue_id = '${id}'`],
  (id, n) => [`UPDATE dependencies SET metadata = '{"x":${n}}', thread_id = 't' WHERE issue_id = '${id}'`],
  (id, n) => [
    `UPDATE issues SET created_by = 'dora', created_at = '2026-01-0${1 + (n % 9)} 00:00:00' WHERE id = '${id}'`,
  ],
  (id) => [`UPDATE issues SET close_reason = NULL, work_type = '', waiters = NULL WHERE id = '${id}'`],
  (id, n) => [`UPDATE issues SET waiters = '${n % 2 === 0 ? "none" : '["a"]'}', pinned = ${n % 3} WHERE id = '${id}'`],
  (id, n) => [`UPDATE issues SET metadata = JSON_OBJECT('n', 9007199254740992 + ${n}) WHERE id = '${id}'`],
  (id, n) => [`UPDATE issues SET timeout_ns = 9223372036854775807 - ${n % 2} WHERE id = '${id}'`],
  (id, n) => [`UPDATE issues SET hook_bead = 'h${n}', agent_state = 'on', last_activity = NOW() WHERE id = '${id}'`],
  (_, n) => [`REPLACE INTO child_counters VALUES ('x', ${n})`, `REPLACE INTO config VALUES ('__proto__', '${n}')`],
];

/** What a pull would refuse, or could not join. */
const SQL_AFTER_PULLS: readonly Deed[] = [
  (_, n) => [`ALTER TABLE issues ADD COLUMN extra${n} VARCHAR(20) ${n % 2 === 0 ? "" : "DEFAULT 'd'"}`],
  (_, n) => ["ALTER TABLE issues RENAME COLUMN rig TO rigged", `UPDATE issues SET rigged = 'r${n}'`],
  (_, n) => [`UPDATE issues SET rigged = 's${n}' WHERE id > 'rh-3'`],
  () => ["ALTER TABLE issues DROP COLUMN rigged"],
  (id, n) => [
    "ALTER TABLE labels ADD COLUMN color VARCHAR(20)",
    `UPDATE labels SET color = 'c${n}' WHERE issue_id = '${id}'`,
  ],
  () => ["ALTER TABLE labels DROP COLUMN color"],
  () => ["ALTER TABLE comments ADD COLUMN bytes VARBINARY(4) DEFAULT 0x00ff"],
  (id, n) => [
    "SET foreign_key_checks = 0",
    `INSERT IGNORE INTO labels (issue_id, label) VALUES ('${id}', 'orphan${n}')`,
  ],
  () => ["SET foreign_key_checks = 0", "RENAME TABLE comments TO comments_old"],
  () => ["SET foreign_key_checks = 0", "RENAME TABLE comments_old TO comments"],
];

/** Another issue under the id, with a label that the one before may have had. */
function remadeBySql(id: string, n: number): string[] {
  return [
    `DELETE FROM issues WHERE id = '${id}'`,
    `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, created_by)
      VALUES ('${id}', 'By SQL ${n}', '', '', '', '', 'carl')`,
    `INSERT IGNORE INTO labels (issue_id, label) VALUES ('${id}', 'own')`,
  ];
}

/** What people do by chance with commands, files and SQL, and take over from each other. Much of it is refused. */
export class RealHistory {
  readonly #people: readonly Publisher[];
  readonly #random: Random;
  #made = 0;
  /** How often what was asked for was done. */
  readonly done = { commands: 0, imports: 0, statements: 0, pulls: 0 };

  constructor(people: readonly Publisher[], random: Random) {
    this.#people = people;
    this.#random = random;
  }

  /** Does what no history should be without; gives whose commits these are. */
  async begin(): Promise<Publisher> {
    const [one] = this.#people;
    if (one === undefined) throw new Error("nobody is there");
    for (const args of FIRST_COMMANDS) await run(one.workspace, args);
    for (const statements of FIRST_STATEMENTS) await commitBySql(one.workspace, statements);
    return one;
  }

  async step(phase: "exchange" | "alone"): Promise<void> {
    const [one, other] = this.#random.shuffled(this.#people);
    if (one === undefined || other === undefined) return;
    const dice = this.#random.next();
    if (phase === "exchange" && dice < 0.2) await this.#pull(one, other);
    else if (dice < 0.25) await this.#import(one);
    else if (dice < 0.65) await this.#command(one);
    else await this.#sql(one, phase === "alone" && this.#random.chance(0.8) ? SQL_AFTER_PULLS : SQL);
  }

  #number(): number {
    this.#made += 1;
    return this.#made;
  }

  async #someIssue({ workspace }: Publisher): Promise<string> {
    const known = await workspace.sql("SELECT id FROM issues ORDER BY id");
    const id = this.#random.chance(0.3) ? undefined : this.#random.pick(known)?.["id"];
    return String(id ?? `rh-${this.#random.below(8)}`);
  }

  async #command(one: Publisher): Promise<void> {
    const deed = this.#random.pick(COMMANDS)?.(await this.#someIssue(one), this.#number()) ?? [];
    const { code } = await one.workspace.bd(deed);
    if (code === 0) this.done.commands += 1;
  }

  async #import(one: Publisher): Promise<void> {
    const lines = Array.from({ length: 1 + this.#random.below(6) }, () => {
      const n = this.#number();
      const comments = [{ author: "eve", text: `From a file ${n}`, created_at: "2026-01-01T00:00:00Z" }];
      return JSON.stringify({
        id: `rh-i${n % 7}`,
        title: `Line ${n}`,
        labels: [`l${n % 3}`],
        comments,
        status: n % 2 === 0 ? "closed" : "open",
      });
    });
    const { code } = await one.workspace.bd(["import", "-", "--force-older"], { stdin: lines.join("\n") });
    if (code === 0) this.done.imports += 1;
  }

  async #sql(one: Publisher, deeds: readonly Deed[]): Promise<void> {
    const statements = this.#random.pick(deeds)?.(await this.#someIssue(one), this.#number()) ?? [];
    try {
      await commitBySql(one.workspace, statements);
      this.done.statements += 1;
    } catch {
      // Nothing to commit, no such column, a key that is taken.
    }
  }

  async #pull(one: Publisher, other: Publisher): Promise<void> {
    await other.publish();
    try {
      await one.pull(other);
      this.done.pulls += 1;
    } catch {
      // What somebody did by SQL may break a rule of the other's database.
    }
  }
}
