import type { Carrier } from "../../federation/remote/transport.ts";
import { oneOf } from "../wire/formats.ts";

/** Which way to a remote was taken. */
export function rung() {
  return oneOf<Carrier>({ server: true, relay: true, "server-password": true });
}
