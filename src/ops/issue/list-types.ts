import * as z from "zod/mini";
import { CORE_ISSUE_TYPES, type CoreIssueType } from "../../core/issue/issue-type.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";

export interface IssueTypes {
  readonly core_types: readonly CoreIssueType[];
  /** Those of the setting `types.custom`. */
  readonly custom_types: readonly string[];
}

/** The types that an issue of this project may have. */
export const listTypes = defineOperation({
  name: "issue.types",
  access: "read",
  input: NO_INPUT,
  async run(context): Promise<IssueTypes> {
    const [config] = await context.read((reader) => reader.all([projectConfig]));
    return { core_types: CORE_ISSUE_TYPES, custom_types: config.customTypes };
  },
  wire: {
    of: ({ custom_types: custom, ...core }) => ({ ...core, ...(custom.length === 0 ? {} : { custom_types: custom }) }),
    schema: () =>
      z.looseObject({
        core_types: z.array(z.looseObject({ name: z.string(), description: z.string() })),
        custom_types: z.optional(z.array(z.string())),
      }),
  },
});
