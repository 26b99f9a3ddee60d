import type { Issue } from "../../core/issue.ts";

/** `✓ Updated issue: bd-a1b2 — Fix login` */
export function issueName({ id, title }: Pick<Issue, "id" | "title">): string {
  return `${id} — ${title}`;
}
