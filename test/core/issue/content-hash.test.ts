import { describe, expect, test } from "vitest";
import { contentHash } from "../../../src/core/issue/content-hash.ts";

const BY_TESTER = { owner: "bar@example.test", created_by: "tester", status: "open" };

describe("contentHash", () => {
  test("equals what the Go program stored for an issue with few fields", () => {
    const epic = { ...BY_TESTER, title: "Epic: billing", priority: 1, issue_type: "epic" };
    expect(contentHash(epic)).toBe("c1d021d454398f00834cfb7d49e2a8243e70e165563bfd5d046022846f581f0f");
  });

  test("equals what the Go program stored for one with a description and priority 0", () => {
    const task = {
      ...BY_TESTER,
      title: "Invoice model",
      description: "Tables and rules",
      priority: 0,
      issue_type: "task",
    };
    expect(contentHash(task)).toBe("e5b40dcb4afad85333fcb0db6b3aedce67319056030eb044a5cd97bab0827ee0");
  });

  test("equals what the Go program stored for one with metadata, which counts as it was written", () => {
    const bug = {
      ...BY_TESTER,
      title: "Fix “quotes” & <tags> 😀",
      priority: 1,
      issue_type: "bug",
      external_ref: "gh-9",
    };
    expect(contentHash(bug, '{"team":"core","n":3}')).toBe(
      "fdac27ca028d64884327c9d2ed303681b856dd53abf173af25dcf560b5818c80",
    );
  });

  test("takes every field at its place", () => {
    const full = {
      title: "Title é",
      description: "desc",
      design: "design",
      acceptance_criteria: "ac",
      notes: "notes",
      spec_id: "spec",
      status: "open",
      priority: 0,
      issue_type: "bug",
      assignee: "bob",
      owner: "o@x",
      created_by: "me",
      external_ref: "gh-9",
      source_system: "sys",
      pinned: true,
      is_template: true,
      bonded_from: [{ source_id: "src", bond_type: "seq", bond_point: "pt" }],
      await_type: "gh:run",
      await_id: "77",
      timeout: 60_000_000_000,
      waiters: ["w1", "w2"],
      mol_type: "swarm",
      work_type: "mutex",
      event_kind: "kind",
      actor: "act",
      target: "tgt",
      payload: "pay",
    };
    expect(contentHash(full, '{"n":1}')).toBe("062a9edd1afdd22d41ec2e6ec81adba81edcc1e1d71f2624111e4c42bb27dc6f");
  });

  test("tells two neighbouring fields apart", () => {
    const one = contentHash({ title: "a", description: "b", priority: 2 });
    expect(contentHash({ title: "ab", priority: 2 })).not.toBe(one);
    expect(contentHash({ title: "a", design: "b", priority: 2 })).not.toBe(one);
  });
});
