import * as z from "zod/mini";
import { BUILT_IN_STATUSES, type BuiltInStatus, type CustomStatus } from "../../core/issue/status.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";

export interface IssueStatuses {
  readonly built_in_statuses: readonly BuiltInStatus[];
  /** Those of the setting `status.custom`. */
  readonly custom_statuses: readonly CustomStatus[];
}

/** The statuses that an issue of this project may have, and what each means for lists and readiness. */
export const listStatuses = defineOperation({
  name: "issue.statuses",
  access: "read",
  input: NO_INPUT,
  async run(context): Promise<IssueStatuses> {
    const [config] = await context.read((reader) => reader.all([projectConfig]));
    return { built_in_statuses: BUILT_IN_STATUSES, custom_statuses: config.customStatuses };
  },
  wire: {
    of: ({ custom_statuses: custom, ...builtIn }) => ({
      ...builtIn,
      ...(custom.length === 0 ? {} : { custom_statuses: custom }),
    }),
    schema: () =>
      z.looseObject({
        built_in_statuses: z.array(
          z.looseObject({ name: z.string(), category: z.string(), icon: z.string(), description: z.string() }),
        ),
        custom_statuses: z.optional(z.array(z.looseObject({ name: z.string(), category: z.string() }))),
      }),
  },
});
