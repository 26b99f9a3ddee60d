import { createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Endpoint } from "../../../src/core/endpoint.ts";
import { connect } from "../../../src/store/connection/connection.ts";
import { sql } from "../../../src/store/sql.ts";
import { listenOnLoopback } from "../../support/listen-on-loopback.ts";
import { mysqlPacket } from "../../support/scripted-listener.ts";

const PASSWORD = "correct horse battery staple";
const SCRAMBLE = "0123456789abcdefghij";
/** A public key of the server's own; whoever encrypts the password with it gives it away. */
const SERVER_KEY = Buffer.from("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");

/** What a server without scruples says to each packet of the client, in this order. */
type Script = readonly (Buffer | readonly Buffer[])[];

const greeting = (method: string): Buffer => {
  const capabilities = 0x00_0f_f7_ff & ~0x800; // all but TLS
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(capabilities);
  return Buffer.concat([
    Buffer.from("\x0a8.0.33\0\x01\0\0\0", "latin1"),
    Buffer.from(`${SCRAMBLE.slice(0, 8)}\0`),
    flags.subarray(0, 2),
    Buffer.from("\x21\x02\0", "latin1"),
    flags.subarray(2, 4),
    Buffer.from(`\x15${"\0".repeat(10)}${SCRAMBLE.slice(8)}\0${method}\0`, "latin1"),
  ]);
};
const switchTo = (method: string): Buffer => Buffer.from(`\xfe${method}\0${SCRAMBLE}\0`, "latin1");
const moreData = (data: Uint8Array): Buffer => Buffer.concat([Buffer.of(1), data]);
const FULL_AUTHENTICATION = moreData(Buffer.of(4));
const OK = Buffer.from("\0\0\0\x02\0\0\0", "latin1");

async function serve(script: Script): Promise<{ readonly endpoint: Endpoint; heard(): string }> {
  const heard: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    const left = [...script];
    const say = (sequence: number) => {
      for (const [index, payload] of [left.shift() ?? []].flat().entries()) {
        const packet = mysqlPacket(payload);
        packet[3] = sequence + index;
        socket.write(packet);
      }
    };
    say(0);
    socket.on("data", (data) => {
      heard.push(data);
      say(((data[3] ?? 0) + 1) % 256);
    });
  });
  const port = await listenOnLoopback(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const endpoint = { host: "127.0.0.1", port, user: "ann", password: PASSWORD, tls: false };
  return { endpoint, heard: () => Buffer.concat(heard).toString("latin1") };
}

describe("a server that wants the password itself", () => {
  const wishes: readonly (readonly [wish: string, script: Script])[] = [
    ["by its greeting", [greeting("caching_sha2_password"), switchTo("caching_sha2_password"), FULL_AUTHENTICATION]],
    ["by a switch", [greeting("mysql_native_password"), switchTo("caching_sha2_password"), FULL_AUTHENTICATION]],
    [
      "for a scramble",
      [
        greeting("mysql_native_password"),
        Buffer.from("\xfecaching_sha2_password\0\x04", "latin1"),
        moreData(SERVER_KEY),
      ],
    ],
    ["in clear", [greeting("mysql_native_password"), switchTo("mysql_clear_password")]],
    ["in clear, as its greeting says", [greeting("mysql_clear_password"), switchTo("mysql_clear_password")]],
    ["by sha256", [greeting("sha256_password"), switchTo("sha256_password")]],
  ];

  test.each(wishes)("%s, gets a refusal, and neither it nor a request for a key", async (_wish, script) => {
    const server = await serve([...script, moreData(SERVER_KEY)]);

    await expect(connect(server.endpoint, undefined)).rejects.toMatchObject({
      kind: "config",
      code: "PASSWORD_WANTED",
      hint: "bd config explain dolt.tls",
    });

    expect(server.heard()).not.toContain(PASSWORD);
    // After the first answer, with its proof, there is at most one more proof of 20 or 32 bytes: no request (one byte
    // of 1 or 2) and nothing as long as a key.
    const answers = payloadsOf(Buffer.from(server.heard(), "latin1")).slice(1);
    expect(answers.map(({ length }) => length).filter((length) => length !== 20 && length !== 32)).toEqual([]);
  });
});

test("a server that asks before it names a way gets nothing", async () => {
  const server = await serve([greeting("caching_sha2_password"), FULL_AUTHENTICATION, moreData(SERVER_KEY)]);

  await expect(connect(server.endpoint, undefined)).rejects.toThrow();
  expect(payloadsOf(Buffer.from(server.heard(), "latin1"))).toHaveLength(1);
});

test("a server that takes the proof of caching_sha2_password is used without TLS", async () => {
  const server = await serve([
    greeting("caching_sha2_password"),
    switchTo("caching_sha2_password"),
    [moreData(Buffer.of(3)), OK],
  ]);
  const connection = await connect(server.endpoint, undefined);
  connection.destroy();

  expect(server.heard()).not.toContain(PASSWORD);
});

test("a server that asks for a file gets none, and the person hears of it", async () => {
  const server = await serve([greeting("mysql_native_password"), OK, Buffer.from("\xfb/etc/passwd", "latin1"), OK]);
  const connection = await connect(server.endpoint, undefined);
  onTestFinished(() => connection.destroy());

  await expect(connection.send([sql`SELECT 1`])).rejects.toMatchObject({
    kind: "config",
    code: "FILE_WANTED",
    details: { path: "/etc/passwd" },
  });
  expect(server.heard()).not.toContain("root:");
  expect(payloadsOf(Buffer.from(server.heard(), "latin1")).at(-1)).toHaveLength(0);
});

test("no connection offers to send files", async () => {
  const server = await serve([greeting("mysql_native_password"), OK]);
  const connection = await connect(server.endpoint, undefined);
  connection.destroy();

  const [login] = payloadsOf(Buffer.from(server.heard(), "latin1"));

  expect((login?.readUInt32LE(0) ?? 0x80) & 0x80).toBe(0);
});

/** The packets that the client sent, without their headers. */
function payloadsOf(sent: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at + 4 <= sent.length; ) {
    const length = sent.readUIntLE(at, 3);
    payloads.push(sent.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return payloads;
}
