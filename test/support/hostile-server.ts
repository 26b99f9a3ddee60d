import { constants, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { listenOnLoopback } from "./listen-on-loopback.ts";

/** What a server may do that means harm to whoever connects to it. */
export type Hostility = LoginHostility | AnswerHostility;

export type LoginHostility =
  | "asks for the password in clear" // switches to mysql_clear_password
  | "offers its own public key" // caching_sha2_password, full authentication
  | "offers its own public key for sha256" // switches to sha256_password
  | "asks for the old password" // the switch of MySQL 4
  | "greets with the terminal" // an error in place of the greeting
  | "ends at the login";

export type AnswerHostility =
  | "asks for a file" // LOCAL INFILE
  | "sends a packet without end"
  | "sends rows without end"
  | "sends columns without end"
  | "announces a huge packet" // and sends a few bytes of it
  | "numbers its packets wrongly"
  | "gives a length that is none"
  | "speaks to the terminal" // an error text with control codes
  | "gives text for numbers"
  | "gives bytes for everything"
  | "answers too much" // more results than there were statements
  | "answers with nothing" // OK without rows to everything
  | "answers in pieces of nonsense"
  | "falls silent in a packet"
  | "falls silent after the login"
  | "closes at the question";

export interface HostileServer {
  readonly port: number;
  /** All that clients have sent, as Latin-1. */
  heard(): string;
  /** What clients have encrypted for the server's own key. */
  decrypted(): readonly string[];
  close(): Promise<void>;
}

/** What a hostile text holds: it would rename the terminal's window, clear it, and turn the direction of writing. */
const TERMINAL_CODES = "\u001b]0;owned\u0007\u001b[2J\u202Eabc\r\nHint: rm -rf /\u0000";

const SALT = "saltsaltsaltsaltsalt";
/** Of a million: enough to be felt, little enough for the test's own process. */
const FLOOD_BYTES = 64 * 1024;
const MOST_FLOOD_BYTES = 64 * 1024 ** 2;
const HUGE = 0xff_ff_ff;

/** Speaks enough of MySQL to be logged in to, and then does harm. It never asks what it is told. */
export async function startHostileServer(hostility: Hostility): Promise<HostileServer> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const sockets = new Set<Socket>();
  const heard: string[] = [];
  const decrypted: string[] = [];

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    const wire = new Wire(socket);
    if (hostility === "greets with the terminal") return wire.send(errorPacket(TERMINAL_CODES), 0);
    let isIn = false;
    socket.on("data", (chunk) => {
      heard.push(chunk.toString("latin1"));
      for (const secret of unlocked(chunk)) decrypted.push(secret);
      if (isIn) return ANSWERS[hostility]?.(wire);
      isIn = logIn(wire, { hostility, pem, chunk });
      return undefined;
    });
    return wire.send(greeting(hostility), 0);
  });

  /** The blocks of a client's packets that our key opens, with the salt taken off. */
  function unlocked(chunk: Buffer): string[] {
    if (chunk.length !== 4 + 256) return [];
    try {
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const plain = privateDecrypt({ key: privateKey, padding }, chunk.subarray(4));
      return [Buffer.from(plain.map((byte, index) => byte ^ SALT.charCodeAt(index % SALT.length))).toString("latin1")];
    } catch {
      return [];
    }
  }

  const port = await listenOnLoopback(server);
  return {
    port,
    heard: () => heard.join(""),
    decrypted: () => decrypted,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

class Wire {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  send(payload: Uint8Array, sequence: number, length = payload.length): void {
    this.#socket.write(packet(payload, sequence, length));
  }

  sendAll(payloads: readonly Uint8Array[], first = 1): void {
    payloads.forEach((payload, index) => this.send(payload, first + index));
  }

  /** Goes on for as long as the client listens, and spares this machine's memory if it listens for ever. */
  flood(next: () => Uint8Array): void {
    const socket = this.#socket;
    const more = (): void => {
      while (!socket.destroyed && socket.bytesWritten < MOST_FLOOD_BYTES && socket.write(next()));
    };
    socket.on("drain", more);
    more();
  }

  end(): void {
    this.#socket.destroy();
  }
}

/** Of a server that calls itself a Dolt, with all that a client could want. */
function greeting(hostility: Hostility): Buffer {
  const plugin = hostility.includes("public key") ? "caching_sha2_password" : "mysql_native_password";
  const capabilities = 0x00_2b_a2_8f | 0x8000 | 0x8_0000;
  const caps = Buffer.alloc(4);
  caps.writeUInt32LE(capabilities);
  return Buffer.concat([
    Buffer.from("\n8.0.33\0", "latin1"),
    Buffer.of(1, 0, 0, 0),
    Buffer.from(`${SALT.slice(0, 8)}\0`, "latin1"),
    caps.subarray(0, 2),
    Buffer.of(255, 2, 0),
    caps.subarray(2),
    Buffer.of(SALT.length + 1),
    Buffer.alloc(10),
    Buffer.from(`${SALT.slice(8)}\0${plugin}\0`, "latin1"),
  ]);
}

interface LoginStep {
  readonly wire: Wire;
  /** The number that our answer has. */
  readonly sequence: number;
  /** Whether the client has answered something of ours already. */
  readonly isAnswer: boolean;
  readonly pem: string;
}

const LOGINS: Partial<Record<Hostility, (step: LoginStep) => void>> = {
  "asks for the password in clear": ({ wire, sequence, isAnswer }) => {
    if (!isAnswer) wire.send(switchTo("mysql_clear_password"), sequence);
  },
  "asks for the old password": ({ wire, sequence, isAnswer }) => {
    if (!isAnswer) wire.send(Buffer.of(0xfe), sequence);
  },
  // Not what the cache knows: the whole password, please, and here is the key to encrypt it with.
  "offers its own public key": ({ wire, sequence, isAnswer, pem }) =>
    wire.send(isAnswer ? Buffer.concat([Buffer.of(1), Buffer.from(pem)]) : Buffer.of(1, 4), sequence),
  "offers its own public key for sha256": ({ wire, sequence, isAnswer, pem }) =>
    wire.send(isAnswer ? Buffer.concat([Buffer.of(1), Buffer.from(pem)]) : switchTo("sha256_password"), sequence),
  "ends at the login": ({ wire }) => wire.end(),
};

function switchTo(plugin: string): Buffer {
  return Buffer.from(`\u00fe${plugin}\0${SALT}\0`, "latin1");
}

/** Gives whether the client is in now. */
function logIn(
  wire: Wire,
  { hostility, pem, chunk }: { readonly hostility: Hostility; readonly pem: string; readonly chunk: Buffer },
): boolean {
  const sequence = (chunk[3] ?? 0) + 1;
  const login = LOGINS[hostility];
  if (login === undefined) wire.send(okPacket(), sequence);
  else login({ wire, sequence, isAnswer: sequence > 2, pem });
  return login === undefined;
}

/** To the first question, and to every other. */
const ANSWERS: Partial<Record<Hostility, (wire: Wire) => void>> = {
  "asks for a file": (wire) => wire.send(Buffer.from("\u00fb/etc/passwd", "latin1"), 1),
  "sends a packet without end": (wire) => {
    let sequence = 0;
    const part = Buffer.alloc(HUGE, 0x61);
    wire.flood(() => packet(part, (sequence += 1)));
  },
  "sends rows without end": (wire) => {
    wire.sendAll([Buffer.of(1), column("hash", TEXT), EOF]);
    let sequence = 3;
    const row = lengthEncoded("r".repeat(FLOOD_BYTES));
    wire.flood(() => packet(row, (sequence += 1)));
  },
  "sends columns without end": (wire) => {
    wire.send(Buffer.of(0xfe, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0), 1);
    let sequence = 1;
    wire.flood(() => packet(column("c".repeat(FLOOD_BYTES), TEXT), (sequence += 1)));
  },
  "announces a huge packet": (wire) => wire.send(Buffer.from("\u0001abc", "latin1"), 1, HUGE),
  "falls silent in a packet": (wire) => wire.send(Buffer.from("\u0001abc", "latin1"), 1, 64),
  "numbers its packets wrongly": (wire) => wire.sendAll(results({ type: TEXT, value: "1" }, 1), 77),
  "gives a length that is none": (wire) => wire.send(Buffer.of(0, 0xff, 0, 2, 0, 0, 0), 1),
  "speaks to the terminal": (wire) => wire.send(errorPacket(TERMINAL_CODES), 1),
  "gives text for numbers": (wire) => wire.sendAll(results({ type: LONG_LONG, value: TERMINAL_CODES }, 1)),
  "gives bytes for everything": (wire) => wire.sendAll(results({ type: BIT, value: "\u0000\u00ff\u00fe" }, 40)),
  "answers too much": (wire) => wire.sendAll(results({ type: TEXT, value: "1" }, 80)),
  "answers with nothing": (wire) => wire.sendAll(Array.from({ length: 20 }, (_, index) => okPacket(index < 19))),
  "answers in pieces of nonsense": (wire) => wire.send(Buffer.from("\u00fc\u0005", "latin1"), 1),
  "closes at the question": (wire) => wire.end(),
};

/** Does to a client that waits for an answer what such a server would. */
export function answerHostilely(hostility: AnswerHostility, client: Socket): void {
  ANSWERS[hostility]?.(new Wire(client));
}

const MORE_RESULTS = 0x08;
const TEXT = 0xfd;
const LONG_LONG = 0x08;
const BIT = 0x10;
const EOF = eofPacket(0);

function packet(payload: Uint8Array, sequence: number, length = payload.length): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}

function okPacket(isMore = false): Buffer {
  return Buffer.of(0, 0, 0, 2 | (isMore ? MORE_RESULTS : 0), 0, 0, 0);
}

function eofPacket(status: number): Buffer {
  return Buffer.of(0xfe, 0, 0, 2 | status, 0);
}

function errorPacket(text: string): Buffer {
  return Buffer.concat([Buffer.of(0xff, 0x51, 0x04), Buffer.from("#HY000", "latin1"), Buffer.from(text)]);
}

/** So many result sets of one row, as to a packet of so many statements. */
function results({ type, value }: { readonly type: number; readonly value: string }, count: number): Buffer[] {
  const names = ["locked", "project_id", "schema_version", "status", "hash", "id"];
  return Array.from({ length: count }, (_, index) => [
    Buffer.of(names.length),
    ...names.map((name) => column(name, type)),
    EOF,
    Buffer.concat(names.map(() => lengthEncoded(value))),
    eofPacket(index < count - 1 ? MORE_RESULTS : 0),
  ]).flat();
}

function column(name: string, type: number): Buffer {
  const fixed = Buffer.alloc(13);
  fixed[0] = 0x0c;
  fixed.writeUInt16LE(255, 1);
  fixed.writeUInt32LE(1024, 3);
  fixed[7] = type;
  return Buffer.concat([...["def", "", "", "", name, name].map(lengthEncoded), fixed]);
}

function lengthEncoded(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length < 251) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  const length = Buffer.alloc(4);
  length[0] = 0xfd;
  length.writeUIntLE(bytes.length, 1, 3);
  return Buffer.concat([length, bytes]);
}
