import * as z from "zod/mini";
import type { FlagSettings } from "../../config/settings/setting-files.ts";
import { resolveEndpoint } from "../../config/settings/settings.ts";
import type { Endpoint } from "../../core/endpoint.ts";
import type { DoltBinary } from "../../server/dolt/find-dolt.ts";
import type { ServerEnvironment } from "../../server/server-environment.ts";
import { startHint } from "../../server/start-hint.ts";
import type { Identify } from "../../server/start-server.ts";
import { inspectServer } from "../../store/server-facts.ts";
import type { BaseContext } from "../context.ts";

/** Where a server listens, as flags say it; the person's settings say the rest. */
export const PlaceInput = z.strictObject({ host: z.optional(z.string()), port: z.optional(z.string()) });

export function serverEnvironment(context: BaseContext): ServerEnvironment {
  const { env, uid, home, platform, arch, pid } = context.machine;
  return {
    env,
    uid,
    home,
    platform,
    arch,
    pid,
    kill: (target, signal) => context.machine.kill(target, signal),
    say: (line) => context.note(line),
    signal: context.signal,
  };
}

/**
 * A server is for the whole machine, so no workspace has a say in where it listens. Throws BdError config
 * SETTING_INVALID, usage where a flag says it.
 */
export async function placeOf(context: BaseContext, input: z.infer<typeof PlaceInput>): Promise<Endpoint> {
  const sources = await context.personSources();
  const flags: FlagSettings = {
    ...sources.flags,
    ...(input.host === undefined ? {} : { "dolt.host": input.host }),
    ...(input.port === undefined ? {} : { "dolt.port": input.port }),
  };
  return resolveEndpoint({ ...sources, flags });
}

/** In words, for those who asked for more: which of several dolts it is. */
export function inWords({ path, version, source }: DoltBinary): string {
  return `Using dolt ${version} from ${source === "cache" ? "our cache" : source}: ${path}`;
}

/** Asks by SQL, as the user of the settings: `Dolt 1.83.2`. */
export function identifyAs({ machine }: BaseContext, endpoint: Endpoint): Identify {
  return async (host, port) => {
    const { user, password, tls } = endpoint;
    const asked = { host, port, user, password, tls };
    const { product, version } = await inspectServer({
      endpoint: asked,
      startHint: () => startHint(machine, asked.port),
    });
    return `${product} ${version}`;
  };
}
