import type { Issue } from "./issue.ts";

/** What a description should have by the type of its issue; other types need nothing. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  bug: ["Steps to Reproduce", "Acceptance Criteria"],
  task: ["Acceptance Criteria"],
  feature: ["Acceptance Criteria"],
  epic: ["Success Criteria"],
};

/** What the field of that name says needs no section. */
const CRITERIA: ReadonlySet<string> = new Set(["Acceptance Criteria", "Success Criteria"]);

/** Headings, as `## Steps to Reproduce`, that an issue lacks. A heading counts wherever its words stand. */
export function missingSections(issue: Issue): readonly string[] {
  const { issue_type: type, description = "", acceptance_criteria: criteria = "" } = issue;
  const said = `${description}\n${criteria}`.toLowerCase();
  const needed = Object.hasOwn(SECTIONS, type) ? (SECTIONS[type] ?? []) : [];
  return needed
    .filter((section) => !said.includes(section.toLowerCase()) && !(CRITERIA.has(section) && criteria.trim() !== ""))
    .map((section) => `## ${section}`);
}
