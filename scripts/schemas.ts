// Writes schemas/*.json, what each operation takes and gives, what an error and an event is, as JSON Schema: `npm run schemas`.
// A test compares.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { errorWire } from "../src/app/error-wire.ts";
import { feedEventSchema } from "../src/core/changes/feed-event.ts";
import { OPERATIONS } from "../src/ops/index.ts";
import type { OperationEntry } from "../src/ops/operation.ts";
import { inputSchema, wireSchema } from "../src/ops/wire/operation-schemas.ts";

export const SCHEMAS_FOLDER = join(import.meta.dirname, "../schemas");

/** The texts of all files by their names. */
export async function schemaFiles(): Promise<Map<string, string>> {
  const files = new Map([
    ["error.json", textOf(await wireSchema(errorWire))],
    ["event.json", textOf(z.toJSONSchema(feedEventSchema()))],
  ]);
  for (const entry of OPERATIONS) files.set(`${entry.name}.json`, textOf(await describe(entry)));
  return files;
}

async function describe({ name, access, summary, load }: OperationEntry): Promise<object> {
  const operation = await load();
  return { operation: name, access, summary, input: inputSchema(operation), output: await wireSchema(operation.wire) };
}

function textOf(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

if (import.meta.main) {
  const files = await schemaFiles();
  await rm(SCHEMAS_FOLDER, { recursive: true, force: true });
  await mkdir(SCHEMAS_FOLDER);
  for (const [name, text] of files) await writeFile(join(SCHEMAS_FOLDER, name), text);
}
