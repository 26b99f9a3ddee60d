import * as z from "zod/mini";
import type { SettingExplanation } from "../../config/explain-setting.ts";
import { defineOperation } from "../operation.ts";
import { effectiveSetting } from "./effective-setting.ts";

const KeyInput = z.strictObject({ key: z.string() });

/** The value of a setting that counts, with where it comes from and what it outdoes. Secrets are only said to be set. */
export const explainConfig = defineOperation({
  name: "config.explain",
  access: "read",
  input: KeyInput,
  run: (context, { key }: z.infer<typeof KeyInput>): Promise<SettingExplanation> => effectiveSetting(context, key),
});
