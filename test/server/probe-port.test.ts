import { describe, expect, it } from "vitest";
import { describeAnswer, type PortAnswer, probePort, readGreeting } from "../../src/server/probe-port.ts";
import { freePort } from "../support/private-dolt.ts";
import { listen, mysqlGreeting, mysqlPacket } from "../support/scripted-listener.ts";

const HOST = "127.0.0.1";

async function answerTo(greeting: Uint8Array | string | undefined): Promise<PortAnswer> {
  const listener = await listen(greeting);
  try {
    return await probePort({ host: HOST, port: listener.port, timeoutMs: 300 });
  } finally {
    await listener.close();
  }
}

describe("probing a port", () => {
  it("finds it free when nobody listens", async () => {
    expect(await probePort({ host: HOST, port: await freePort() })).toEqual({ kind: "free" });
  });

  it("can't tell Dolt from MySQL by the greeting, and says so", async () => {
    const answer = await answerTo(mysqlGreeting("8.0.33"));

    expect(answer).toEqual({ kind: "mysql", product: "dolt-or-mysql", version: "8.0.33" });
    expect(describeAnswer(answer)).toBe("a server that greets as MySQL 8.0.33 (Dolt and MySQL both do)");
  });

  it.each(["5.5.5-10.11.6-MariaDB-0+deb12u1", "10.11.6-MariaDB"])("knows MariaDB by %s", async (greeted) => {
    const answer = await answerTo(mysqlGreeting(greeted));

    expect(answer).toEqual({ kind: "mysql", product: "mariadb", version: "10.11.6" });
    expect(describeAnswer(answer)).toBe("MariaDB 10.11.6");
  });

  it("gives the error number of a MySQL server that turns us away", async () => {
    expect(await answerTo(mysqlPacket(Buffer.from("\xff\x10\x04Too many connections", "latin1")))).toEqual({
      kind: "mysql-refusal",
      errno: 1040,
    });
  });

  it("knows another protocol", async () => {
    expect(await answerTo("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")).toEqual({ kind: "other", silent: false });
  });

  it("knows a listener that says nothing", async () => {
    expect(await answerTo(undefined)).toEqual({ kind: "other", silent: true });
  });

  it("judges half a greeting only when the rest is there", () => {
    const greeting = mysqlGreeting("8.0.33");

    expect(readGreeting(greeting.subarray(0, 3))).toBeUndefined();
    expect(readGreeting(greeting.subarray(0, 20))).toBeUndefined();
    expect(readGreeting(greeting)?.kind).toBe("mysql");
  });
});
