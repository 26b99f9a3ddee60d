import * as z from "zod/mini";
import type { IssueReport } from "../../core/changes/issue-report.ts";
import type { CodeChange, CodeKind } from "../../core/foreign-code/code-change.ts";
import type { Side } from "../../core/merge/cell.ts";
import type { Reason } from "../../core/merge/row-contest.ts";
import type { MergeKind } from "../../store/merge.ts";
import { commitHash, natural, oneOf } from "../wire/formats.ts";
import { rung } from "./carrier-schema.ts";

/** The wire of a pull: of a remote where nothing is, of a dry run, and of what was done. */
export function pullSchema() {
  const place = { remote: z.string(), url: z.string(), branch: z.string(), rung: rung() };
  const joined = {
    ...place,
    result: oneOf<MergeKind>({ "up-to-date": true, "fast-forward": true, "same-tables": true, merge: true }),
    local: commitHash(),
    remote_hash: commitHash(),
    ahead: natural(),
    behind: natural(),
    ...settled(),
  };
  const changes = z.array(issueChange());
  return z.union([
    z.looseObject({ ...place, result: z.literal("empty") }),
    z.looseObject({ ...joined, dry_run: z.literal(true), incoming: changes, outgoing: changes }),
    z.looseObject({ ...joined, head: commitHash(), issues: changes }),
  ]);
}

function settled() {
  return {
    conflicts: z.array(conflict()),
    renamed: z.array(
      z.looseObject({
        id: z.string(),
        new_id: z.string(),
        side: sideOrBoth(),
        title: z.string(),
        holder: z.optional(z.string()),
      }),
    ),
    beaten: z.array(
      z.looseObject({
        id: z.string(),
        title: z.string(),
        side: side(),
        by: z.optional(z.string()),
        commit: commitHash(),
      }),
    ),
    kept_texts: natural(),
    settings: z.array(z.looseObject({ key: z.string(), from: z.optional(z.string()), to: z.optional(z.string()) })),
    code: z.array(codeChange()),
    unknown_tables: z.array(z.string()),
  };
}

function conflict() {
  return z.looseObject({
    table: z.string(),
    item: z.string(),
    field: z.string(),
    winner: sideOrBoth(),
    why: oneOf<Reason>({
      chosen: true,
      later: true,
      larger: true,
      maximum: true,
      minimum: true,
      united: true,
      closed: true,
      reopened: true,
      compacted: true,
      follows: true,
    }),
    ours: z.string(),
    theirs: z.string(),
  });
}

function issueChange() {
  const names = z.looseObject({ added: z.array(z.string()), removed: z.array(z.string()) });
  const counts = z.looseObject({ added: natural(), removed: natural() });
  return z.looseObject({
    id: z.string(),
    kind: oneOf<IssueReport["kind"]>({ added: true, changed: true, removed: true }),
    title: z.string(),
    fields: z.array(z.looseObject({ field: z.string(), from: z.optional(z.string()), to: z.optional(z.string()) })),
    labels: names,
    comments: counts,
    dependencies: counts,
  });
}

function codeChange() {
  return z.looseObject({
    kind: oneOf<CodeKind>({
      trigger: true,
      procedure: true,
      event: true,
      view: true,
      column: true,
      constraint: true,
      index: true,
      table: true,
      ignore: true,
      query: true,
      test: true,
      schema: true,
    }),
    name: z.string(),
    definition: z.string(),
    change: oneOf<CodeChange["change"]>({ added: true, changed: true, removed: true }),
  });
}

function side() {
  return oneOf<Side>({ ours: true, theirs: true });
}

function sideOrBoth() {
  return oneOf<Side | "both">({ ours: true, theirs: true, both: true });
}
