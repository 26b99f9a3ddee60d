import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SCHEMAS_FOLDER, schemaFiles } from "../../scripts/schemas.ts";
import { OPERATIONS } from "../../src/ops/index.ts";
import { NO_INPUT } from "../../src/ops/operation.ts";

const ACCEPT =
  "programs hold on to schemas/*.json. If the change is meant, `npm run schemas` writes them anew; then read the " +
  "difference: a key that goes, may be missing or has another type, and an input that takes less, break programs";

const files = await schemaFiles();

it("there is a file of each operation, and of errors", () => {
  expect(readdirSync(SCHEMAS_FOLDER).toSorted(), ACCEPT).toEqual([...files.keys()].toSorted());
});

it.each([...files])("schemas/%s is what the code says", (name, text) => {
  expect(readFileSync(join(SCHEMAS_FOLDER, name), "utf8"), ACCEPT).toBe(text);
});

interface SchemaFile {
  readonly input: { readonly properties: Readonly<Record<string, object>>; readonly additionalProperties: unknown };
  readonly output: object;
}

const described = OPERATIONS.map(({ name }): [string, SchemaFile] => [
  name,
  JSON.parse(files.get(`${name}.json`) ?? ""),
]);

describe.each(described)("%s", (_name, { input, output }) => {
  it("takes no key that its schema does not name, and says of each what it may be", () => {
    expect(input.additionalProperties).toBe(false);
    for (const schema of Object.values(input.properties)) expect(Object.keys(schema)).not.toEqual([]);
  });

  it("gives objects that more keys may come to", () => {
    expect(JSON.stringify(output)).not.toContain('"additionalProperties":false');
  });
});

it("who needs no input takes an empty object, as the schema says", () => {
  const taken = [{}, { more: 1 }, [], null, undefined].map((input) => NO_INPUT.safeParse(input).success);

  expect(taken).toEqual([true, false, false, false, false]);
});
