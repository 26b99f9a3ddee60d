import * as z from "zod/mini";
import { isKnownStatus } from "../../core/issue/status.ts";
import type { StatusPairs } from "../../core/task-mirror/status-map.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { saveDatabaseSetting } from "../config/database-setting.ts";
import type { MachineContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { type TaskStore, withTaskStore } from "./task-store.ts";

const SetupInput = z.strictObject({
  /** Whether statuses that tasks have and the project has not are made; asked where nobody says. */
  statuses: z.optional(z.boolean()),
});

export interface SetUp {
  readonly kind: "rest" | "tcp";
  readonly project: string | undefined;
  /** Statuses of the project that were made. */
  readonly added: readonly string[];
  /** Those that tasks have, and the project has not: there they are in_progress. */
  readonly missing: readonly string[];
  readonly wasSetUp: boolean;
}

/**
 * Says that this project is mirrored in the store of the person's environment: nothing is before that. Throws as
 * `withTaskStore`, and as `saveDatabaseSetting`.
 */
export const setUpTracker = defineOperation({
  name: "tracker.setup",
  access: "machine",
  input: SetupInput,
  run(context, { statuses }: z.infer<typeof SetupInput>): Promise<SetUp> {
    return withTaskStore(context, async (store) => {
      const wasSetUp = (await store.group.state()) !== undefined;
      const missing = await missingStatuses(context, store.pairs);
      const wanted = missing.length > 0 && (statuses ?? (await context.confirm(question(missing))) === true);
      if (wanted) await addStatuses(context, missing);
      const commit = await context.newestCommit();
      await store.group.join({ project: store.project ?? "", commit, mark: context.newId() });
      return { ...describe(store), added: wanted ? missing : [], missing: wanted ? [] : missing, wasSetUp };
    });
  },
  wire: {
    of: ({ kind, project, added, missing, wasSetUp }) => ({
      store: kind,
      project: project ?? null,
      statuses_added: added,
      statuses_missing: missing,
      was_set_up: wasSetUp,
    }),
    schema: () =>
      z.looseObject({
        store: z.enum(["rest", "tcp"]),
        project: z.nullable(z.string()),
        statuses_added: z.array(z.string()),
        statuses_missing: z.array(z.string()),
        was_set_up: z.boolean(),
      }),
  },
});

function describe({ isRest, project }: TaskStore): Pick<SetUp, "kind" | "project"> {
  return { kind: isRest ? "rest" : "tcp", project };
}

function question(missing: readonly string[]): string {
  const [first] = missing;
  return missing.length === 1
    ? `Tasks can be ${first}, which is no status here: add it?`
    : `Tasks can be ${missing.join(", ")}, which are no statuses here: add them?`;
}

async function missingStatuses(context: MachineContext, pairs: StatusPairs): Promise<string[]> {
  const [{ customStatuses }] = await context.read((reader) => reader.all([projectConfig]));
  return pairs.map(([, status]) => status).filter((status) => !isKnownStatus(status, customStatuses));
}

/** Work that waits for others is being worked on. */
async function addStatuses(context: MachineContext, names: readonly string[]): Promise<void> {
  const [{ entries }] = await context.read((reader) => reader.all([projectConfig]));
  const before = entries.get("status.custom") ?? "";
  const value = [...before.split(",").filter((part) => part.trim() !== ""), ...names.map((name) => `${name}:wip`)];
  await saveDatabaseSetting(context, "status.custom", value.join(","));
}
