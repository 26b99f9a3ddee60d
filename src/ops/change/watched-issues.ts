import { parseStatusFilter } from "../../core/issue/status.ts";
import { BdError, command } from "../../errors.ts";
import { headCommit } from "../../store/protocol/dolt-commit.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import type { ReadContext } from "../context.ts";
import { bare, loadNamed } from "../named-issues/named-issues.ts";
import { sayMoved } from "../named-issues/say-moved.ts";

/** What a watch begins with. */
interface Beginning {
  /** Whole ids; undefined where none was named. */
  readonly issues: readonly string[] | undefined;
  /** The newest commit. */
  readonly head: string;
}

interface Asked {
  readonly issues?: readonly string[] | undefined;
  readonly until?: string | undefined;
}

/**
 * Throws BdError not-found ISSUE_NOT_FOUND, rejected WISP_HAS_NO_EVENTS, usage INVALID_STATUS, and UNTIL_WHOM where a status
 * is waited for, and nobody said of which issue.
 */
export async function watchedIssues(context: ReadContext, { issues: names, until }: Asked): Promise<Beginning> {
  const { config, items, failures, beside, moved } = await context.read((reader) =>
    loadNamed(reader, names ?? [], { load: (selection) => bare(issuesOf(selection)), beside: headCommit }),
  );
  const [failure] = failures;
  if (failure !== undefined) throw failure.error;
  const wisp = items.find(({ tables }) => tables.name === "wisps");
  if (wisp !== undefined) {
    const { id } = wisp.found.issue;
    throw new BdError("rejected", "WISP_HAS_NO_EVENTS", `${id} is a wisp: its changes are in no commit`, {
      hint: command`bd show ${id}`,
      details: { id },
    });
  }
  if (until !== undefined && until !== "ready") {
    parseStatusFilter(until, config.customStatuses);
    if (names === undefined) throw untilWhom(until);
  }
  await sayMoved(context, moved);
  return { issues: names === undefined ? undefined : items.map(({ found }) => found.issue.id), head: beside };
}

function untilWhom(until: string): BdError {
  const message = `nobody says which issues are to be ${until}`;
  return new BdError("usage", "UNTIL_WHOM", message, { hint: command`bd watch --until=${until} --issue=ID` });
}
