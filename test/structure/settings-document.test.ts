import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readSources } from "../../scripts/house-rules.ts";
import { OTHER_VARIABLES, SETTINGS_DOCUMENT, withTables } from "../../scripts/settings-document.ts";
import { SECRET_VARIABLES } from "../../src/cli/env.ts";
import { environmentNamesOf } from "../../src/config/settings/find-setting.ts";
import { SETTINGS } from "../../src/config/settings/setting-table.ts";

const root = join(import.meta.dirname, "../..");

it("docs/settings.md has the tables that `npm run docs` writes", () => {
  const document = readFileSync(SETTINGS_DOCUMENT, "utf8");

  expect(document).toBe(withTables(document));
});

const OF_SETTINGS = Object.entries(SETTINGS).flatMap(([key, row]) => environmentNamesOf({ ...row, key }));

it("the variables that are no settings are those that the sources read by name", async () => {
  const sources = await readSources(root);
  const names = new Set(
    // The library for web apps is no part of the program, and has a document of its own.
    [...sources].flatMap(([path, source]): (string | undefined)[] =>
      path.startsWith("src/tracker/")
        ? []
        : [
            ...SECRET_VARIABLES,
            ...[...source.matchAll(/\benv(?:ironment)?(?:\.env)?(?:\.|\[")([A-Z][A-Z0-9_]+)/g)].map(([, name]) => name),
            ...[...source.matchAll(/environmentValue\(.*\)/g)].flatMap(([call]) =>
              [...call.matchAll(/"([A-Z][A-Z0-9_]+)"/g)].map(([, name]) => name),
            ),
          ],
    ),
  );

  for (const name of OF_SETTINGS) names.delete(name);

  expect(new Set(OTHER_VARIABLES.keys())).toEqual(names);
});

it("no variable is both a setting's and another", () => {
  expect(OF_SETTINGS.filter((name) => OTHER_VARIABLES.has(name))).toEqual([]);
  expect(OF_SETTINGS).toEqual([...new Set(OF_SETTINGS)]);
});
