import * as z from "zod/mini";

const Records = z.array(z.record(z.string(), z.unknown()));

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
