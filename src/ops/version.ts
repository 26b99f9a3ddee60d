import { join } from "node:path";
import { readTextFile } from "../host/read-file.ts";
import { defineOperation, NO_INPUT } from "./operation.ts";

export const showVersion = defineOperation({
  name: "version",
  access: "none",
  input: NO_INPUT,
  async run({ machine }): Promise<{ version: string }> {
    return { version: versionOf(machine.packageRoot) };
  },
  wire: {
    of: ({ version }) => ({ version, build: "typescript" }),
    schema: () => import("./wire/version-schema.ts").then((m) => m.versionSchema()),
  },
});

/** The version of the program whose package that is. */
export function versionOf(packageRoot: string): string {
  const manifest: unknown = JSON.parse(readTextFile(join(packageRoot, "package.json")) ?? "{}");
  const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return hasVersion ? String(manifest.version) : "unknown";
}
