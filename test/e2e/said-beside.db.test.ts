import { expect, test } from "vitest";
import { recordsIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { commitBySql } from "../support/two-machines.ts";
import { testWorkspace } from "../support/workspace.ts";

test("closing an issue that another session has claimed says whose claim ended; one's own is not worth a word", async () => {
  const workspace = await testWorkspace({ prefix: "sb" });
  for (const id of ["sb-1", "sb-2"]) await workspace.json(["create", id, "--id", id]);
  const session = (name: string) => ({ env: { BD_SESSION: name } });
  await workspace.json(["update", "sb-1", "--claim"], session("s1"));
  await workspace.json(["update", "sb-2", "--claim"], session("s1"));

  const other = await workspace.bd(["close", "sb-1"], session("s2"));
  expect(other).toMatchObject({ code: 0 });
  expect(other.stderr).toMatch(/^sb-1 was claimed by \S+ in session s1; closing it ended that claim\n$/);
  expect(await workspace.bd(["close", "sb-2"], session("s1"))).toMatchObject({ code: 0, stderr: "" });
});

test("comments are named by the end of their id, which is what edit and delete take", async () => {
  const workspace = await testWorkspace({ prefix: "sb" });
  await workspace.json(["create", "One", "--id", "sb-1"]);
  for (const text of ["first", "second"]) await workspace.json(["comment", "sb-1", text]);
  const [first = "", second = ""] = recordsIn(await workspace.json(["comments", "sb-1"])).map(({ id }) => String(id));
  const { stdout } = await workspace.bd(["comments", "sb-1"]);
  expect(stdout).toContain(`  ${first.slice(-8)}\n`);
  await workspace.json(["comment", "edit", first.slice(-8), "changed"]);
  await workspace.json(["comment", "delete", second.slice(-8)]);
  expect(recordsIn(await workspace.json(["comments", "sb-1"]))).toMatchObject([{ id: first, text: "changed" }]);
});

test("a part of an id that several comments have is refused with their ids", async () => {
  const workspace = await testWorkspace({ prefix: "sb" });
  await workspace.json(["create", "One", "--id", "sb-1"]);
  const ids = ["0199aaaa-0000-7000-8000-00000000000a", "0199aaaa-0000-7000-8000-00000000000b"];
  await commitBySql(
    workspace,
    ids.map((id) => `INSERT INTO comments (id, issue_id, author, text) VALUES ('${id}', 'sb-1', 'ann', 'x')`),
  );
  await expectRefused(workspace, ["comment", "delete", "0199aaaa"], {
    exit: 3,
    code: "AMBIGUOUS_ID",
    message: expect.stringContaining("0199aaaa-0000-7000-8000-00000000000a and 0199aaaa"),
    hint: "bd comments sb-1",
  });
});

test("times in a history are on the reader's clock", async () => {
  const workspace = await testWorkspace({ prefix: "sb" });
  await workspace.json(["create", "One", "--id", "sb-1"]);
  const env = { TZ: "Asia/Tokyo" };
  await workspace.json(["update", "sb-1", "--due", "2027-01-02"], { env });
  expect((await workspace.bd(["history", "sb-1", "-n", "1"], { env })).stdout).toContain("\n  due_at: 2027-01-02\n");
});

test("what can be restored is completed with what was deleted", async () => {
  const workspace = await testWorkspace({ prefix: "sb" });
  for (const id of ["sb-1", "sb-2", "sb-3"]) await workspace.json(["create", id, "--id", id]);
  await workspace.bd(["delete", "sb-1", "sb-2", "--force", "--reason", "sb-3 is enough"]);
  await workspace.bd(["restore", "sb-2"]);
  expect((await workspace.bd(["__complete", "zsh", "restore", ""])).stdout).toBe("sb-1\tdeleted\n");
});
