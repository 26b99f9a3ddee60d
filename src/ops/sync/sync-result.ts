import * as z from "zod/mini";
import { changedFields } from "../issue/write/write-facts.ts";
import { natural } from "../wire/formats.ts";
import { NOTHING_TAKEN, type TakeInPlan } from "./plan-take-in.ts";

export interface SyncResult {
  readonly file: string;
  readonly dryRun: boolean;
  /** What git is in the middle of: then nothing was done. */
  readonly busyWith: string | undefined;
  readonly plan: Pick<TakeInPlan, "taken" | "renames" | "moved">;
  /** The issues whose lines are new; undefined where no file was to be written. */
  readonly written: readonly string[] | undefined;
}

export const NOTHING: SyncResult["plan"] = { taken: NOTHING_TAKEN, renames: new Map(), moved: [] };

/** What all attempts have done, as one. */
export function joinedResult(last: SyncResult, all: readonly SyncResult[]): SyncResult {
  const plans = all.map(({ plan }) => plan);
  const written = last.written === undefined ? undefined : [...new Set(all.flatMap((one) => one.written ?? []))];
  return {
    ...last,
    written,
    plan: {
      taken: {
        changed: plans.flatMap(({ taken }) => taken.changed),
        deleted: plans.flatMap(({ taken }) => taken.deleted),
        older: last.plan.taken.older,
        untold: last.plan.taken.untold,
        beaten: last.plan.taken.beaten,
      },
      renames: new Map(plans.flatMap(({ renames }) => [...renames])),
      moved: plans.flatMap(({ moved }) => moved),
    },
  };
}

export const syncWire = {
  of: payloadOf,
  schema: () =>
    z.looseObject({
      file: z.string(),
      dry_run: z.optional(z.literal(true)),
      left_alone: z.optional(z.string().check(z.describe("What git is in the middle of: nothing was done."))),
      taken_in: z.looseObject({
        created: z.array(z.string()),
        updated: z.array(z.looseObject({ id: z.string(), fields: z.array(z.string()) })),
        deleted: z.array(z.string()),
        renamed: z.optional(z.array(z.looseObject({ id: z.string(), new_id: z.string() }))),
        moved: z.optional(z.array(z.looseObject({ id: z.string(), new_id: z.string() }))),
        beaten: z.optional(z.array(z.string())),
        older: natural(),
        untold: z.optional(z.array(z.string())),
      }),
      written: z.optional(z.array(z.string())),
    }),
};

function payloadOf({ file, dryRun, busyWith, plan: { taken, renames, moved }, written }: SyncResult): object {
  const created = taken.changed.filter(({ before }) => before === undefined).map(({ after }) => after.issue.id);
  const updated = taken.changed.flatMap(({ before, after }) =>
    before === undefined ? [] : [{ id: after.issue.id, fields: changedParts(before, after) }],
  );
  return {
    file,
    ...(dryRun ? { dry_run: true } : {}),
    ...(busyWith === undefined ? {} : { left_alone: busyWith }),
    taken_in: {
      created,
      updated,
      deleted: taken.deleted.map(({ id }) => id),
      ...(renames.size > 0 ? { renamed: [...renames].map(([id, newId]) => ({ id, new_id: newId })) } : {}),
      ...(moved.length > 0 ? { moved: moved.map(({ id, newId }) => ({ id, new_id: newId })) } : {}),
      ...(taken.beaten.length > 0 ? { beaten: taken.beaten } : {}),
      older: taken.older.length,
      ...(taken.untold.length > 0 ? { untold: taken.untold } : {}),
    },
    ...(written === undefined ? {} : { written }),
  };
}

/** What differs, in the words of the wire. */
function changedParts(
  before: Parameters<typeof changedFields>[0],
  after: Parameters<typeof changedFields>[1],
): string[] {
  const parts = (["labels", "dependencies", "comments"] as const).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return [...changedFields(before, after), ...parts].filter((name) => name !== "updated_at");
}
