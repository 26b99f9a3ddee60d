import { join } from "node:path";
import { readTextFile } from "../host/read-file.ts";
import { defineOperation, NO_INPUT } from "./operation.ts";

export const showVersion = defineOperation({
  name: "version",
  access: "none",
  input: NO_INPUT,
  async run({ machine }): Promise<{ version: string }> {
    const manifest: unknown = JSON.parse(readTextFile(join(machine.packageRoot, "package.json")) ?? "{}");
    const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
    return { version: hasVersion ? String(manifest.version) : "unknown" };
  },
  wire: {
    of: ({ version }) => ({ version, build: "typescript" }),
    schema: () => import("./wire/version-schema.ts").then((m) => m.versionSchema()),
  },
});
