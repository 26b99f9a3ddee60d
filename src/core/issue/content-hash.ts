import { createHash } from "node:crypto";

/** The fields that the peer hashes, by their wire names; an absent one counts as empty. */
export interface HashedContent {
  readonly title: string;
  readonly description?: string | undefined;
  readonly design?: string | undefined;
  readonly acceptance_criteria?: string | undefined;
  readonly notes?: string | undefined;
  readonly spec_id?: string | undefined;
  readonly status?: string | undefined;
  readonly priority: number;
  readonly issue_type?: string | undefined;
  readonly assignee?: string | undefined;
  readonly owner?: string | undefined;
  readonly created_by?: string | undefined;
  readonly external_ref?: string | undefined;
  readonly source_system?: string | undefined;
  readonly pinned?: boolean | undefined;
  readonly is_template?: boolean | undefined;
  readonly bonded_from?: readonly HashedBond[] | undefined;
  readonly await_type?: string | undefined;
  readonly await_id?: string | undefined;
  /** Nanoseconds. */
  readonly timeout?: number | bigint | undefined;
  readonly waiters?: readonly string[] | undefined;
  readonly mol_type?: string | undefined;
  readonly work_type?: string | undefined;
  readonly event_kind?: string | undefined;
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
  readonly payload?: string | undefined;
}

export interface HashedBond {
  readonly source_id?: string | undefined;
  readonly bond_type?: string | undefined;
  readonly bond_point?: string | undefined;
}

/**
 * The value of `issues.content_hash`, 64 hex digits, as the peer computes it when it creates an issue (and never
 * again): SHA-256 over the fields below, each ended by NUL. `metadata` is the JSON text that the person gave, byte for
 * byte, not what the JSON column gives back; empty for none. A `work_type` that nobody set is empty, not `mutex`.
 */
export function contentHash(issue: HashedContent, metadata = ""): string {
  const fields = [
    issue.title,
    issue.description,
    issue.design,
    issue.acceptance_criteria,
    issue.notes,
    issue.spec_id,
    issue.status,
    issue.priority,
    issue.issue_type,
    issue.assignee,
    issue.owner,
    issue.created_by,
    issue.external_ref,
    issue.source_system,
    issue.pinned === true ? "pinned" : "",
    metadata,
    issue.is_template === true ? "template" : "",
    ...(issue.bonded_from ?? []).flatMap((bond) => [bond.source_id, bond.bond_type, bond.bond_point]),
    issue.await_type,
    issue.await_id,
    issue.timeout ?? 0,
    ...(issue.waiters ?? []),
    issue.mol_type,
    issue.work_type,
    issue.event_kind,
    issue.actor,
    issue.target,
    issue.payload,
  ];
  const hash = createHash("sha256");
  for (const field of fields) hash.update(`${field ?? ""}\0`);
  return hash.digest("hex");
}
