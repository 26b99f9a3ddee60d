import type { Issue } from "../../core/issue/issue.ts";

/** `bd-a1b2 — Fix login`: how a line of text names an issue. */
export function issueName({ id, title }: Pick<Issue, "id" | "title">): string {
  return `${id} — ${title}`;
}
