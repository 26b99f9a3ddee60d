import * as z from "zod/mini";
import { settingToUnset } from "../../config/settings/edit-setting.ts";
import { defineOperation } from "../operation.ts";
import { noteNearest } from "./note-nearest.ts";
import { writeSetting } from "./write-setting.ts";

const UnsetInput = z.strictObject({ key: z.string() });

export interface UnsetResult {
  readonly key: string;
  /** False where it was not set. */
  readonly changed: boolean;
}

/** Takes one setting out of its home. */
export const unsetConfig = defineOperation({
  name: "config.unset",
  access: "write",
  input: UnsetInput,
  passesReadonly: ({ key }: z.infer<typeof UnsetInput>) => key === "readonly",
  async run(context, { key }: z.infer<typeof UnsetInput>): Promise<UnsetResult> {
    const { changed } = await writeSetting(context, settingToUnset(key), undefined);
    if (!changed) await noteNearest(context, key);
    return { key, changed };
  },
  wire: { of: ({ key }) => ({ key }), schema: () => z.looseObject({ key: z.string() }) },
});
