import type { IdPrefixes } from "../../core/issue/issue-id.ts";
import { readAllowedPrefixes } from "../../core/issue/issue-id.ts";
import { DEFAULT_INFRA_TYPES, parseTypeList, readTypeList } from "../../core/issue/issue-type.ts";
import { type CustomStatus, readCustomStatuses } from "../../core/issue/status.ts";
import { type Query, query, text } from "../query.ts";
import { sql } from "../sql.ts";

/** What travels with the data in table `config`, read whole: it is small, and every write needs some of it. */
export interface ProjectConfig extends IdPrefixes {
  /** As they stand there: whoever shares the database may have written them. */
  readonly entries: ReadonlyMap<string, string>;
  readonly customStatuses: readonly CustomStatus[];
  readonly customTypes: readonly string[];
  /** What is or may be a type of agents' bookkeeping. */
  readonly infraTypes: readonly string[];
}

export const projectConfig: Query<ProjectConfig> = query(
  sql`SELECT \`key\`, value FROM config ORDER BY \`key\``,
  (result) => projectConfigFrom(new Map(result.rows.map((row) => [text(row, "key"), text(row, "value")]))),
);

function projectConfigFrom(entries: ReadonlyMap<string, string>): ProjectConfig {
  return {
    entries,
    prefix: entries.get("issue_prefix") ?? "",
    allowedPrefixes: readAllowedPrefixes(entries.get("allowed_prefixes") ?? ""),
    customStatuses: readCustomStatuses(entries.get("status.custom") ?? "").statuses,
    customTypes: readTypeList(entries.get("types.custom") ?? ""),
    infraTypes: [...DEFAULT_INFRA_TYPES, ...parseTypeList(entries.get("types.infra") ?? "")],
  };
}
