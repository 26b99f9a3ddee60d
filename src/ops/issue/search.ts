import * as z from "zod/mini";
import type { IssueWithCounts } from "../../core/issue/issue.ts";
import { type FoundIn, foundIn } from "../../core/issue/search-excerpt.ts";
import { searchWords } from "../../core/issue/search-words.ts";
import { BdError, command } from "../../errors.ts";
import { defineOperation } from "../operation.ts";
import { listedIssue } from "../wire/issue-schemas.ts";
import type { FilterInput } from "./find/filter-input.ts";
import { findIssues, ListInput, type ListResult } from "./list.ts";

/** An issue, and which of its texts hold a word of the search; absent where the search has no words. */
export interface FoundIssue extends IssueWithCounts {
  readonly matched_in?: readonly FoundIn[];
}

export interface SearchResult extends Omit<ListResult, "issues"> {
  readonly query: string;
  readonly issues: readonly FoundIssue[];
  /** How many closed ones would be found besides. */
  readonly closedToo: number;
}

/** Without words it lists what the filter finds. */
const SearchInput = z.extend(ListInput, { query: z.string() });

/**
 * Lists what has all the words in its id, texts, external reference or comments, and says in which of them.
 * Throws BdError usage NO_QUERY where there is neither a word nor a filter.
 */
export const searchIssues = defineOperation({
  name: "issue.search",
  access: "read",
  input: SearchInput,
  async run(context, { query, ...input }: z.infer<typeof SearchInput>): Promise<SearchResult> {
    const words = searchWords(query);
    if (words.length === 0 && !hasCondition(input.filter)) {
      throw new BdError("usage", "NO_QUERY", "search query is required", { hint: command`bd search --help` });
    }
    const found = await findIssues(context, { ...input, filter: { ...input.filter, text: query } });
    const { comments, ...result } = found;
    const issues = found.issues.map((issue) => ({
      ...issue,
      ...(words.length === 0 ? {} : { matched_in: foundIn(issue, comments.get(issue.id) ?? [], words) }),
    }));
    return { ...result, query, issues };
  },
  wire: { of: ({ issues }) => issues, schema: () => z.array(listedIssue({ matched_in: z.optional(foundInSchema()) })) },
});

function foundInSchema() {
  return z.array(z.looseObject({ field: z.string(), text: z.string() }));
}

/** Leaving out closed ones is none: every search does. */
function hasCondition({ hide_closed: _hidden, ...conditions }: FilterInput): boolean {
  return Object.values(conditions).some((value) => value !== undefined);
}
