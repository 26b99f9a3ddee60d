import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { defineOperation } from "../operation.ts";
import { listedIssue } from "../wire/issue-schemas.ts";
import { findIssues, ListInput, type ListResult } from "./list.ts";

export interface SearchResult extends ListResult {
  readonly query: string;
}

const SearchInput = z.extend(ListInput, { query: z.string() });

/** Lists what has the words in its title or id. Throws BdError usage NO_QUERY for an empty query. */
export const searchIssues = defineOperation({
  name: "issue.search",
  access: "read",
  input: SearchInput,
  async run(context, { query, ...input }: z.infer<typeof SearchInput>): Promise<SearchResult> {
    if (query.trim() === "") {
      throw new BdError("usage", "NO_QUERY", "search query is required", { hint: command`bd search --help` });
    }
    return { query, ...(await findIssues(context, { ...input, filter: { ...input.filter, text: query } })) };
  },
  wire: { of: ({ issues }) => issues, schema: () => z.array(listedIssue()) },
});
