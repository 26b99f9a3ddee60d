import * as z from "zod/mini";
import type { SettingExplanation } from "../../config/settings/explain-setting.ts";
import type { SettingHome, Trust } from "../../config/settings/setting-table.ts";
import { defineOperation } from "../operation.ts";
import { oneOf } from "../wire/formats.ts";
import { effectiveSetting } from "./effective-setting.ts";
import { noteNearest } from "./note-nearest.ts";

const KeyInput = z.strictObject({ key: z.string() });

/** The value of a setting that counts, with where it comes from and what it outdoes. Secrets are only said to be set. */
export const explainConfig = defineOperation({
  name: "config.explain",
  access: "read",
  input: KeyInput,
  async run(context, { key }: z.infer<typeof KeyInput>): Promise<SettingExplanation> {
    const explanation = await effectiveSetting(context, key);
    if (explanation.value === undefined) await noteNearest(context, key);
    return explanation;
  },
  wire: {
    of: ({ value, ...explanation }) => ({ ...explanation, value: value ?? "" }),
    schema: () =>
      z.looseObject({
        key: z.string(),
        summary: z.string(),
        problem: z.optional(z.string()),
        home: oneOf<SettingHome>({
          project: true,
          person: true,
          metadata: true,
          database: true,
          credentials: true,
          git: true,
        }),
        trust: oneOf<Trust>({ person: true, project: true, stricter: true, database: true }),
        source: z.optional(z.string()),
        losers: z.array(z.looseObject({ source: z.string(), value: z.string(), why: z.string() })),
        value: z.string(),
      }),
  },
});

/** The same, where only the value counts. */
export const getConfig = defineOperation({
  ...explainConfig,
  name: "config.get",
  wire: {
    of: ({ key, value }) => ({ key, value: value ?? "" }),
    schema: () => z.looseObject({ key: z.string(), value: z.string() }),
  },
});
