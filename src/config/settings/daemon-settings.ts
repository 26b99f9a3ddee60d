import * as kind from "./setting-kinds.ts";

/** Keys of the daemon. What runs on a person's machine, and when, is theirs alone to say. */
const person = { home: "person", trust: "person" } as const;

export const DAEMON_SETTINGS = {
  "daemon.mode": {
    ...person,
    holds: kind.oneOf("events", "poll"),
    summary: "Whether the daemon is told of changed files, or looks for them",
    flag: "--mode",
    env: ["BEADS_DAEMON_MODE"],
    default: "events",
  },
  "daemon.autostart": {
    ...person,
    holds: kind.flag,
    summary: "Whether a command that finds no daemon starts one",
    default: "false",
  },
  "daemon.idle-exit": {
    ...person,
    holds: kind.duration,
    summary: "How long a daemon without anything to do stays; 0 for ever",
    default: "30m",
  },
  "daemon.debounce-ms": {
    ...person,
    holds: kind.wholeNumber(0, 60_000),
    summary: "How long, in milliseconds, files and changes must be quiet before the daemon acts",
    env: ["BEADS_DEBOUNCE_MS"],
    default: "500",
  },
  "daemon.watcher-fallback": {
    ...person,
    holds: kind.flag,
    summary: "Whether the daemon looks for changed files where it can't be told of them",
    env: ["BEADS_WATCHER_FALLBACK"],
    default: "true",
  },
  "daemon.poll-interval": {
    ...person,
    holds: kind.interval,
    summary: "Time between two looks at the files",
    env: ["BEADS_POLL_INTERVAL"],
    default: "5s",
  },
  "daemon.feed-interval": {
    ...person,
    holds: kind.interval,
    summary: "Time between two looks at the database of somebody who watches, with a daemon or without",
    env: ["BEADS_FEED_INTERVAL"],
    default: "250ms",
  },
} as const;
