import * as z from "zod/mini";
import { redacted } from "../../config/settings/explain-setting.ts";
import { endpointName } from "../../core/endpoint.ts";
import { identityQuery } from "../../store/database-identity.ts";
import { issueCount, sampleIssueIds, tableNames } from "../../store/queries/database-contents.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";

const InfoInput = z.strictObject({
  /** Tables, schema version and settings too, for a program. */
  schema: z.optional(z.boolean()),
});

type InfoInput = z.infer<typeof InfoInput>;

export interface InfoResult {
  readonly database: string;
  readonly server: string;
  readonly beadsDir: string;
  readonly projectId: string | undefined;
  readonly prefix: string;
  readonly issueCount: number;
  /** The table `config`; secrets are only said to be set. */
  readonly config: Readonly<Record<string, string>>;
  readonly schemaVersion: number;
  readonly tables: readonly string[];
  readonly sampleIssueIds: readonly string[];
}

/** What the workspace's database is and holds. */
export const databaseInfo = defineOperation({
  name: "workspace.info",
  access: "read",
  input: InfoInput,
  async run(context, _input: InfoInput): Promise<InfoResult> {
    const [identity, config, count, tables, samples] = await context.read((reader) =>
      reader.all([identityQuery, projectConfig, issueCount, tableNames, sampleIssueIds]),
    );
    const { database = "", endpoint } = await context.settings();
    return {
      database,
      server: endpointName(endpoint),
      beadsDir: context.workspace().beadsDir,
      projectId: identity.projectId,
      prefix: config.prefix,
      issueCount: count,
      config: Object.fromEntries([...config.entries].map(([key, value]) => [key, redacted(key, value)])),
      schemaVersion: identity.schemaVersion,
      tables,
      sampleIssueIds: samples,
    };
  },
  wire: {
    of: (info, { schema }) => ({
      database: info.database,
      database_path: `${info.server}/${info.database}`,
      mode: "direct",
      project_id: info.projectId,
      issue_count: info.issueCount,
      config: info.config,
      schema:
        schema === true
          ? {
              tables: info.tables,
              schema_version: info.schemaVersion,
              config: info.config,
              sample_issue_ids: info.sampleIssueIds,
              detected_prefix: info.prefix,
            }
          : undefined,
    }),
    schema: () =>
      z.looseObject({
        database: z.string(),
        database_path: z.string(),
        mode: z.literal("direct"),
        project_id: z.optional(z.string()),
        issue_count: natural(),
        config: z.record(z.string(), z.string()),
        schema: z.optional(
          z.looseObject({
            tables: z.array(z.string()),
            schema_version: natural(),
            config: z.record(z.string(), z.string()),
            sample_issue_ids: z.array(z.string()),
            detected_prefix: z.string(),
          }),
        ),
      }),
  },
});
