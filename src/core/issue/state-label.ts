import { BdError } from "../../errors.ts";

/** What one dimension of an issue is now, as `mode: degraded`; a label `mode:degraded` says it. */
export interface State {
  readonly dimension: string;
  readonly value: string;
}

/** A label as a state; undefined for labels that are none. */
export function stateOf(label: string): State | undefined {
  const at = label.indexOf(":");
  return at < 1 || at === label.length - 1 ? undefined : { dimension: label.slice(0, at), value: label.slice(at + 1) };
}

export function stateLabel({ dimension, value }: State): string {
  return `${dimension}:${value}`;
}

/** `mode=degraded`. Throws BdError usage STATE_INVALID. */
export function parseState(text: string): State {
  const at = text.indexOf("=");
  const [dimension, value] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1).trim()];
  if (dimension !== "" && value !== "" && !/[:,]/.test(dimension) && !value.includes(",")) return { dimension, value };
  throw new BdError("usage", "STATE_INVALID", `"${text}" is no state: it is said as dimension=value, without commas`);
}
