import { isAbsolute, join } from "node:path";

const FOLDERS = {
  config: ["XDG_CONFIG_HOME", ".config"],
  state: ["XDG_STATE_HOME", ".local/state"],
  cache: ["XDG_CACHE_HOME", ".cache"],
} as const;

/**
 * The person's folder for settings, state or caches. A relative path counts as not set, as the XDG specification has it:
 * it would be another folder in each project, and the project's to fill.
 */
export function xdgFolder(
  kind: keyof typeof FOLDERS,
  { env, home }: { readonly env: Readonly<Record<string, string | undefined>>; readonly home: string },
): string {
  const [name, usual] = FOLDERS[kind];
  const named = env[name] ?? "";
  return isAbsolute(named) ? named : join(home, usual);
}
