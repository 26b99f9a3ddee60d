import { BdError } from "../../errors.ts";

/** An issue of a markdown file, in the words of the file. */
export interface MarkdownIssue {
  readonly title: string;
  readonly sections: ReadonlyMap<string, string>;
}

/** Sections that are fields; others belong to the description, headings and all. */
const FIELDS: ReadonlySet<string> = new Set([
  "priority",
  "type",
  "description",
  "design",
  "acceptance criteria",
  "acceptance",
  "assignee",
  "labels",
  "dependencies",
  "deps",
]);

/**
 * The issues of a markdown file: `## Title` begins one, `### Priority` and the like a section of it. What stands before the
 * first section belongs to the description; headings in fenced code are code. Throws BdError usage NO_ISSUES_IN_FILE.
 */
export function markdownIssues(text: string): MarkdownIssue[] {
  const issues: { title: string; sections: Map<string, string[]> }[] = [];
  let section = "description";
  let isCode = false;
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
    const [, marks, heading = ""] = (isCode ? undefined : /^(##|###)\s+(.+?)\s*$/.exec(line)) ?? [];
    const name = heading.toLowerCase();
    if (marks === "##") {
      issues.push({ title: heading, sections: new Map() });
      section = "description";
    } else if (marks === "###" && FIELDS.has(name)) section = name;
    else {
      if (marks === "###") section = "description";
      const sections = issues.at(-1)?.sections;
      sections?.set(section, [...(sections.get(section) ?? []), line]);
    }
  }
  if (issues.length > 0) return issues.map(({ title, sections }) => ({ title, sections: joined(sections) }));
  throw new BdError("usage", "NO_ISSUES_IN_FILE", 'the file has no issue: each begins with a line "## Title"');
}

function joined(sections: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  const texts = [...sections].map(([name, lines]) => [name, lines.join("\n").trim()] as const);
  return new Map(texts.filter(([, said]) => said !== ""));
}

/** A list in a section, separated by commas or blanks, with or without bullets. */
export function listIn(section: string | undefined): string[] {
  return (section ?? "").split(/[\s,]+/).filter((word) => word !== "" && word !== "-" && word !== "*");
}
