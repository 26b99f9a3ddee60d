import * as z from "zod/mini";

const OneRecord = z.record(z.string(), z.unknown());
const Records = z.array(OneRecord);

/** The objects of a payload that is a list. Throws where it is anything else. */
export function recordsIn(payload: unknown): Record<string, unknown>[] {
  return Records.parse(payload);
}

/** The only object of a payload that is a list of one. */
export function onlyRecordIn(payload: unknown): Record<string, unknown> {
  const [only, ...others] = recordsIn(payload);
  if (only === undefined || others.length > 0)
    throw new Error(`a list of one was expected: ${JSON.stringify(payload)}`);
  return only;
}

/** The object that a payload is. Throws where it is anything else. */
export function recordIn(payload: unknown): Record<string, unknown> {
  return OneRecord.parse(payload);
}
