import { join } from "node:path";
import * as z from "zod/mini";
import type { Workspace } from "../../config/workspace/workspace.ts";
import { trustedOwners } from "../../host/owners.ts";
import { readTextFile } from "../../host/read-file.ts";
import { xdgFolder } from "../../host/xdg-folder.ts";
import type { BaseContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { primeText } from "./prime-text.ts";

const PrimeInput = z.strictObject({
  brief: z.boolean(),
  full: z.boolean(),
  stealth: z.boolean(),
  /** Our own text, whatever `PRIME.md` says. */
  export: z.boolean(),
});

const FILE = "PRIME.md";

/** The text for agents: that of the project or the person, else ours. Empty outside of a workspace. Asks no server. */
export const prime = defineOperation({
  name: "workspace.prime",
  access: "none",
  input: PrimeInput,
  async run(context, input: z.infer<typeof PrimeInput>): Promise<{ readonly text: string }> {
    const own = primeText(input);
    if (input.export) return { text: own };
    const workspace = context.findWorkspace();
    if (workspace === undefined) return { text: "" };
    return { text: givenText(context, workspace) ?? own };
  },
  wire: { of: (output) => output, schema: () => z.looseObject({ text: z.string() }) },
});

/** Where the peer looks for it too. */
function givenText({ machine }: BaseContext, { beadsDir, owners }: Workspace): string | undefined {
  return (
    readTextFile(join(beadsDir, FILE), { owners }) ??
    readTextFile(join(xdgFolder("config", machine), "beads", FILE), { owners: trustedOwners(machine) })
  );
}
