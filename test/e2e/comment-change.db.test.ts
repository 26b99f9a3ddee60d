import { expect, test } from "vitest";
import { recordIn, recordsIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { run } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const bob = { env: { BEADS_ACTOR: "bob" } };

/** Ada says two things about an issue, and Bob one between them; gives the ids of the comments. */
async function conversation(): Promise<{ readonly workspace: TestWorkspace; readonly ids: readonly string[] }> {
  const workspace = await testWorkspace({ prefix: "ce", actor: "ada" });
  await run(workspace, ["create", "Talk", "--id", "ce-1", "-q"]);
  const ids: string[] = [];
  for (const [text, options] of [
    ["one", {}],
    ["two", bob],
    ["three", {}],
  ] as const) {
    ids.push(String(recordIn(await workspace.json(["comment", "ce-1", text], options))["id"]));
  }
  return { workspace, ids };
}

async function said(workspace: TestWorkspace): Promise<string[]> {
  const comments = recordsIn(await workspace.json(["comments", "ce-1"]));
  return comments.map(({ author, text }) => `${String(author)}: ${String(text)}`);
}

test("changes and deletes the last comment of the actor, and the history keeps the old text", async () => {
  const { workspace } = await conversation();

  const edited = await run(workspace, ["comment", "edit", "1", "three", "and", "more"]);
  const payload = await workspace.json(["comment", "edit", "ce-1", "-"], { ...bob, stdin: "deux\n" });
  expect(await said(workspace)).toEqual(["ada: one", "bob: deux", "ada: three and more"]);
  const deleted = await workspace.json(["comment", "delete", "ce-1"]);

  expect(edited).toBe("✓ Comment changed on ce-1 — Talk\n");
  expect(payload).toMatchObject({ author: "bob", text: "deux" });
  expect(deleted).toMatchObject({ author: "ada", text: "three and more", deleted: true });
  expect(await said(workspace)).toEqual(["ada: one", "bob: deux"]);
  const out = await run(workspace, ["history", "ce-1"]);
  expect(out).toContain("- comment by ada: three and more\n");
  expect(out).toContain("comment by bob: [-two-]{+deux+}\n");
});

test("finds a comment by its id, or the beginning of it, and takes no other author's but with --force", async () => {
  const { workspace, ids } = await conversation();
  const [, second = ""] = ids;

  await expectRefused(workspace, ["comment", "edit", second, "mine"], {
    exit: 1,
    code: "COMMENT_OF_ANOTHER",
    message: "bob wrote this comment on ce-1 (--force to override)",
    hint: "bd comments ce-1",
    details: { comment: second, id: "ce-1", author: "bob" },
  });
  await expectRefused(workspace, ["comment", "delete", second], {
    exit: 1,
    code: "COMMENT_OF_ANOTHER",
    message: expect.stringContaining("bob wrote this comment"),
  });
  await run(workspace, ["comment", "delete", second.slice(0, 35), "--force"]);

  expect(await said(workspace)).toEqual(["ada: one", "ada: three"]);
  await expectRefused(workspace, ["comment", "delete", second], {
    exit: 3,
    code: "ISSUE_NOT_FOUND",
    message: expect.stringContaining("no issue found"),
  });
});

test("says that the actor has said nothing, and that a text is missing", async () => {
  const { workspace } = await conversation();
  const carol = { env: { BEADS_ACTOR: "carol" } };

  const refused = {
    exit: 3,
    code: "NO_OWN_COMMENT",
    message: "carol has said nothing about ce-1; name a comment by its id",
  };
  await expectRefused(workspace, ["comment", "delete", "ce-1"], { ...refused, hint: "bd comments ce-1" }, carol);
  await expectRefused(workspace, ["comment", "edit", "ce-1"], {
    exit: 2,
    code: "NO_COMMENT_TEXT",
    message: expect.stringContaining("no comment text provided"),
  });
});
