import type { IssueWithCounts } from "../../core/issue/issue.ts";

/** A line of a tree: what stands before the issue, and the issue. */
export interface TreeLine {
  readonly branch: string;
  readonly issue: IssueWithCounts;
}

/** Children under their parents, as far as both are listed; everything else at the top, in the given order. */
export function issueTree(issues: readonly IssueWithCounts[]): TreeLine[] {
  const listed = new Set(issues.map(({ id }) => id));
  const children = new Map<string, IssueWithCounts[]>();
  const roots: IssueWithCounts[] = [];
  for (const issue of issues) {
    const { parent } = issue;
    if (parent === undefined || !listed.has(parent) || parent === issue.id) roots.push(issue);
    else children.set(parent, [...(children.get(parent) ?? []), issue]);
  }
  const lines: TreeLine[] = [];
  const seen = new Set<string>();
  const visit = (issue: IssueWithCounts, branch: string, below: string): void => {
    if (seen.has(issue.id)) return;
    seen.add(issue.id);
    lines.push({ branch, issue });
    const under = children.get(issue.id) ?? [];
    under.forEach((child, index) => {
      const last = index === under.length - 1;
      visit(child, `${below}${last ? "└── " : "├── "}`, `${below}${last ? "    " : "│   "}`);
    });
  };
  for (const root of roots) visit(root, "", "");
  // Parents in a circle have no root; they are listed all the same.
  for (const issue of issues) visit(issue, "", "");
  return lines;
}
