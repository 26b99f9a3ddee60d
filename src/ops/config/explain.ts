import * as z from "zod/mini";
import type { SettingExplanation } from "../../config/explain-setting.ts";
import { defineOperation } from "../operation.ts";
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
  wire: { of: ({ value, ...explanation }) => ({ ...explanation, value: value ?? "" }) },
});

/** The same, where only the value counts. */
export const getConfig = defineOperation({
  ...explainConfig,
  name: "config.get",
  wire: { of: ({ key, value }) => ({ key, value: value ?? "" }) },
});
