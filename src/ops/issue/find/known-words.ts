import type { IssueFilter } from "../../../core/issue/issue-filter.ts";
import { isKnownTypeFilter, unknownType } from "../../../core/issue/issue-type.ts";
import { isKnownStatus, parseStatusFilter } from "../../../core/issue/status.ts";
import type { ProjectConfig } from "../../../store/queries/project-config.ts";
import { usedWords } from "../../../store/queries/used-words.ts";
import type { Reader } from "../../../store/session-types.ts";

/**
 * Looks at a filter's statuses and types. One that the project does not know and no issue has finds nothing, and is a
 * slip; what issues have came with an import. Only for words that are not known it takes a look into the tables.
 * Throws BdError usage INVALID_STATUS, INVALID_ISSUE_TYPE.
 */
export async function requireKnownWords(
  reader: Reader,
  { statuses = [], types = [], notTypes = [] }: IssueFilter,
  { customStatuses, customTypes, infraTypes }: ProjectConfig,
): Promise<void> {
  const strangeStatuses = statuses.filter((status) => !isKnownStatus(status, customStatuses));
  const known = [...customTypes, ...infraTypes];
  const strangeTypes = [...types, ...notTypes].filter((type) => !isKnownTypeFilter(type, known));
  if (strangeStatuses.length + strangeTypes.length === 0) return;
  const [usedStatuses, usedTypes] = await reader.all([
    usedWords("status", strangeStatuses),
    usedWords("issue_type", strangeTypes),
  ]);
  const status = strangeStatuses.find((word) => !usedStatuses.has(word));
  if (status !== undefined) parseStatusFilter(status, customStatuses);
  const type = strangeTypes.find((word) => !usedTypes.has(word));
  if (type !== undefined) throw unknownType(type, customTypes);
}
