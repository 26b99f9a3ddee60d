import * as z from "zod/mini";
import { unsetYamlSetting } from "../../config/yaml/yaml-edit.ts";
import { BdError, command } from "../../errors.ts";
import { checkRemoteName, DEFAULT_REMOTE, listRemotes, unregisterRemote } from "../../federation/remote/remotes.ts";
import { defineOperation } from "../operation.ts";

const RemoveInput = z.strictObject({ name: z.string() });

export interface RemoteRemoveResult {
  readonly name: string;
}

/** Forgets a remote, here and in `config.yaml`; what is at the remote stays. */
export const removeRemote = defineOperation({
  name: "dolt.remote-remove",
  access: "exchange",
  input: RemoveInput,
  async run(context, { name }: z.infer<typeof RemoveInput>): Promise<RemoteRemoveResult> {
    checkRemoteName(name);
    const session = await context.session();
    const known = (await listRemotes(session)).find((remote) => remote.name === name);
    if (known !== undefined) await unregisterRemote(session, known);
    const { configPath } = context.workspace();
    const wasNamed = name === DEFAULT_REMOTE && (await unsetYamlSetting(configPath, "federation.remote"));
    if (known !== undefined || wasNamed) return { name };
    throw new BdError("not-found", "REMOTE_NOT_FOUND", `there is no remote '${name}'`, {
      hint: command`bd dolt remote list`,
    });
  },
  wire: {
    of: ({ name }) => ({ name, removed: true }),
    schema: () => z.looseObject({ name: z.string(), removed: z.literal(true) }),
  },
});
