import { commitBySql, run } from "./two-machines.ts";
import type { TestWorkspace } from "./workspace.ts";

/**
 * An issue of Ann's, and then, under its id, what merges by other rules left of hers and Bob's: his row, with the comments
 * and the events of both.
 */
export async function mixUp(workspace: TestWorkspace, id: string): Promise<void> {
  await run(workspace, ["create", "Ann's", "--id", id, "--actor", "ann", "-q"]);
  await run(workspace, ["comment", id, "to Ann's issue", "-q"]);
  await commitBySql(workspace, [
    `UPDATE issues SET created_at = '2026-01-01 10:00:00' WHERE id = '${id}'`,
    `UPDATE events SET created_at = '2026-01-01 10:00:00' WHERE issue_id = '${id}'`,
  ]);
  await commitBySql(workspace, [
    `UPDATE issues SET title = 'Bob''s', created_by = 'bob', created_at = '2026-01-02 10:00:00' WHERE id = '${id}'`,
    `INSERT INTO events (id, issue_id, event_type, actor, created_at)
      VALUES (UUID(), '${id}', 'created', 'bob', '2026-01-02 10:00:00')`,
  ]);
}
