import * as z from "zod/mini";
import { redacted } from "../../config/explain-setting.ts";
import { endpointName } from "../../core/endpoint.ts";
import { identityQuery } from "../../store/identity.ts";
import { issueCount, sampleIssueIds, tableNames } from "../../store/queries/database-contents.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { defineOperation } from "../operation.ts";

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
  input: z.strictObject({}),
  async run(context): Promise<InfoResult> {
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
});
