import * as z from "zod/mini";
import { readSetting, requireSetting } from "../../config/settings/decide-setting.ts";
import type { Caller, HttpOptions } from "../caller.ts";
import type { BaseContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { statusWords } from "../tracker/status-words.ts";
import { type ServeToken, serveToken } from "./serve-token.ts";

const ServeInput = z.strictObject({
  host: z.optional(z.string()),
  port: z.optional(z.int().check(z.gte(0), z.lte(65_535))),
  readonly: z.boolean(),
  /** Whether the first words are for programs. */
  json: z.boolean(),
});

/** Serves the tracker over HTTP until it is told to end. Throws BdError as `serveToken`; unavailable PORT_TAKEN, config ADDRESS_REFUSED. */
export const serveTracker = defineOperation({
  name: "serve.run",
  access: "machine",
  changesNothing: true,
  input: ServeInput,
  async run(context, { json, ...asked }: z.infer<typeof ServeInput>): Promise<{ readonly ended: true }> {
    // Without a project there is nothing to serve, and that is said at once.
    context.workspace();
    const { path, ...options } = await httpOptions(context, asked);
    const { serveHttp } = context.machine;
    if (serveHttp === undefined) throw new Error("this process can't serve HTTP");
    await serveHttp(options, await callerHere(context), {
      onListening: (url) => void context.chunk(firstWords({ url, path, readonly: options.readonly, json })),
      onRequest: (line) => context.detail(line),
    });
    return { ended: true };
  },
  wire: {
    of: () => undefined,
    schema: () => z.never().check(z.describe("None: the address comes as a piece of text when it is served.")),
  },
});

/** Whoever runs this, where they stand: for them requests are answered. */
async function callerHere(context: BaseContext): Promise<Caller> {
  const { env, home, remotePassword, zone } = context.machine;
  const { flags = {} } = await context.sources();
  return {
    env,
    home,
    remotePassword,
    zone,
    cwd: context.folder,
    directory: undefined,
    readonly: false,
    database: flags["dolt.database"],
    actor: flags.actor,
    session: flags.session ?? HTTP_SESSION,
  };
}

/** What the requests touch is not what the person's terminal touched last. */
export const HTTP_SESSION = "http";

/** What the settings, and what was asked for, make of a server. */
export async function httpOptions(
  context: BaseContext,
  {
    host,
    port,
    readonly,
  }: { readonly host?: string | undefined; readonly port?: number | undefined; readonly readonly: boolean },
): Promise<HttpOptions & Pick<ServeToken, "path">> {
  const sources = await context.sources();
  return {
    host: host ?? requireSetting("serve.host", sources),
    port: port ?? requireSetting("serve.port", sources),
    names: readSetting("serve.names", sources) ?? [],
    readonly,
    tasks: { prefix: requireSetting("tracker.prefix", sources), statuses: statusWords(sources) },
    ...(await serveToken(context)),
  };
}

function firstWords({
  url,
  path,
  readonly,
  json,
}: {
  url: string;
  path: string;
  readonly: boolean;
  json: boolean;
}): string {
  if (json) return `${JSON.stringify({ url, token_file: path, readonly })}\n`;
  return `Serving this tracker at ${url}${readonly ? ", without changes" : ""} (Ctrl-C ends it)\n  Token: in ${path}\n`;
}
