import type { SettingChange as ChangedSetting } from "../../core/changes/change-event.ts";
import { changesOf } from "../../core/changes/changes-of.ts";
import { type IssueReport, issueReports } from "../../core/changes/issue-report.ts";
import type { MovedIssue } from "../../core/merge/merge-versions.ts";
import { differenceBetween } from "../../store/changes/difference-between.ts";
import { tableDifferences } from "../../store/changes/table-changes.ts";
import type { Reader } from "../../store/session-types.ts";

/** A setting that travels with the issues; undefined where it has no value. The values may be secrets. */
export interface SettingReport {
  readonly key: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** How the issues and the settings differ between two commits (or `WORKING`), and which of them have another id in the later one. */
export interface Changes {
  readonly changes: readonly IssueReport[];
  readonly settings: readonly SettingReport[];
  readonly moved: readonly MovedIssue[];
}

/** By issue, not by id: one that moved is neither new nor is its old id another issue's change. */
export async function readChanges(reader: Reader, from: string, to: string): Promise<Changes> {
  const [tables] = await reader.all([tableDifferences({ from, to })]);
  const difference = await differenceBetween(reader, { from, to }, tables);
  const changes = changesOf(difference);
  const titles = new Map(changes.flatMap((one) => (one.type === "created" ? [[one.issue_id, one.title]] : [])));
  return {
    changes: issueReports(changes, difference.moved),
    settings: changes.flatMap((one) => (one.type === "config_changed" ? [settingReport(one)] : [])),
    moved: [...difference.moved].map(([id, newId]) => ({
      id,
      newId,
      side: "ours",
      title: titles.get(newId) ?? "",
      holder: titles.get(id),
    })),
  };
}

function settingReport({ key, changes }: ChangedSetting): SettingReport {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return { key, from: text(changes["value"]?.old), to: text(changes["value"]?.new) };
}
