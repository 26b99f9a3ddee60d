import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nameHostOf, requireNamedHost } from "../../../src/config/secrets/named-remotes.ts";
import { explainSetting } from "../../../src/config/settings/explain-setting.ts";
import { parseRemoteUrl } from "../../../src/core/remote-url.ts";
import { type Situation, sourcesOf } from "../setting-situation.ts";
import { bdErrorOf } from "../temporary-folder.ts";

const URL = "https://tracker.example.test:8443/team/app";
const HOST = "tracker.example.test:8443";
const REMOTE = `federation:\n  remote: ${URL}\n`;
const FETCH = ["bd", "dolt", "fetch"];

/** Who says where the remote is, the person not being among them, and what the message calls that. */
const STRANGERS: readonly (readonly [string, Situation, RegExp])[] = [
  ["the project's config.yaml", { project: REMOTE }, /\.beads\/config\.yaml, line 2 alone/],
  ["the project's config.local.yaml", { local: REMOTE }, /\.beads\/config\.local\.yaml, line 2 alone/],
  ["the server", {}, /the server's list of remotes alone/],
  ["the server, and another is the project's", { project: "federation.remote: file:///srv/app" }, /the server's list/],
];

/** How a person names the host. */
const NAMED: readonly Situation[] = [
  { person: `federation:\n  hosts: ${HOST}\n` },
  { person: `federation:\n  hosts:\n    - other.example.test\n    - https://TRACKER.example.test:8443\n` },
  { person: `federation.remote: https://${HOST}/another/project` },
  { env: { BD_FEDERATION_HOSTS: `other.example.test, ${HOST}` } },
  { env: { BD_FEDERATION_HOSTS: "other.example.test" }, person: `federation.hosts: "${HOST}"` },
  { env: { BD_FEDERATION_REMOTE: `https://${HOST}/another/project` } },
];

/** What comes near to it. */
const NOT_NAMED: readonly Situation[] = [
  {},
  { person: "federation.hosts: tracker.example.test" },
  { person: `federation.hosts: "http://${HOST}"` },
  { person: 'federation.hosts: "tracker.example.test:8444, example.test:8443, x.tracker.example.test:8443"' },
  { person: "federation.remote: https://tracker.example.test/team/app" },
  { person: `federation.remote: http://${HOST}/team/app` },
  { env: { BD_FEDERATION_REMOTE: "file:///tracker.example.test:8443/team/app" } },
  { project: `federation.hosts: "${HOST}"` },
  { local: `federation.hosts: "${HOST}"` },
  { metadata: JSON.stringify({ "federation.hosts": HOST, dolt_server_host: "tracker.example.test" }) },
  { credentials: `[${HOST}]\npassword=x\n` },
];

describe.each(STRANGERS)("a remote that %s names", (_who, stranger, source) => {
  const together = (situation: Situation): Situation => {
    const texts = ["project", "local"] as const;
    const joined = texts.map((file) => [file, [stranger[file], situation[file]].filter(Boolean).join("\n")]);
    return { ...situation, ...Object.fromEntries(joined) };
  };

  test.each(NAMED)("gets the password where the person names its host too: %j", async (situation) => {
    const sources = await sourcesOf(together(situation));

    expect(() => requireNamedHost(parseRemoteUrl(URL), sources, FETCH)).not.toThrow();
  });

  test.each(NOT_NAMED)("gets none where the person does not: %j", async (situation) => {
    const sources = await sourcesOf(together(situation));

    const error = await bdErrorOf(() => requireNamedHost(parseRemoteUrl(URL), sources, FETCH));

    expect(error).toMatchObject({
      kind: "config",
      code: "REMOTE_HOST_UNNAMED",
      // The host is the person's to type.
      hint: "BD_FEDERATION_HOSTS=HOST bd dolt fetch",
      details: { host: HOST },
    });
    expect(error.message).toContain(HOST);
    expect(error.message).toMatch(source);
  });

  test("gets none where the person's list can't be read", async () => {
    const sources = await sourcesOf(together({ person: `federation.hosts: "${HOST}, a b"` }));

    expect(await bdErrorOf(() => requireNamedHost(parseRemoteUrl(URL), sources, FETCH))).toMatchObject({
      code: "SETTING_INVALID",
    });
  });
});

test.each(["http://127.0.0.1:8080/app", "https://localhost/app", "http://[::1]:8080/app"])(
  "this machine needs no name: %s",
  async (url) => {
    const sources = await sourcesOf({ project: `federation.remote: "${url}"` });

    expect(() => requireNamedHost(parseRemoteUrl(url), sources, FETCH)).not.toThrow();
  },
);

test("a host without TLS is named with its http://, which the message says", async () => {
  const url = parseRemoteUrl("http://tracker.example.test:8080/app");
  const error = await bdErrorOf(async () =>
    requireNamedHost(url, await sourcesOf({ person: 'federation.hosts: "tracker.example.test:8080"' }), FETCH),
  );

  expect(error.message).toContain("(as http://tracker.example.test:8080, with http:// because it would cross");
  const sources = await sourcesOf({ person: 'federation.hosts: "http://tracker.example.test:8080"' });
  expect(() => requireNamedHost(url, sources, FETCH)).not.toThrow();
});

describe("a host that was typed", () => {
  const personFile = (root: string) => readFileSync(join(root, "home/.config/bd/config.yaml"), "utf8");

  test.each([
    ["", `federation:\n  hosts: "${HOST}"\n`],
    ["# mine\nactor: ann\n", `# mine\nactor: ann\nfederation:\n  hosts: "${HOST}"\n`],
    ["federation:\n  hosts: a.example.test # first\n", `federation:\n  hosts: "a.example.test,${HOST}" # first\n`],
    ["federation.hosts: ''\n", `federation.hosts: "${HOST}"\n`],
  ])("is added to the person's file: %j", async (person, expected) => {
    const sources = await sourcesOf({ person });

    expect(await nameHostOf(parseRemoteUrl(URL), sources)).toMatchObject({ host: { text: HOST } });
    expect(personFile(sources.root)).toBe(expected);
  });

  test("is kept beside one that another command added in the meantime", async () => {
    const sources = await sourcesOf();
    await nameHostOf(parseRemoteUrl("https://a.example.test/app"), sources);
    await nameHostOf(parseRemoteUrl(URL), sources);

    expect(personFile(sources.root)).toBe(`federation:\n  hosts: "a.example.test,${HOST}"\n`);
  });

  test.each([
    [URL, { person: `federation.hosts: "${HOST}"` }],
    [URL, { env: { BD_FEDERATION_HOSTS: HOST } }],
    ["http://127.0.0.1:8080/app", {}],
    ["file:///srv/app", {}],
    ["dolthub://team/app", {}],
  ] as const)("is not written where it is named already, or needs no name: %s %j", async (url, situation) => {
    const sources = await sourcesOf(situation);
    const before = personFile(sources.root);

    expect(await nameHostOf(parseRemoteUrl(url), sources)).toBeUndefined();
    expect(personFile(sources.root)).toBe(before);
  });
});

test("variable and file count together, and are explained together", async () => {
  const sources = await sourcesOf({
    env: { BD_FEDERATION_HOSTS: "a.example.test" },
    person: "federation.hosts: b.example.test",
    project: "federation.hosts: c.example.test",
  });

  expect(explainSetting("federation.hosts", sources)).toMatchObject({
    value: "a.example.test,b.example.test",
    source: `BD_FEDERATION_HOSTS and ${sources.root}/home/.config/bd/config.yaml, line 1`,
    losers: [{ value: "c.example.test", why: "it is yours to say, and no project's" }],
  });
});
