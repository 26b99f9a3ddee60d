import * as kind from "./setting-kinds.ts";

/** Keys of `bd serve`. Which ports a person's machine opens is theirs alone to say. */
const person = { home: "person", trust: "person" } as const;

export const SERVE_SETTINGS = {
  "serve.host": {
    ...person,
    holds: kind.host,
    summary: "Name or address on which bd serve listens",
    flag: "--host",
    env: ["BEADS_SERVE_HOST"],
    default: "127.0.0.1",
  },
  "serve.port": {
    ...person,
    holds: kind.listeningPort,
    summary: "Port on which bd serve listens",
    flag: "--port",
    env: ["BEADS_SERVE_PORT"],
    default: "3380",
  },
  "serve.names": {
    ...person,
    holds: kind.hostNames,
    summary: "Other names under which bd serve is reached, such as a proxy's, separated by commas",
    env: ["BEADS_SERVE_NAMES"],
  },
  "serve.token-file": {
    ...person,
    holds: kind.absolutePath,
    summary: "File with the token that requests to bd serve must show; by default one in your state folder",
    env: ["BEADS_SERVE_TOKEN_FILE"],
  },
  "serve.enabled": {
    ...person,
    holds: kind.flag,
    summary: "Whether the daemon serves HTTP, too",
    default: "false",
  },
} as const;
