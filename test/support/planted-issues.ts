import type { TestWorkspace } from "./workspace.ts";

/** An issue as a test states it; what it leaves out is an ordinary open task of priority 2. */
export interface PlantedIssue {
  readonly id: string;
  readonly title?: string;
  readonly status?: string;
  readonly priority?: number;
  readonly issue_type?: string;
  readonly assignee?: string;
  readonly pinned?: 0 | 1;
  readonly ephemeral?: 0 | 1;
  readonly mol_type?: string;
  /** `YYYY-MM-DD HH:MM:SS`, UTC, as the others. */
  readonly created_at?: string;
  readonly closed_at?: string;
  readonly defer_until?: string;
  /** JSON. */
  readonly metadata?: string;
}

/** `a blocks b`: a waits for b. With `gate=any-children` behind it where that matters. */
export type PlantedEdge = string;

const BORN = "2026-01-01 00:00:00";

/** Puts issues, edges and labels straight into the tables, in one Dolt commit: shapes that no command would make. */
export async function plantIssues(
  workspace: TestWorkspace,
  issues: readonly PlantedIssue[],
  edges: readonly PlantedEdge[] = [],
  labels: readonly (readonly [id: string, label: string])[] = [],
): Promise<void> {
  await workspace.sql("SET autocommit = 1");
  for (const issue of issues) {
    const row = {
      title: `Title of ${issue.id}`,
      description: "",
      design: "",
      acceptance_criteria: "",
      notes: "",
      status: "open",
      priority: 2,
      issue_type: "task",
      created_at: BORN,
      updated_at: BORN,
      ...issue,
    };
    await insert(workspace, "issues", row);
  }
  for (const edge of edges) {
    const [issue_id = "", type = "", depends_on_id = "", gate] = edge.split(" ");
    const metadata = gate === undefined ? "{}" : JSON.stringify({ gate: gate.replace("gate=", "") });
    await insert(workspace, "dependencies", {
      issue_id,
      depends_on_id,
      type,
      metadata,
      created_at: BORN,
      created_by: "",
    });
  }
  for (const [issue_id, label] of labels) await insert(workspace, "labels", { issue_id, label });
  await workspace.sql("CALL DOLT_COMMIT('-Am', 'planted', '--skip-empty')");
  await workspace.sql("SET autocommit = 0");
}

async function insert(
  workspace: TestWorkspace,
  table: string,
  row: Readonly<Record<string, string | number>>,
): Promise<void> {
  const columns = Object.keys(row).map((column) => `\`${column}\``);
  const marks = columns.map(() => "?");
  await workspace.sql(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${marks.join(", ")})`, Object.values(row));
}
