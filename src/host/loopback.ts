import { isIPv4 } from "node:net";

/** Whether what listens there is on this machine. */
export function isLoopback(value: string): boolean {
  if (isIPv4(value)) return value.startsWith("127.");
  // With a dot behind it, it is a name that the domain name system is asked for.
  return value === "::1" || value.toLowerCase() === "localhost";
}
