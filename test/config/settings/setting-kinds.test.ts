import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWord } from "../../../src/config/settings/decide-setting.ts";
import { settingFor } from "../../../src/config/settings/find-setting.ts";
import * as kind from "../../../src/config/settings/setting-kinds.ts";
import { SETTINGS, type SettingKey } from "../../../src/config/settings/setting-table.ts";
import { BdError } from "../../../src/errors.ts";
import { isLoopback } from "../../../src/host/loopback.ts";

/** What an attacker writes where a name, a number or a path is wanted. */
const HOSTILE = [
  "127.0.0.1\nExecStartPre=/bin/sh -c id",
  "127.0.0.1 NODE_OPTIONS=--require=/repo/evil.cjs",
  "-oProxyCommand=id",
  "--host",
  "$(id)",
  "`id`",
  "a;b",
  "a|b",
  "a'b",
  'a"b',
  "a\\b",
  "a\tb",
  "a\rb",
  "a\u0000b",
  "\u001b[2J",
  "%h/x",
  "../../etc/passwd",
  "a/b",
  "user@host",
  "host:3307",
  "[::1]",
  "::1%$(id)",
  "1.2.3.4.5",
  "2130706433",
  "0x7f.1",
  "127.1",
  "999.1.1.1",
  "a..b",
  ".a",
  "a-",
  "x".repeat(64),
  `${"a.".repeat(127)}toolong`,
  "a\u2028b",
  "ho\u202est",
  "１２７.0.0.1",
] as const;

describe("a host", () => {
  test.each([
    "127.0.0.1",
    "0.0.0.0",
    "::1",
    "fe80::1%eth0",
    "2001:db8::7",
    "localhost",
    "db.example.test",
    "db_1",
    "a-b.c",
    "DB",
    "db.example.test.",
    "3com.example",
  ])("may be %s", (text) => {
    expect(kind.host.parse(text)).toBe(text);
  });

  test.each(HOSTILE)("is never %j", (text) => {
    expect(kind.host.parse(text)).toBeUndefined();
  });

  test("is nothing that a shell, an option or a line of a file could be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 80 }), (text) => {
        const host = kind.host.parse(text);
        if (host !== undefined) expect(host).toMatch(/^[A-Za-z0-9_:][\w.:-]*(?:%[\w.:-]+)?$/);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["127.0.0.1", true],
    ["127.9.8.7", true],
    ["::1", true],
    ["localhost", true],
    ["LOCALHOST", true],
    ["localhost.", false],
    ["0.0.0.0", false],
    ["128.0.0.1", false],
    ["127.0.0.1.example.test", false],
    ["localhost.example.test", false],
    ["::ffff:10.0.0.1", false],
    ["", false],
  ])("%s is on this machine: %s", (text, here) => {
    expect(isLoopback(text)).toBe(here);
  });
});

const CASES = [
  ["dolt.port", ["1", "3307", "65535"], ["0", "65536", "-1", "3307 ", "3e3", "0x10", "٣٣٠٧", "330711", "", "1\n"]],
  ["dolt.database", ["beads_x", "a-b"], ["", "a b", "/x/.beads/dolt", "a`b", "a;DROP", "1a", "x".repeat(65), "a\n"]],
  ["dolt.user", ["root", "ann o'hara"], ["a\nb", "a\u0000", "x".repeat(81), "\u001b[2J"]],
  ["dolt.socket", ["/run/dolt.sock", "/tmp/a b.sock"], ["dolt.sock", "./s", "../s", "/a\nb", "/a\u0000"]],
  [
    "dolt.retry-max",
    ["0", "30", "2.5", "500ms", "1m", "1h".replace("h", "m"), "60m"],
    ["-1", "61m", "9e9", "1h", "30 s", "1".repeat(400), "Infinity", "NaN", ""],
  ],
  ["dolt.tls", ["true", "FALSE", "on", "0"], ["maybe", "truee", "", "1\n", "ture"]],
  ["readonly", ["yes", "no"], ["perhaps", "2"]],
  ["json", ["1", "off"], ["json"]],
  ["serve.host", ["127.0.0.1", "::1", "box.example.test"], ["a b", "-h", "http://a"]],
  ["serve.port", ["0", "3380", "65535"], ["65536", "-1", "http"]],
  ["serve.names", ["a.example.test", "a.example.test:8080, b.example.test"], ["a b", "http://a", ""]],
  ["serve.token-file", ["/run/token"], ["token", "./token"]],
  ["tracker.mirror", ["on", "false"], ["maybe"]],
  ["tracker.prefix", ["tracker:", "a.b-c:"], ["a b", "", "a*"]],
  [
    "tracker.statuses",
    ["four", "six", "a=open, b=in_progress,c=closed"],
    ["a=open", "a", "a=closed,b=open", "a=open,a=closed"],
  ],
  ["serve.enabled", ["on", "false"], ["maybe"]],
  ["daemon.mode", ["events", "poll"], ["event", "Poll", "1"]],
  ["daemon.autostart", ["on", "false"], ["maybe"]],
  ["daemon.idle-exit", ["0", "30m", "500ms"], ["2h", "soon"]],
  ["daemon.debounce-ms", ["0", "500"], ["500ms", "-1", "60001"]],
  ["daemon.watcher-fallback", ["yes", "0"], ["poll"]],
  ["sync.jsonl", ["on", "0"], ["file.jsonl"]],
  ["sync.implicit_deletes", ["lose", "win"], ["never", "true"]],
  ["sync.flush", ["manual", "always"], ["never", "true"]],
  ["json-envelope", ["on", "false"], ["v2"]],
  ["federation.sovereignty", ["T1", "t4"], ["T0", "T5", "T", "1"]],
  [
    "federation.remote",
    ["https://host/org/db", "file:///srv/x"],
    ["host", "https://u:p@host/x", "https://host/a b", "javascript:x", "https://host/$(id)?x"],
  ],
  [
    "federation.hosts",
    ["a.example.test", "a.example.test:8443, http://10.0.0.7:8080,[::2]", ""],
    ["a b", "*", "u:p@a.example.test", "a.example.test/x", "$(id)", "a:0", "a:65536", "::1", "ssh://a", "a\nb"],
  ],
  [
    "issue_prefix",
    ["bd", "my_app", "web.app", "BD", "2024", "漢字", "a--b", "_x", "x".repeat(200)],
    ["", "-x", ".x", "a b", "a\nb", "$(id)", "a/b", "\u001b[2J", "\u115f", "x".repeat(201)],
  ],
  ["daemon.poll-interval", ["5s", "50ms", "0.05", "60m"], ["0", "0s", "49ms", "61m", "-5s", "often"]],
  ["federation.auto", ["true", "off"], ["maybe"]],
  ["federation.auto-interval", ["5m", "50ms"], ["0", "2h"]],
  ["daemon.feed-interval", ["250ms", "1"], ["0", "0ms", "1ms", "2h"]],
  ["issue_id_mode", ["hash", "counter"], ["Hash", "sequence"]],
  ["min_hash_length", ["3", "8"], ["2", "9", "3.5", "1e1", "banana", "-3", "9".repeat(40)]],
  ["max_hash_length", ["3", "8"], ["0", "99"]],
  ["max_collision_prob", ["0.25", "1", ".5"], ["0", "1.5", "-1", "25%", "1e-9"]],
  ["allowed_prefixes", ["hq, web", "", "2024"], ["a b", "a;b", "$(id)", "a\nb"]],
  ["status.custom", ["review:wip", ""], ["Bad Name", "review:nowhere"]],
  ["types.custom", ["incident, merge-request"], ["two words", "$(id)", "-x"]],
  ["types.infra", ["agent"], ["a/b"]],
] as const satisfies readonly (readonly [SettingKey, readonly string[], readonly string[]])[];

test.each(CASES)("%s holds what it should, and nothing else", (key, good, bad) => {
  const row = settingFor(key);
  const says = (value: string) => () => parseWord(key, row, { speaker: "project", source: "FILE, line 1", value });
  for (const value of good) expect(says(value), value).not.toThrow();
  for (const value of bad) expect(says(value), value).toThrow(BdError);
});

test("every key that holds more than any text has its good and bad values here", () => {
  const tested = new Set<string>(["dolt.host", ...CASES.map(([key]) => key)]);
  const special = Object.entries(SETTINGS).filter(([, { holds }]) => holds !== kind.text);

  expect(special.map(([key]) => key).filter((key) => !tested.has(key))).toEqual([]);
});

test("whatever stands there, a word is parsed or refused with its source and key, and never more", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(SETTINGS)),
      fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })),
      (key, value) => {
        try {
          parseWord(key, settingFor(key), { speaker: "project", source: "FILE, line 1", value });
        } catch (error) {
          expect(error).toMatchObject({ kind: "config", code: "SETTING_INVALID" });
          expect(String(error)).toContain("FILE, line 1");
          expect(String(error)).toContain(key);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test("a secret that can't be is not repeated", () => {
  const row = { holds: kind.port, secret: true } as const;

  expect(() => parseWord("x", row, { speaker: "environment", source: "X", value: "s3cret" })).toThrow(
    "X says something for x, which must be a port",
  );
});
