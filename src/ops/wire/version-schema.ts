import * as z from "zod/mini";

export function versionSchema() {
  return z.looseObject({ version: z.string(), build: z.literal("typescript") });
}
