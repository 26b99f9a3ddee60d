import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { issuesByIds } from "../../store/queries/issues.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import type { ReadContext } from "../context.ts";
import { ALL_READY, findReady, readyQuestion } from "../issue/find/find-ready.ts";

/** What a watch waits for: that all named issues are ready (any issue at all where none is named), or have a status. */
export const Until = z.string().check(z.minLength(1));

interface Waiting {
  readonly until: string;
  /** By their whole ids; undefined where none was named. */
  readonly issues: readonly string[] | undefined;
}

/** Whether the wait is over. Throws BdError not-found ISSUE_NOT_FOUND where an issue is gone that was waited for. */
export async function isReached(context: ReadContext, { until, issues }: Waiting): Promise<boolean> {
  if (until === "ready") {
    const ready = findReady(await readyQuestion(context, ALL_READY));
    const [{ ids }, found] = await context.read((reader) =>
      reader.all([ready, issuesByIds(ISSUE_TABLES, issues ?? [], "awaited")]),
    );
    requireAll(
      issues ?? [],
      found.map(({ id }) => id),
    );
    return issues === undefined ? ids.length > 0 : issues.every((id) => ids.includes(id));
  }
  const [found] = await context.read((reader) => reader.all([issuesByIds(ISSUE_TABLES, issues ?? [], "awaited")]));
  requireAll(
    issues ?? [],
    found.map(({ id }) => id),
  );
  return found.every(({ status }) => status === until);
}

/** An issue that is gone reaches nothing any more. */
function requireAll(wanted: readonly string[], found: readonly string[]): void {
  const gone = wanted.find((id) => !found.includes(id));
  if (gone === undefined) return;
  throw new BdError("not-found", "ISSUE_NOT_FOUND", `${gone} was deleted, and can't reach what is waited for`, {
    hint: command`bd restore --dry-run ${gone}`,
    details: { id: gone },
  });
}
