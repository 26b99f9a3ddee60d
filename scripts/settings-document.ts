// Writes the tables of docs/settings.md from the table of settings: `npm run docs`. A test compares.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ALL_SETTINGS, environmentNamesOf, type FoundSetting } from "../src/config/settings/find-setting.ts";
import { text } from "../src/config/settings/setting-kinds.ts";
import { PEER_SETTINGS, SETTINGS, type SettingHome, type Trust } from "../src/config/settings/setting-table.ts";

export const SETTINGS_DOCUMENT = join(import.meta.dirname, "../docs/settings.md");

const HOMES: Readonly<Record<SettingHome, string>> = {
  project: "`config.yaml`",
  person: "your `config.yaml`",
  metadata: "`metadata.json`",
  database: "the database",
  credentials: "credentials file",
  git: "git",
};

const SAID_BY: Readonly<Record<Trust, string>> = {
  person: "you",
  project: "you, project",
  stricter: "the stricter of both",
  database: "database",
};

/** Variables that are no settings, each with what it does. */
export const OTHER_VARIABLES: ReadonlyMap<string, string> = new Map([
  ["BD_CURSOR_FILE", "A file in which commands leave how far they have seen, for [`bd watch`](watch.md)"],
  ["BEADS_NO_DAEMON", "Any text: commands run by themselves, though a [daemon](daemon.md) is there"],
  ["BEADS_DIR", "The `.beads` folder to use, instead of the nearest one"],
  ["BEADS_DOLT_SERVER_MODE", "`1` or `true`: the issues are on a server, whatever `metadata.json` says of the mode"],
  ["BEADS_CREDENTIALS_FILE", "The credentials file, instead of `~/.config/beads/credentials`"],
  ["DOLT_REMOTE_USER", "User at a remote: [push and pull](federation.md#remotes-and-credentials)"],
  ["DOLT_REMOTE_PASSWORD", "Password at a remote"],
  ["DOLT_REMOTE_PASSWORD_FILE", "File with the password at a remote, that only you can read"],
  ["BEADS_DOLT_BIN", "The `dolt` to run"],
  ["BEADS_DOLT_DATA_DIR", "Data folder of your own server; default `~/.beads/dolt`"],
  ["BEADS_DOLT_OBTAIN", "`build`: a missing `dolt` is built with Go first, and downloaded where that fails"],
  ["BEADS_DOLT_RELEASE_SHA256", "The SHA-256 that the archive of `dolt` which is downloaded must have"],
  ["BEADS_DOLT_RELEASE_URL", "Where `dolt` is downloaded from, in place of its releases on GitHub"],
  ["DOLT_ROOT_PASSWORD", "Password of the user `root` of a new server, at its first start only"],
  ["HOME", "Your home folder"],
  ["LISTEN_FDS", "With `LISTEN_PID`, as systemd hands a socket over to a daemon: `sd_listen_fds(3)`"],
  ["LISTEN_PID", "The process that the socket is for"],
  ["SUDO_UID", "For root: the user who called `sudo`, whose workspaces are trusted"],
  ["GOFLAGS", "Goes before our own flags where `dolt` is built"],
  ["GIT_AUTHOR_EMAIL", "Your mail address in commits, before git's `user.email`"],
  ["GIT_INDEX_FILE", "The index of the commit that git is making, as it tells a hook"],
  ["GIT_SSH", "How git starts ssh; else `bd sync` with `sync.branch` has ssh ask nobody"],
  ["GIT_SSH_COMMAND", "The same, with arguments"],
  ["USER", "Your name, where neither a setting nor git has one"],
  ["USERNAME", "The same, on Windows"],
  ["PATH", "Where `dolt`, `git` and `systemctl` are looked for"],
  ["XDG_CONFIG_HOME", "In place of `~/.config`"],
  ["XDG_CACHE_HOME", "In place of `~/.cache`, where `dolt` is kept"],
  ["XDG_STATE_HOME", "In place of `~/.local/state`"],
  ["XDG_RUNTIME_DIR", "Where the user manager of systemd is reached"],
  ["NO_COLOR", "Any text: no colours"],
  ["FORCE_COLOR", "Colours in a pipe, too, and before `NO_COLOR`; `0` or `false`: none"],
  ["TERM", "`dumb`: no colours, and no editor of `VISUAL`"],
  ["VISUAL", "The editor of `bd edit`, where the terminal can show it"],
  ["EDITOR", "The editor of `bd edit` otherwise"],
  ["TMPDIR", "Where `bd edit` puts the text that is edited; default `/tmp`"],
  ["TZ", "The time zone of what is shown and typed; Node reads it"],
]);

/** The text with each of its tables as the sources have it. */
export function withTables(document: string): string {
  const tables = { settings: settingsTable(), "peer-settings": peerTable(), variables: variablesTable() };
  return Object.entries(tables).reduce((written, [name, rows]) => {
    const place = new RegExp(`(<!-- ${name} -->\n).*?(<!-- end of ${name} -->)`, "s");
    if (!place.test(written)) throw new Error(`docs/settings.md has no place for ${name}`);
    return written.replace(place, (_all, start: string, end: string) => `${start}\n${rows}\n\n${end}`);
  }, document);
}

function settingsTable(): string {
  const rows = Object.keys(SETTINGS).flatMap((key) => ALL_SETTINGS.get(key) ?? []);
  return table(["key", "what it is", "default", "home", "who says it", "variables and flag"], rows.map(settingCells));
}

function settingCells(row: FoundSetting): string[] {
  const { key, summary, holds, home, trust, flag } = row;
  const holdsWhat = holds === text ? "" : `: ${holds.expected}`;
  const said = [...environmentNamesOf(row), ...(flag === undefined ? [] : [flag])].map((name) => `\`${name}\``);
  const usual = row.default === undefined ? "" : `\`${row.default}\``;
  return [`\`${key}\``, `${summary}${holdsWhat}`, usual, HOMES[home], SAID_BY[trust], said.join(" ")];
}

function peerTable(): string {
  const cells = Object.entries(PEER_SETTINGS).map(([home, keys]) => {
    return [
      home === "project" ? HOMES.project : HOMES.database,
      keys
        .toSorted()
        .map((key) => `\`${key}\``)
        .join(", "),
    ];
  });
  return table(["home", "keys"], cells);
}

function variablesTable(): string {
  return table(
    ["variable", "what it does"],
    [...OTHER_VARIABLES].map(([name, what]) => [`\`${name}\``, what]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`.replaceAll("  ", " ");
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

if (import.meta.main) await writeFile(SETTINGS_DOCUMENT, withTables(await readFile(SETTINGS_DOCUMENT, "utf8")));
