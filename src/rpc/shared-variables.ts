/** Which of a caller's environment variables go with a line to the daemon. */

type Variables = Readonly<Record<string, string | undefined>>;

/** Those that bd reads, and git, which it asks for the writer's name. */
const READ =
  /^(?:BD_|BEADS_|DOLT_|GIT_|LC_|XDG_)|^(?:HOME|USER|LOGNAME|PATH|LANG|LANGUAGE|TZ|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|COLUMNS|SUDO_UID|CLAUDE_SESSION_ID)$/;

/** As `host/child-process.ts` knows them; `…_PASSWORD_FILE` holds a path. */
const SECRET = /_(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/** Settings of git's that are given in the environment may hold anything, such as a header with a token. */
const GIT_SETTINGS = /^GIT_CONFIG_(?:COUNT|KEY_|VALUE_|PARAMETERS)/;

/** The login to the server is shown to be known, and never sent. */
const LOGIN = ["BD_DOLT_PASSWORD", "BEADS_DOLT_PASSWORD"] as const;

export function sharedVariables(env: Variables): Record<string, string> {
  const shared: Record<string, string> = {};
  for (const name of Object.keys(env)) {
    const value = env[name];
    if (value !== undefined && READ.test(name) && !SECRET.test(name) && !GIT_SETTINGS.test(name)) shared[name] = value;
  }
  return shared;
}

/** What of an environment keeps a line in its own process, such as the name of a file of that; undefined for nothing. */
export function unsharable(env: Variables): string | undefined {
  return Object.keys(env).find(
    (name) => GIT_SETTINGS.test(name) || (READ.test(name) && /^\/(?:dev|proc)\//.test(env[name] ?? "")),
  );
}

/** The variables of a login that are set. */
export function loginVariables(env: Variables): Record<string, string> {
  return Object.fromEntries(LOGIN.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
