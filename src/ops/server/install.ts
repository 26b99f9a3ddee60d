import * as z from "zod/mini";
import type { DoltBinary } from "../../server/dolt/find-dolt.ts";
import { findOrInstallDolt } from "../../server/dolt/install-dolt.ts";
import { defineOperation } from "../operation.ts";
import { oneOf } from "../wire/formats.ts";
import { serverEnvironment } from "./server-place.ts";

/** Finds a dolt that is new enough, or obtains one into our cache. */
export const installOwnDolt = defineOperation({
  name: "server.install",
  access: "machine",
  input: z.strictObject({}),
  run: (context): Promise<DoltBinary> => findOrInstallDolt(serverEnvironment(context)),
  wire: {
    of: (output) => output,
    schema: () =>
      z.looseObject({
        path: z.string(),
        version: z.string(),
        source: oneOf<DoltBinary["source"]>({ BEADS_DOLT_BIN: true, PATH: true, cache: true }),
      }),
  },
});
