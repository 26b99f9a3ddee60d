import { isKnownIssueType } from "../../core/issue/issue-type.ts";
import { isKnownStatus } from "../../core/issue/status.ts";
import { command } from "../../errors.ts";
import type { ProjectConfig } from "../../store/queries/project-config.ts";
import type { SizedIssue } from "./read-lines.ts";

/** Types and statuses that lines use and nobody configured. */
export interface UnknownNames {
  readonly types: readonly string[];
  readonly statuses: readonly string[];
}

export function unknownNames(issues: readonly SizedIssue[], config: ProjectConfig): UnknownNames {
  const types = new Set(issues.map(({ fields }) => fields.issue_type));
  const statuses = new Set(issues.map(({ fields }) => fields.status));
  return {
    types: [...types].filter((name) => !isKnownIssueType(name, config.customTypes)).toSorted(),
    statuses: [...statuses].filter((name) => !isKnownStatus(name, config.customStatuses)).toSorted(),
  };
}

/** Sentences for people, each with the line that makes the names known: the setting's whole new value. */
export function unknownNameNotes({ types, statuses }: UnknownNames, { entries }: ProjectConfig): string[] {
  return [
    ...noteAbout("type", "types.custom", types, entries),
    ...noteAbout("status", "status.custom", statuses, entries),
  ];
}

/** What the settings and a shell take as it stands. */
const PLAIN_NAME = /^[a-z][a-z0-9_-]*$/;

function noteAbout(
  noun: string,
  key: string,
  names: readonly string[],
  entries: ProjectConfig["entries"],
): readonly string[] {
  if (names.length === 0) return [];
  const note = `kept, though not configured as ${noun} here: ${names.join(", ")}`;
  const plain = names.filter((name) => PLAIN_NAME.test(name));
  if (plain.length === 0) return [note];
  const configured = (entries.get(key) ?? "").split(",").map((part) => part.trim());
  const value = [...configured.filter((part) => part !== ""), ...plain].join(",");
  return [`${note}; to make them known: ${command`bd config set ${key} ${value}`}`];
}
