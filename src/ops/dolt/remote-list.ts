import * as z from "zod/mini";
import { resolveFederation } from "../../config/settings/settings.ts";
import { isSameRemote, shownUrl } from "../../core/remote-url.ts";
import { allServerRemotes, DEFAULT_REMOTE, RELAY_PREFIX } from "../../federation/remote/remotes.ts";
import { defineOperation } from "../operation.ts";

export interface ListedRemote {
  readonly name: string;
  /** As the server has it. */
  readonly serverUrl: string | undefined;
  /** As the project's settings have it; they know the default remote only. */
  readonly projectUrl: string | undefined;
  readonly status: "ok" | "server-only" | "project-only" | "conflict";
}

export interface RemoteListResult {
  readonly remotes: readonly ListedRemote[];
}

/** The remotes of the server and of the project, by name. */
export const listAllRemotes = defineOperation({
  name: "dolt.remote-list",
  access: "read",
  input: z.strictObject({}),
  async run(context): Promise<RemoteListResult> {
    const { remote: configured } = resolveFederation(await context.sources());
    const [all] = await context.read((reader) => reader.all([allServerRemotes]));
    const remotes = all
      .filter(({ name }) => !name.startsWith(RELAY_PREFIX))
      .map(({ name, url }) => listed(name, url, name === DEFAULT_REMOTE ? configured : undefined));
    if (configured === undefined || remotes.some(({ name }) => name === DEFAULT_REMOTE)) return { remotes };
    return { remotes: [listed(DEFAULT_REMOTE, undefined, configured), ...remotes] };
  },
  wire: {
    of: ({ remotes }) =>
      remotes.map(({ name, serverUrl, projectUrl, status }) => ({
        name,
        sql_url: serverUrl,
        project_url: projectUrl,
        status: STATUS_WORDS[status],
      })),
    schema: () =>
      z.array(
        z.looseObject({
          name: z.string(),
          sql_url: z.optional(z.string()),
          project_url: z.optional(z.string()),
          status: z.enum(Object.values(STATUS_WORDS)),
        }),
      ),
  },
});

function listed(name: string, onServer: string | undefined, inProject: string | undefined): ListedRemote {
  return {
    name,
    serverUrl: onServer === undefined ? undefined : shownUrl(onServer),
    projectUrl: inProject,
    status: statusOf(name, onServer, inProject),
  };
}

function statusOf(name: string, onServer: string | undefined, inProject: string | undefined): ListedRemote["status"] {
  if (onServer === undefined) return "project-only";
  if (inProject === undefined) return name === DEFAULT_REMOTE ? "server-only" : "ok";
  return isSameRemote(onServer, inProject) ? "ok" : "conflict";
}

/** The peer's words, as far as it has them. */
const STATUS_WORDS: Readonly<Record<ListedRemote["status"], string>> = {
  ok: "ok",
  "server-only": "sql_only",
  "project-only": "project_only",
  conflict: "conflict",
};
