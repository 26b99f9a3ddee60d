import * as fc from "fast-check";
import { expect, test } from "vitest";
import { explainSetting } from "../../src/config/settings/explain-setting.ts";
import { host } from "../../src/config/settings/setting-kinds.ts";
import { SETTINGS } from "../../src/config/settings/setting-table.ts";
import { resolveEndpoint, resolveFederation, resolveSettings } from "../../src/config/settings/settings.ts";
import { requireDatabase } from "../../src/config/workspace/require-database.ts";
import { workspaceIn } from "../../src/config/workspace/workspace.ts";
import { BdError } from "../../src/errors.ts";
import { viewIn } from "./temporary-folder.ts";

const WORKSPACE = workspaceIn("/shop/.beads");
const OWN = {
  BEADS_DOLT_PASSWORD: "s3cret-of-mine",
  BEADS_DOLT_SERVER_TLS: "true",
  BD_READONLY: "true",
  BEADS_ACTOR: "ann",
};

const word = fc.oneof(
  fc.constantFrom(
    "true",
    "false",
    "T1",
    "1",
    "0.0.0.0",
    "db.example.test",
    "127.0.0.1",
    "localhost",
    "/run/x.sock",
    "",
    "-x",
    "a\nb",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
);
const metadataNames = Object.values(SETTINGS).flatMap(({ metadata }) => metadata ?? []);
const metadata = fc.dictionary(fc.constantFrom(...metadataNames), fc.oneof(word, fc.double(), fc.boolean()));
const yaml = fc.dictionary(fc.constantFrom(...Object.keys(SETTINGS)), word);

const sourcesOf = (said: { readonly metadata: Record<string, unknown>; readonly yaml: Record<string, string> }) => ({
  view: viewIn("/shop", OWN),
  workspace: WORKSPACE,
  metadata: said.metadata,
  project: [
    {
      path: WORKSPACE.configPath,
      entries: new Map(Object.entries(said.yaml).map(([key, value]) => [key, { value, line: 1 }])),
    },
  ],
});

test("whatever a project says, settings are sound or refused, and the person's own words stand", () => {
  fc.assert(
    fc.property(fc.record({ metadata, yaml }), (said) => {
      const sources = sourcesOf(said);
      try {
        const settings = resolveSettings(sources);
        expect(settings.actor).toBe("ann");
        expect(settings.session).toBeUndefined();
        const { endpoint } = settings;
        expect(endpoint.tls).toBe(true);
        expect(host.parse(endpoint.host)).toBe(endpoint.host);
        expect(Number.isInteger(endpoint.port)).toBe(true);
        // The password came along: so the project names this machine, a local socket, or nothing.
        expect(endpoint.password).toBe("s3cret-of-mine");
        if (endpoint.socketPath === undefined) expect(endpoint.host).toMatch(/^(?:127\.|::1$|localhost\.?$)/i);
        requireDatabase(sources, settings);
        resolveFederation(sources);
      } catch (error) {
        expect(error).toBeInstanceOf(BdError);
        expect(error).toMatchObject({ kind: "config" });
        expect(JSON.stringify([String(error), error])).not.toContain("s3cret-of-mine");
      }
    }),
    { numRuns: 3000 },
  );
});

test("whatever a project says, every key can be explained, and no secret is", () => {
  fc.assert(
    fc.property(fc.record({ metadata, yaml }), fc.constantFrom(...Object.keys(SETTINGS)), (said, key) => {
      const sources = sourcesOf(said);
      try {
        const { losers, value, source } = explainSetting(key, sources);
        expect(JSON.stringify({ losers, value })).not.toContain("s3cret-of-mine");
        expect(value === undefined).toBe(source === undefined);
        for (const { why } of losers) expect(why).toMatch(/\w/);
      } catch (error) {
        // The password alone needs a server that makes sense.
        expect(key).toBe("dolt.password");
        expect(error).toMatchObject({ code: "SETTING_INVALID" });
      }
    }),
    { numRuns: 2000 },
  );
});

test("a person who requires TLS gets no connection without it, whatever the project says", () => {
  for (const lifted of [false, "false", "no", 0]) {
    const sources = sourcesOf({ metadata: { dolt_server_tls: lifted }, yaml: { "dolt.tls": "false" } });

    expect(resolveEndpoint(sources).tls).toBe(true);
  }
});
