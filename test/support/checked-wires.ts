import * as z from "zod";
import type { App } from "../../src/app/app.ts";
import { errorWire, toBdError } from "../../src/app/error-wire.ts";
import type { Frame } from "../../src/app/frame.ts";
import { feedEventSchema } from "../../src/core/changes/feed-event.ts";
import { withAllDigits } from "../../src/core/json/go-json.ts";
import { findOperation } from "../../src/ops/index.ts";
import type { WireSchema } from "../../src/ops/operation.ts";
import { wireSchema } from "../../src/ops/wire/operation-schemas.ts";

/**
 * The app, with every result and error held against the schema of its wire, whether somebody wants its JSON or not. What
 * does not fit is thrown in place of the frame, and kept in `misfits`: the caller may take it for a bug of bd's.
 */
export function withCheckedWires(app: App, misfits: Error[] = []): App {
  return {
    ...app,
    async *call(operation, input, from) {
      for await (const frame of app.call(operation, input, from)) {
        const misfit = await misfitIn(operation, frame);
        if (misfit !== undefined) {
          misfits.push(misfit);
          throw misfit;
        }
        yield frame;
      }
    },
  };
}

async function misfitIn(operation: string, frame: Frame): Promise<Error | undefined> {
  if (frame.kind === "error") return misfitOf("an error", errorWire, errorWire.of(toBdError(frame.error)));
  if (frame.kind === "event") return misfitOf("an event", { schema: feedEventSchema }, frame.event);
  return frame.kind === "result" ? misfitOfOperation(operation, frame.result.payload()) : undefined;
}

/** The same for the payload of an operation. */
export async function misfitOfOperation(name: string, payload: unknown): Promise<Error | undefined> {
  const operation = await findOperation(name)?.load();
  return operation && misfitOf(name, operation.wire, payload);
}

const strictSchemas = new Map<string, Promise<z.ZodType>>();

/**
 * What in a payload does not fit the JSON Schema of a wire. For programs of tomorrow the schemas are loose; here a key
 * that no schema names does not fit either.
 */
export async function misfitOf(name: string, wire: WireSchema, payload: unknown): Promise<Error | undefined> {
  const making = strictSchemas.get(name) ?? strictSchema(wire);
  strictSchemas.set(name, making);
  const schema = await making;
  // Of these nothing is printed.
  if (payload === undefined && schema instanceof z.ZodNever) return undefined;
  const { error } = schema.safeParse(payload === undefined ? undefined : JSON.parse(withAllDigits(payload)));
  return error && new Error(`the JSON of ${name} is not as its schema says:\n${z.prettifyError(error)}`);
}

async function strictSchema(wire: WireSchema): Promise<z.ZodType> {
  const text = JSON.stringify(await wireSchema(wire));
  return z.fromJSONSchema(JSON.parse(text, (_key, value) => withoutMore(value)));
}

/** Where a schema names keys, there are no others. */
function withoutMore(value: unknown): unknown {
  const namesKeys = typeof value === "object" && value !== null && "properties" in value && "type" in value;
  return namesKeys ? { ...value, additionalProperties: false } : value;
}
