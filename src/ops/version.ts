import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { defineOperation } from "./operation.ts";

const PackageFile = z.object({ version: z.string() });

export const version = defineOperation({
  name: "version",
  access: "none",
  input: z.strictObject({}),
  async run({ machine }) {
    const manifest: unknown = JSON.parse(readFileSync(join(machine.packageRoot, "package.json"), "utf8"));
    return { version: PackageFile.parse(manifest).version };
  },
});
