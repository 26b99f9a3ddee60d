import * as z from "zod/mini";
import { serverPaths } from "../../server/server-paths.ts";
import { type Uninstallation, uninstallUnits } from "../../server/systemd/uninstall-unit.ts";
import { defineOperation } from "../operation.ts";
import { serverEnvironment } from "./server-place.ts";

export interface UninstallUnitResult extends Uninstallation {
  /** Stays as it is. */
  readonly dataDir: string;
}

/** Stops and removes the units that `server.install-unit` wrote, and nothing else. */
export const uninstallServerUnit = defineOperation({
  name: "server.uninstall-unit",
  access: "machine",
  input: z.strictObject({}),
  async run(context): Promise<UninstallUnitResult> {
    const environment = serverEnvironment(context);
    return { ...(await uninstallUnits(environment)), dataDir: serverPaths(environment).dataDir };
  },
  wire: {
    of: ({ removed, kept, dataDir }) => ({ removed, kept, data_dir: dataDir }),
    schema: () => z.looseObject({ removed: z.array(z.string()), kept: z.array(z.string()), data_dir: z.string() }),
  },
});
