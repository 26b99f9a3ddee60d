import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { BdError } from "../../src/errors.ts";
import { type RemoteEnvironment, readRemoteCredentials } from "../../src/federation/credentials.ts";

function fileWith(text: string, mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), "bd-credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "password");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function refusal(environment: RemoteEnvironment): BdError {
  try {
    readRemoteCredentials(environment);
  } catch (error) {
    if (error instanceof BdError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

it("the environment gives user and password", () => {
  const { user, password } = readRemoteCredentials({ env: { DOLT_REMOTE_USER: "ann" }, remotePassword: "pw" });
  expect({ user, password }).toEqual({ user: "ann", password: "pw" });
});

it("empty variables count as not set", () => {
  const { user, password } = readRemoteCredentials({ env: { DOLT_REMOTE_USER: "" }, remotePassword: "" });
  expect({ user, password }).toEqual({ user: undefined, password: undefined });
});

it("the password may come from a file, without the end of its line", () => {
  const path = fileWith("p w\n", 0o600);
  const env = { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD_FILE: path };
  expect(readRemoteCredentials({ env }).password).toBe("p w");
  expect(readRemoteCredentials({ env, remotePassword: "of the shell" }).password).toBe("of the shell");
});

it("a password never gets into JSON or an inspection", () => {
  const credentials = readRemoteCredentials({ env: { DOLT_REMOTE_USER: "ann" }, remotePassword: "s3cret" });
  expect(JSON.stringify(credentials)).toBe('{"user":"ann"}');
  expect(inspect({ ...credentials })).not.toContain("s3cret");
});

it.each([
  ["is readable by everybody", "pw", 0o644, "can be read by everybody on this machine"],
  ["is empty", "\n", 0o600, "is empty"],
])("a password file that %s is refused", (_what, text, mode, why) => {
  const path = fileWith(text, mode);
  const error = refusal({ env: { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD_FILE: path } });
  expect(error).toMatchObject({ kind: "config", code: "REMOTE_PASSWORD_FILE", hint: `chmod 600 ${path}` });
  expect(error.message).toContain(why);
});

it("a password file that is not there is refused", () => {
  const error = refusal({ env: { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD_FILE: "/nowhere/password" } });
  expect(error).toMatchObject({ kind: "config", code: "REMOTE_PASSWORD_FILE" });
  expect(error.message).toContain("ENOENT");
});

it("a password without a user is refused", () => {
  expect(refusal({ env: {}, remotePassword: "pw" })).toMatchObject({ kind: "config", code: "REMOTE_USER_MISSING" });
});
