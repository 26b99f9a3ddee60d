import { resolve } from "node:path";
import * as z from "zod/mini";
import { type GitIdentity, readGitIdentity } from "../../config/git-actor.ts";
import { environmentValue } from "../../config/process-view.ts";
import { explainSetting } from "../../config/settings/explain-setting.ts";
import type { ReadContext } from "../context.ts";
import { defineOperation } from "../operation.ts";

/** Who acts here, and who or what says so: a flag, a variable, a file, git. */
export interface WhoAmI {
  readonly actor: string;
  readonly actor_source: string;
  /** Empty where nobody says it. */
  readonly email: string;
  readonly email_source: string | undefined;
  /** Undefined where none is named: then two claimants of one name can't be told apart. */
  readonly session: string | undefined;
  readonly session_source: string | undefined;
}

/** Asks no server. */
export const whoAmI = defineOperation({
  name: "workspace.whoami",
  access: "read",
  input: z.strictObject({ directory: z.optional(z.string()) }),
  async run(context, { directory }): Promise<WhoAmI> {
    const { name, email } = await context.actor();
    const sources = await context.sources();
    const { machine, signal } = context;
    const git = await readGitIdentity({ env: machine.env, cwd: resolve(machine.cwd, directory ?? ".") }, signal);
    const session = await context.claimSession();
    return {
      actor: name,
      actor_source: explainSetting("actor", sources).source ?? sourceOfName(context, name, git),
      email,
      email_source: email === "" ? undefined : sourceOfEmail(context),
      session,
      session_source: session === undefined ? undefined : explainSetting("session", sources).source,
    };
  },
  wire: {
    of: (output) => output,
    schema: () =>
      z.looseObject({
        actor: z.string(),
        actor_source: z.string(),
        email: z.string(),
        email_source: z.optional(z.string()),
        session: z.optional(z.string()),
        session_source: z.optional(z.string()),
      }),
  },
});

/** Of a name that no setting says. */
function sourceOfName({ machine }: ReadContext, name: string, git: GitIdentity): string {
  if (git.name === name) return "git user.name";
  const login = machine.platform === "win32" ? "USERNAME" : "USER";
  return environmentValue(machine, login)?.trim() === name ? login : "nobody says it";
}

function sourceOfEmail({ machine }: ReadContext): string {
  return environmentValue(machine, "GIT_AUTHOR_EMAIL") === undefined ? "git user.email" : "GIT_AUTHOR_EMAIL";
}
