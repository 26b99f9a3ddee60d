import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineOperation, NO_INPUT } from "./operation.ts";

export const version = defineOperation({
  name: "version",
  access: "none",
  input: NO_INPUT,
  async run({ machine }): Promise<{ version: string }> {
    const manifest: unknown = JSON.parse(readFileSync(join(machine.packageRoot, "package.json"), "utf8"));
    const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
    return { version: hasVersion ? String(manifest.version) : "unknown" };
  },
});
