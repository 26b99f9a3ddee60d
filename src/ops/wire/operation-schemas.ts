import * as z from "zod/mini";
import { type AnyOperation, NO_INPUT, type WireSchema } from "../operation.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What an operation takes, as JSON Schema. */
export function inputSchema({ name, input }: AnyOperation): JsonSchema {
  const schema = input === NO_INPUT ? z.strictObject({}) : input;
  if (!(schema instanceof z.ZodMiniType)) throw new Error(`the input of ${name} is described by no schema of zod`);
  return takenSchema(schema);
}

/** What a schema takes from others, as JSON Schema. */
export function takenSchema(schema: z.ZodMiniType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

/** What a wire gives, as JSON Schema. */
export async function wireSchema(wire: WireSchema): Promise<JsonSchema> {
  return z.toJSONSchema(await wire.schema());
}
