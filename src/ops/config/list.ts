import * as z from "zod/mini";
import { redacted } from "../../config/settings/explain-setting.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { defineOperation } from "../operation.ts";

/** The settings that travel with the issues, by key. Secrets are only said to be set. */
export const listConfig = defineOperation({
  name: "config.list",
  access: "read",
  input: z.strictObject({}),
  async run(context): Promise<{ readonly settings: Readonly<Record<string, string>> }> {
    const [config] = await context.read((reader) => reader.all([projectConfig]));
    const settings = [...config.entries].map(([key, value]) => [key, redacted(key, value)]);
    return { settings: Object.fromEntries(settings) };
  },
  wire: { of: ({ settings }) => settings, schema: () => z.record(z.string(), z.string()) },
});
