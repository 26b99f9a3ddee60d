import { isIPv4 } from "node:net";

/** Whether what listens there is on this machine. */
export function isLoopback(value: string): boolean {
  if (isIPv4(value)) return value.startsWith("127.");
  return value === "::1" || /^localhost\.?$/i.test(value);
}
