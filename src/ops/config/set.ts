import * as z from "zod/mini";
import { explainSetting, redacted } from "../../config/explain-setting.ts";
import { routeSetting } from "../../config/route-setting.ts";
import { readSettingSources } from "../../config/setting-sources.ts";
import { command } from "../../errors.ts";
import type { WriteContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { writeSetting } from "./write-setting.ts";

const SetInput = z.strictObject({ key: z.string(), value: z.string() });

export interface SetResult {
  readonly key: string;
  /** As it may be printed. */
  readonly value: string;
  readonly location: string;
}

/** Sets one setting where it belongs. */
export const setConfig = defineOperation({
  name: "config.set",
  access: "write",
  input: SetInput,
  passesReadonly: ({ key }: z.infer<typeof SetInput>) => key === "readonly",
  async run(context, input: z.infer<typeof SetInput>): Promise<SetResult> {
    const route = routeSetting(input.key);
    for (const warning of route.warnings) context.note(warning);
    const { location } = await writeSetting(context, route, input.value);
    if (route.home !== "database") await sayWhatOutdoesIt(context, { key: route.key, set: input.value, location });
    return { key: input.key, value: redacted(route.key, input.value), location };
  },
});

/** A value that is written but does not count would be a riddle. */
async function sayWhatOutdoesIt(
  context: WriteContext,
  { key, set, location }: { readonly key: string; readonly set: string; readonly location: string },
): Promise<void> {
  const sources = await readSettingSources(context.machine, { workspace: context.findWorkspace() });
  const { value, source } = explainSetting(key, sources);
  if (source === undefined || source.startsWith(location) || value === redacted(key, set)) return;
  context.note(`${key} stays ${value ?? ""}: ${source} goes first (${command`bd config explain ${key}`})`);
}
