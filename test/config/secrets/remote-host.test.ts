import { describe, expect, test } from "vitest";
import { remoteHostOf, remoteHosts } from "../../../src/config/secrets/remote-host.ts";
import { parseRemoteUrl } from "../../../src/core/remote-url.ts";

const hostOf = (url: string) => remoteHostOf(parseRemoteUrl(url))?.text;
const named = (text: string) => remoteHosts.parse(text)?.map((host) => host.text);

describe("where the password for a remote goes", () => {
  test.each([
    ["https://tracker.example.org/team/app", "tracker.example.org"],
    ["https://tracker.example.org:443/app", "tracker.example.org"],
    ["https://Tracker.Example.ORG./app", "tracker.example.org"],
    ["https://tracker.example.org:8443/app", "tracker.example.org:8443"],
    ["https://tracker.example.org:08443/app", "tracker.example.org:8443"],
    ["https://tracker.example.org:80/app", "tracker.example.org:80"],
    ["http://tracker.example.org/app", "http://tracker.example.org"],
    ["http://tracker.example.org:80/app", "http://tracker.example.org"],
    ["http://tracker.example.org:8080/app", "http://tracker.example.org:8080"],
    ["https://[2001:DB8:0::1]:8443/app", "[2001:db8::1]:8443"],
    ["https://192.0.2.7/app", "192.0.2.7"],
    ["az://club.blob.core.windows.net/container/app", "club.blob.core.windows.net"],
    ["az://collector.example.test:8443/container/app", "collector.example.test:8443"],
  ])("is one port of one host, in one spelling: %s", (url, text) => {
    expect(hostOf(url)).toBe(text);
    expect(named(text)).toEqual([text]);
  });

  test.each([
    "file:///srv/app",
    "ssh://git@host/app.git",
    "dolthub://team/app",
    "https://doltremoteapi.dolthub.com/team/app",
    "git+https://host/app.git",
    "git+ssh://git@host/app.git",
    "aws://[table:bucket]/app",
    "gs://bucket/app",
    "oci://bucket/app",
    "s3://bucket/app",
  ])("is nowhere where no host gets it: %s", (url) => expect(hostOf(url)).toBeUndefined());

  test.each([
    ["http://127.0.0.1:8080/app", true],
    ["http://127.9.9.9:8080/app", true],
    ["http://localhost/app", true],
    ["https://[::1]:8080/app", true],
    ["https://[0:0:0:0:0:0:0:1]/app", true],
    ["http://0.0.0.0:8080/app", false],
    ["http://127.0.0.1.example.test/app", false],
    ["http://127.1/app", false],
    ["http://0x7f.0.0.1/app", false],
    ["http://0177.0.0.1/app", false],
    ["http://2130706433/app", false],
    ["http://[::ffff:7f00:1]/app", false],
    ["http://localhost.example.test/app", false],
    ["http://127.0.0.1:99999/app", false],
  ])("is this machine, or not, by nothing but its name: %s", (url, isOwn) =>
    expect(remoteHostOf(parseRemoteUrl(url))?.isOwn).toBe(isOwn),
  );
});

describe("federation.hosts", () => {
  test("is a list", () => {
    expect(named(" a.example.test, http://b.example.test:80 ,https://c.example.test:1/,,[::2]")).toEqual([
      "a.example.test",
      "http://b.example.test",
      "c.example.test:1",
      "[::2]",
    ]);
    expect(named("")).toEqual([]);
  });

  test.each([
    "a b",
    "*",
    "*.example.test",
    "user@a.example.test",
    "ssh://a.example.test",
    "a.example.test/path",
    "a.example.test:0",
    "a.example.test:65536",
    "a.example.test:",
    "::1",
    "[::1",
    "[a.example.test]",
    "-a",
    "http://",
  ])("has no %j in it", (text) => expect(named(`a.example.test,${text}`)).toBeUndefined());
});
