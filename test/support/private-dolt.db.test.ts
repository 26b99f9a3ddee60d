import { existsSync } from "node:fs";
import { createConnection } from "mysql2/promise";
import { describe, expect, onTestFinished, test } from "vitest";
import { startPrivateDolt } from "./private-dolt.ts";

describe("startPrivateDolt", { timeout: 60_000 }, () => {
  test("gives each caller a server of its own, without autocommit", async () => {
    const [one, two] = await Promise.all([startPrivateDolt(), startPrivateDolt()]);
    onTestFinished(async () => {
      await Promise.all([one.stop(), two.stop()]);
    });

    const connection = await createConnection({ host: one.host, port: one.port, user: "root" });
    const [rows] = await connection.query("SELECT @@autocommit AS autocommit");
    await connection.end();

    expect(rows).toEqual([{ autocommit: 0 }]);
    expect(one.port).not.toBe(two.port);
    expect(one.dataDir).not.toBe(two.dataDir);
  });

  test("keeps port and data over a crash, and removes everything at the end", async () => {
    const dolt = await startPrivateDolt();
    onTestFinished(async () => dolt.stop());
    const { port } = dolt;
    const before = await createConnection({ host: dolt.host, port, user: "root" });
    before.on("error", () => {});
    await before.query("CREATE DATABASE kept");

    await dolt.crash();
    const pid = dolt.pid;
    await dolt.start();
    const after = await createConnection({ host: dolt.host, port, user: "root", database: "kept" });
    await after.end();
    await dolt.stop();

    expect(pid).toBeUndefined();
    expect(existsSync(dolt.dataDir)).toBe(false);
  });

  test("says what the server printed when it does not start", async () => {
    await expect(startPrivateDolt({ arguments: ["--no-such-flag"] })).rejects.toThrow("no-such-flag");
  });
});
