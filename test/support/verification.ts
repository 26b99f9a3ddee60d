import { createConnection } from "mysql2/promise";
import { expect } from "vitest";
import { parseBdLine } from "./parse-bd-line.ts";
import { recordsIn } from "./payload.ts";
import { stateOf } from "./refused.ts";
import type { TestWorkspace } from "./workspace.ts";

/** What is found; the lines that it names parse, and nothing has changed. */
export async function findings(workspace: TestWorkspace): Promise<Record<string, unknown>[]> {
  const before = await stateOf(workspace);
  const { code, stdout, stderr } = await workspace.bd(["dolt", "verify", "--json"]);
  const found = recordsIn(JSON.parse(stdout));
  expect({ code, stderr }).toEqual({ code: found.length === 0 ? 0 : 1, stderr: "" });
  for (const { next } of found) await parseBdLine(String(next));
  expect(await stateOf(workspace)).toEqual(before);
  return found;
}

export const issueRow = (id: string, title: string, by: string, at: string) =>
  `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, created_by, created_at, updated_at)
    VALUES ('${id}', '${title}', '', '', '', '', '${by}', '${at}', '${at}')`;
export const createdEvent = (issueId: string, by: string, at: string) =>
  `INSERT INTO events (id, issue_id, event_type, actor, created_at) VALUES (UUID(), '${issueId}', 'created', '${by}', '${at}')`;

/** One commit by SQL on another branch. */
export async function commitOn(
  { port, database }: TestWorkspace,
  branch: string,
  statements: readonly string[],
): Promise<void> {
  const connection = await createConnection({
    host: "127.0.0.1",
    port,
    user: "root",
    database: `${database}/${branch}`,
  });
  for (const statement of ["BEGIN", ...statements]) await connection.query(statement);
  await connection.query("CALL DOLT_COMMIT('-Am', 'by sql')");
  await connection.query("COMMIT");
  await connection.end();
}
