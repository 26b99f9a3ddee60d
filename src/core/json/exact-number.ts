/** A whole number with all its digits. */
export function exactNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

const LONG_NUMBER = /\d{16}/;

/** As `JSON.parse`, but whole numbers keep all their digits where JavaScript would round them. */
export function parseExactly(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
}

function exactly(_key: string, value: unknown, ...[context]: readonly { readonly source?: string }[]): unknown {
  const digits = context?.source;
  return typeof value === "number" && digits !== undefined && /^-?\d+$/.test(digits) ? exactNumber(digits) : value;
}
