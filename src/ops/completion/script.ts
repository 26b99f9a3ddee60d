import * as z from "zod/mini";
import { defineOperation } from "../operation.ts";
import { SHELL_SCRIPTS } from "./shell-scripts.ts";

const ScriptInput = z.strictObject({ shell: z.enum(["bash", "zsh", "fish"]) });

/** What a shell reads so that it completes lines of bd. */
export const completionScript = defineOperation({
  name: "completion.script",
  access: "none",
  input: ScriptInput,
  run: async (_context, { shell }: z.infer<typeof ScriptInput>): Promise<{ readonly text: string }> => ({
    text: SHELL_SCRIPTS[shell],
  }),
  wire: { of: (output) => output, schema: () => z.looseObject({ text: z.string() }) },
});
