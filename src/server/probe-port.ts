import { connect } from "node:net";
import { errnoOf } from "../host/errno.ts";

/** Who listens on a port, as far as it says before anybody logs in. */
export type PortAnswer =
  /** Nobody listens. */
  | { readonly kind: "free" }
  | {
      readonly kind: "mysql";
      /** Dolt greets as MySQL 8.0.33 does: only `SELECT dolt_version()` tells the two apart. */
      readonly product: "mariadb" | "dolt-or-mysql";
      readonly version: string;
    }
  /** It speaks the protocol, but turns us away unheard (too many connections, blocked host): its MySQL error number. */
  | { readonly kind: "mysql-refusal"; readonly errno: number }
  /** It accepts the connection and speaks another protocol, or stays silent. */
  | { readonly kind: "other"; readonly silent: boolean }
  /** The host can't be reached: a system error code, or `ETIMEDOUT`. */
  | { readonly kind: "unreachable"; readonly reason: string };

export interface PortProbe {
  readonly host: string;
  readonly port: number;
  /** How long to wait for the greeting. Local servers greet within milliseconds. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 2000;
const HEADER_BYTES = 4;
// A greeting has about 80 bytes; whoever sends much more without one is no MySQL server.
const MAX_GREETING_BYTES = 4096;

/** Connects, reads the first packet, hangs up. Sends nothing, throws nothing. */
export async function probePort(probe: PortProbe): Promise<PortAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: probe.host, port: probe.port });
    let received: Buffer = Buffer.alloc(0);
    let connected = false;
    const settle = (answer: PortAnswer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const silence = (): PortAnswer =>
      connected ? { kind: "other", silent: received.length === 0 } : { kind: "unreachable", reason: "ETIMEDOUT" };
    const timer = setTimeout(() => settle(silence()), probe.timeoutMs ?? TIMEOUT_MS);
    socket.on("connect", () => {
      connected = true;
    });
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = readGreeting(received);
      if (answer !== undefined) settle(answer);
    });
    socket.on("end", () => settle(silence()));
    socket.on("error", (error) => {
      if (connected) return settle(silence());
      const reason = errnoOf(error) ?? "unknown";
      settle(reason === "ECONNREFUSED" ? { kind: "free" } : { kind: "unreachable", reason });
    });
  });
}

/** Judges what has arrived so far; undefined while more is needed. */
export function readGreeting(received: Buffer): PortAnswer | undefined {
  if (received.length <= HEADER_BYTES) return undefined;
  const length = received.readUIntLE(0, 3);
  const sequence = received[3];
  const protocol = received[HEADER_BYTES];
  const isGreeting = protocol === 0x0a || protocol === 0xff;
  if (sequence !== 0 || !isGreeting || length > MAX_GREETING_BYTES) return { kind: "other", silent: false };
  if (received.length < HEADER_BYTES + length) return undefined;
  const payload = received.subarray(HEADER_BYTES, HEADER_BYTES + length);
  if (protocol === 0xff) {
    return length < 3 ? { kind: "other", silent: false } : { kind: "mysql-refusal", errno: payload.readUInt16LE(1) };
  }
  const end = payload.indexOf(0, 1);
  if (end === -1) return { kind: "other", silent: false };
  return { kind: "mysql", ...productOf(payload.toString("latin1", 1, end)) };
}

/** Completes "… answers": `MariaDB 10.11.6`, `something that does not speak MySQL`. */
export function describeAnswer(answer: PortAnswer): string {
  if (answer.kind === "free") return "nobody";
  if (answer.kind === "unreachable") return `nobody we can reach (${answer.reason})`;
  if (answer.kind === "mysql-refusal") return `a MySQL server that refuses connections (error ${answer.errno})`;
  if (answer.kind === "mysql") {
    if (answer.product === "mariadb") return `MariaDB ${answer.version}`;
    return `a server that greets as MySQL ${answer.version} (Dolt and MySQL both do)`;
  }
  return answer.silent
    ? "something that accepts connections but sends no MySQL greeting"
    : "something that does not speak MySQL";
}

function productOf(greeted: string): { product: "mariadb" | "dolt-or-mysql"; version: string } {
  // MariaDB 10 prefixes `5.5.5-` for old replicas: `5.5.5-10.11.6-MariaDB-0+deb12u1`.
  const mariadb = /^(?:5\.5\.5-)?([\d.]+)-mariadb/iu.exec(greeted);
  if (mariadb?.[1] !== undefined) return { product: "mariadb", version: mariadb[1] };
  return { product: "dolt-or-mysql", version: greeted };
}
