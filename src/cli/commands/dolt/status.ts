import { endpointName } from "../../../core/endpoint.ts";
import type { TrackedRemote } from "../../../federation/remote/tracking.ts";
import type { DoltStatus, doltStatus } from "../../../ops/dolt/status.ts";
import { holderText, killStatement } from "../../../store/protocol/lock-queries.ts";
import type { DatabaseFacts } from "../../../store/server-facts.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { commitsText, shortHash } from "../../present/text/counted-text.ts";

export const doltStatusCommand: CommandDefinition = {
  examples: [["bd dolt status", "who serves this workspace, and what is uncommitted"]],
  handlers: [
    handler<typeof doltStatus>({
      operation: "dolt.status",
      input: () => ({}),
      present: presentStatus,
    }),
  ],
};

function presentStatus(status: DoltStatus, view: View): void {
  const { running, endpoint, database, server, obstacle, own, dataDir, branch, sovereignty } = status;
  const product = server === undefined ? "" : ` (${server.product} ${server.version})`;
  view.line(`Dolt server: ${running ? "running" : "not running"}${running ? product : ""}`);
  view.line(`  Address:     ${endpoint.user}@${endpointName(endpoint)}`);
  if (own !== undefined) view.line(`  Started by:  bd server start (PID ${own.pid}, data in ${dataDir ?? ""})`);
  else if (server !== undefined) view.line("  Started by:  somebody else");
  if (obstacle !== undefined) {
    view.line(`  Problem:     ${obstacle.message}`);
    if (obstacle.hint !== undefined) view.note(`Hint: ${obstacle.hint}`);
    return;
  }
  if (database === undefined) return;
  view.line(`  Database:    ${database} (${contents(server?.database)})`);
  const { dirty, unmerged } = server?.database?.workingSet ?? { dirty: [], unmerged: [] };
  view.line(`  Uncommitted: ${dirty.length === 0 ? "nothing" : dirty.join(", ")}`);
  const writer = server?.database?.writer;
  if (writer !== undefined) {
    view.line(`  Write lock:  held by ${holderText(writer)}`);
    if (writer.isSilent)
      view.note(`If its program is gone, an admin frees the lock in any SQL client: ${killStatement(writer)}`);
  }
  if (unmerged.length > 0) {
    view.line(
      `  Unfinished:  a merge by another program, in conflict in ${unmerged.join(", ")}; nothing can be written`,
    );
    view.note("End that merge in the program that began it; docs/federation.md says how in SQL (MERGE_UNFINISHED)");
  }
  if (branch === undefined) return;
  view.line(`  Branch:      ${branch.branch} at ${shortHash(branch.head)}`);
  for (const remote of branch.remotes) view.line(`  Remote:      ${remote.name} ${remote.url}: ${standing(remote)}`);
  if (sovereignty !== "T1") view.line(`  Sovereignty: ${sovereignty} (only T1 may be pushed)`);
}

function standing({ ahead, behind }: TrackedRemote): string {
  if (ahead === undefined || behind === undefined) return "never fetched";
  if (ahead === 0 && behind === 0) return "equal at the last fetch";
  return `${commitsText(ahead)} ahead, ${commitsText(behind)} behind at the last fetch`;
}

function contents(database: DatabaseFacts | undefined): string {
  if (database === undefined) return "the server has none of that name";
  const { tracker } = database;
  return tracker === undefined ? "holds no tracker" : `schema ${tracker.schemaVersion}, ${tracker.issueCount} issues`;
}
