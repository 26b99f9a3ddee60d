import { isAbsolute, join } from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;

const FOLDERS = {
  config: { named: (env: Variables) => env["XDG_CONFIG_HOME"], usual: ".config" },
  state: { named: (env: Variables) => env["XDG_STATE_HOME"], usual: ".local/state" },
  cache: { named: (env: Variables) => env["XDG_CACHE_HOME"], usual: ".cache" },
} as const;

/**
 * The person's folder for settings, state or caches. A relative path counts as not set, as the XDG specification has it:
 * it would be another folder in each project, and the project's to fill.
 */
export function xdgFolder(
  kind: keyof typeof FOLDERS,
  { env, home }: { readonly env: Variables; readonly home: string },
): string {
  const { named, usual } = FOLDERS[kind];
  const folder = named(env) ?? "";
  return isAbsolute(folder) ? folder : join(home, usual);
}
