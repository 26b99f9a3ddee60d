import * as z from "zod/mini";
import { resolveFederation } from "../../config/settings/settings.ts";
import { requireOwnFolder } from "../../config/workspace/workspace.ts";
import { setYamlSetting } from "../../config/yaml/yaml-edit.ts";
import { isSameRemote, parseRemoteUrl, shownUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import { checkRemoteName, DEFAULT_REMOTE, listRemotes, registerRemote } from "../../federation/remote/remotes.ts";
import { checkTarget } from "../../host/write-file.ts";
import type { ExchangeContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { namingTakesAdmin } from "./naming-takes-admin.ts";
import { keepHost } from "./remote-credentials.ts";

const AddInput = z.strictObject({ name: z.string(), url: z.string() });

export interface RemoteAddResult {
  readonly name: string;
  readonly url: string;
  /** Whether the server knew it already. */
  readonly existed: boolean;
  /** The file that names it for everybody who clones the project; undefined for all but `origin`. */
  readonly location: string | undefined;
}

/** Names a place to push to and pull from. The default remote is the project's own, so `config.yaml` names it too. */
export const addRemote = defineOperation({
  name: "dolt.remote-add",
  access: "exchange",
  input: AddInput,
  async run(context, { name, url: text }: z.infer<typeof AddInput>): Promise<RemoteAddResult> {
    checkRemoteName(name);
    const url = parseRemoteUrl(text);
    const session = await context.session();
    const known = (await listRemotes(session)).find((remote) => remote.name === name);
    if (known !== undefined && !isSameRemote(known.url, url.text)) throw taken(name, known.url, "the server");
    const edit = name === DEFAULT_REMOTE ? await planNaming(context, url.text) : undefined;
    const { user } = (await context.settings()).endpoint;
    if (known === undefined) {
      await registerRemote(session, { name, url }).catch((error) => {
        throw namingTakesAdmin(error, { name, url: url.text, user });
      });
    }
    // Last, because a remote that the server refuses is none of the project's.
    await edit?.write();
    await keepHost(context, url);
    return { name, url: url.text, existed: known !== undefined, location: edit?.location };
  },
  wire: {
    of: ({ name, url }) => ({ name, url }),
    schema: () => z.looseObject({ name: z.string(), url: z.string() }),
  },
});

/** What there is to write into `config.yaml`, checked as far as that can be before it is written. */
async function planNaming(
  context: ExchangeContext,
  url: string,
): Promise<{ readonly location: string; readonly write: () => Promise<void> }> {
  const { remote } = resolveFederation(await context.sources());
  const workspace = context.workspace();
  const { configPath: location } = workspace;
  if (remote !== undefined && !isSameRemote(remote, url)) throw taken(DEFAULT_REMOTE, remote, location);
  if (remote !== undefined) return { location, write: () => Promise.resolve() };
  const within = requireOwnFolder(workspace);
  checkTarget(location, within);
  const rules = { within, signal: context.signal };
  return { location, write: () => setYamlSetting(location, "federation.remote", url, rules) };
}

function taken(name: string, url: string, where: string): BdError {
  return new BdError("rejected", "REMOTE_EXISTS", `${where} has ${shownUrl(url)} for remote '${name}' already`, {
    hint: command`bd dolt remote list`,
    details: { name, url: shownUrl(url) },
  });
}
