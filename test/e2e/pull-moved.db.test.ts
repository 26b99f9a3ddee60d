import { expect, test } from "vitest";
import { recordIn } from "../support/payload.ts";
import { commitBySql, run, twoMachines } from "../support/two-machines.ts";

/** What a pull printed, without its first line and with one name for the tail of a moved id. */
function linesOf(out: string): string[] {
  return out
    .replaceAll(/-v_[a-z][0-9a-z]{7}\b/g, "-v_TAIL")
    .trimEnd()
    .split("\n")
    .slice(1);
}

const APART = [
  "Issues that were made under one id are kept apart:",
  `  ID "Of Bob" (ours) is ID_TAIL now; ID is "Of Ann"`,
];

function apart(id: string): string[] {
  return APART.map((line) => line.replaceAll("ID", id));
}

/** Ann's and Bob's issues under one id; Bob's, the later one, has a label, a comment and something that waits for it. */
async function clash(prefix: string) {
  const machines = await twoMachines({ prefix });
  const { ann, bob } = machines;
  const id = `${prefix}-v`;
  await run(ann, ["create", "Of Ann", "--id", id, "-l", "shared", "-q"]);
  await run(bob, ["create", "Of Bob", "--id", id, "-l", "shared", "-q"]);
  await run(bob, ["comment", id, "by Bob", "-q"]);
  await run(bob, ["create", "Waits", "--id", `${prefix}-w`, "-q"]);
  await run(bob, ["dep", "add", `${prefix}-w`, id, "-q"]);
  return { ...machines, id };
}

/** Bob pulls what Ann merged. */
async function mergedElsewhere(prefix: string) {
  const made = await clash(prefix);
  await made.push(made.bob);
  await run(made.ann, ["dolt", "pull"]);
  return made;
}

test("a fast-forward, and its dry run, say which issues of ours somebody else's merge moved, and what came under their ids", async () => {
  const { ann, bob, push, id } = await mergedElsewhere("ff");
  await push(ann);

  const preview = await run(bob, ["dolt", "pull", "--dry-run"]);
  const payload = recordIn(await bob.json(["dolt", "pull", "--dry-run"]));
  const out = await run(bob, ["dolt", "pull"]);

  const lines = [`+ ${id} Of Ann`, ...apart(id)];
  expect(linesOf(preview)).toEqual(lines);
  expect(linesOf(out)).toEqual(lines);
  expect(out).toContain("1 issue changed (fast-forward)");
  const newId = expect.stringMatching(/^ff-v_[a-z][0-9a-z]{7}$/);
  expect(payload["renamed"]).toEqual([{ id, new_id: newId, side: "ours", title: "Of Bob", holder: "Of Ann" }]);
});

test("what else changed in an issue that moved is told under its new id", async () => {
  const { ann, bob, push, id } = await mergedElsewhere("fc");
  const [row] = await ann.sql("SELECT id FROM issues WHERE title = 'Of Bob'");
  const moved = String(row?.["id"]);
  await run(ann, ["update", moved, "--status", "in_progress", "-d", "a new text", "--add-label", "more", "-q"]);
  await run(ann, ["update", moved, "--remove-label", "shared", "-q"]);
  await run(ann, ["comment", moved, "by Ann", "-q"]);
  await run(ann, ["dep", "remove", "fc-w", moved, "-q"]);
  await push(ann);

  const out = await run(bob, ["dolt", "pull"]);

  expect(linesOf(out)).toEqual([
    `+ ${id} Of Ann`,
    `~ ${id}_TAIL Of Bob (status open → in_progress, description, +more, -shared, +1 comment)`,
    "~ fc-w Waits (-1 dependency)",
    ...apart(id),
  ]);
});

test("a merge lists what changed by issue, not by id, and so does its dry run", async () => {
  const { ann, bob, push, id } = await clash("mm");
  await push(ann);

  const payload = recordIn(await bob.json(["dolt", "pull", "--dry-run"]));
  const out = await run(bob, ["dolt", "pull"]);

  expect(payload["renamed"]).toHaveLength(1);
  expect(linesOf(out)).toEqual([`+ ${id} Of Ann`, ...apart(id)]);
});

test("a merge says so too of an issue that somebody else's merge had moved, though nobody touched it since", async () => {
  const { ann, bob, push, id } = await mergedElsewhere("mo");
  await push(ann);
  await run(bob, ["create", "Another", "--id", "mo-x", "-q"]);

  const preview = await run(bob, ["dolt", "pull", "--dry-run"]);
  const out = await run(bob, ["dolt", "pull"]);

  expect(linesOf(preview)).toEqual([`+ ${id} Of Ann`, "Changed here since:", "+ mo-x Another", ...apart(id)]);
  expect(out).toContain("1 issue changed (merged)");
  expect(linesOf(out)).toEqual([`+ ${id} Of Ann`, ...apart(id)]);
});

test("an id that somebody changed by hand is told too, and not as a clash", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "rn",
    prepare: (first) => run(first, ["create", "One", "--id", "rn-1", "-q"]),
  });
  await commitBySql(ann, [
    "SET foreign_key_checks = 0",
    "UPDATE issues SET id = 'rn-one' WHERE id = 'rn-1'",
    "UPDATE events SET issue_id = 'rn-one' WHERE issue_id = 'rn-1'",
  ]);
  await push(ann);

  const out = await run(bob, ["dolt", "pull"]);

  expect(linesOf(out)).toEqual(["Issues that somebody gave another id:", '  rn-1 "One" (ours) is rn-one now']);
});

test("the ninth child is listed before the tenth", async () => {
  const { ann, bob, push } = await twoMachines({ prefix: "no" });
  for (const id of ["no-e.10", "no-e.9", "no-e.1"]) await run(ann, ["create", "x", "--id", id, "--force", "-q"]);
  await push(ann);

  expect(linesOf(await run(bob, ["dolt", "pull"]))).toEqual(["+ no-e.1 x", "+ no-e.9 x", "+ no-e.10 x"]);
});

test("dependencies and comments that came are told from those that went", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "cm",
    async prepare(first) {
      for (const id of ["cm-1", "cm-2", "cm-3", "cm-4"]) await run(first, ["create", "x", "--id", id, "-q"]);
      await run(first, ["dep", "add", "cm-1", "cm-2", "-q"]);
      await run(first, ["comment", "cm-2", "to be edited", "-q"]);
    },
  });
  await run(ann, ["dep", "remove", "cm-1", "cm-2", "-q"]);
  for (const id of ["cm-3", "cm-4"]) await run(ann, ["dep", "add", "cm-1", id, "-q"]);
  await commitBySql(ann, ["UPDATE comments SET text = 'edited'"]);
  await push(ann);

  const payload = recordIn(await bob.json(["dolt", "pull", "--dry-run"]));
  const out = await run(bob, ["dolt", "pull"]);

  expect(linesOf(out)).toEqual(["~ cm-1 x (+2/-1 dependencies)", "~ cm-2 x (+1/-1 comments)"]);
  expect(payload["incoming"]).toMatchObject([
    { id: "cm-1", comments: { added: 0, removed: 0 }, dependencies: { added: 2, removed: 1 } },
    { id: "cm-2", comments: { added: 1, removed: 1 }, dependencies: { added: 0, removed: 0 } },
  ]);
});

test("settings that come in are listed, secrets without their values", async () => {
  const { ann, bob, push } = await twoMachines({ prefix: "se" });
  await commitBySql(ann, [
    "REPLACE INTO config (`key`, value) VALUES ('custom.color', 'red'), ('jira.api_token', 'hush-hush')",
  ]);
  await push(ann);

  const payload = JSON.stringify(await bob.json(["dolt", "pull", "--dry-run"]));
  const out = await run(bob, ["dolt", "pull"]);

  expect(linesOf(out)).toEqual([
    "config custom.color: nothing → red",
    expect.stringMatching(/^config jira\.api_token: nothing → /),
  ]);
  expect(payload).toContain('"key":"custom.color"');
  expect(out + payload).not.toContain("hush");
});

test("the issue that a session touched last stays the issue, for each session, when it has to move", async () => {
  const { ann, bob, push, id } = await mergedElsewhere("lt");
  await push(ann);
  const as = (session: string) => ({ env: { BD_SESSION: session } });
  await bob.bd(["show", id], as("a"));
  await bob.bd(["show", id], as("b"));

  const pulled = await bob.bd(["dolt", "pull"], as("a"));
  const updated = await bob.bd(["update", "-p", "1"], as("b"));
  const closed = await bob.bd(["close"], as("a"));

  expect(pulled.stderr).toMatch(/^lt-v, which this session touched last, is lt-v_[a-z]\w{7} now$/m);
  expect(updated.stderr).toMatch(/this is about lt-v_[a-z]\w{7}, which this session touched last/);
  expect(closed.stdout).toMatch(/✓ Closed lt-v_[a-z]\w{7}/);
  expect(await bob.sql("SELECT title, status, priority FROM issues WHERE id LIKE 'lt-v%' ORDER BY title")).toEqual([
    { title: "Of Ann", status: "open", priority: 2 },
    { title: "Of Bob", status: "closed", priority: 1 },
  ]);
});

test("who claims again by the old id gets no other issue for it, and is told where theirs is", async () => {
  const { ann, bob, push, id } = await clash("cl");
  const mine = { env: { BD_SESSION: "s1" } };
  const other = { env: { BD_SESSION: "s2" } };
  expect((await bob.bd(["update", id, "--claim"], mine)).code).toBe(0);
  await push(ann);
  await run(bob, ["dolt", "pull"]);

  const again = await bob.bd(["update", id, "--claim"], mine);
  const commented = await bob.bd(["comment", id, "is this mine?"], mine);
  const updated = await bob.bd(["update", id, "-p", "1"], mine);
  const stranger = await bob.bd(["update", id, "-p", "2"], other);
  const claimed = await bob.bd(["update", id, "--claim"], other);
  const closed = await bob.bd(["close", id], mine);

  const said = /^cl-v is "Of Ann"; the issue that you had claimed as cl-v is cl-v_[a-z]\w{7} now \("Of Bob"\)$/m;
  expect(again.code).toBe(6);
  expect(again.stderr).toMatch(/cannot claim cl-v: cl-v is "Of Ann"; the issue that you had claimed as cl-v is cl-v_/);
  expect(again.stderr).toMatch(/Hint: bd show cl-v cl-v_/);
  expect(commented.stderr).toMatch(said);
  expect(updated.stderr).toMatch(said);
  expect(stranger.stderr).toBe("");
  expect(claimed.code).toBe(0);
  expect(closed.stdout).toContain("✓ Closed cl-v");
});

test("who pulls from another remote is told the push that gives it to the others there", async () => {
  const { ann, bob, push } = await clash("ot");
  await push(ann);
  const [row] = await bob.sql("SELECT url FROM dolt_remotes WHERE name = 'origin'");
  await bob.sql("CALL DOLT_REMOTE('add', 'anns', ?)", [String(row?.["url"])]);

  const waiting = await run(bob, ["dolt", "pull", "--remote", "anns", "--dry-run"]);
  const { stderr } = await bob.bd(["dolt", "pull", "--remote", "anns"]);

  expect(waiting).toContain("wait for bd dolt push --remote=anns");
  expect(stderr).toContain("The others get this with the next bd dolt push --remote=anns.");
});
