import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { parseRemoteUrl } from "../../../src/core/remote-url.ts";
import { BdError } from "../../../src/errors.ts";
import {
  credentialsFor,
  type RemoteEnvironment,
  readRemoteCredentials,
} from "../../../src/federation/remote/remote-credentials.ts";

function fileWith(text: string, mode: number, name = "password"): string {
  const folder = mkdtempSync(join(tmpdir(), "bd-credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
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

it("a password file that everybody can read is refused, with the way to close it", () => {
  const path = fileWith("pw", 0o644, "it's mine");
  const error = refusal({ env: { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD_FILE: path } });
  expect(error).toMatchObject({ kind: "config", code: "REMOTE_PASSWORD_FILE" });
  expect(error.message).toContain("can be read by everybody on this machine");
  expect(error.hint).toBe(`chmod 600 '${path.replace("'", "'\\''")}'`);
});

it("an empty password file, and a folder, are refused", () => {
  const path = fileWith("\n", 0o600);
  const refused = (file: string) => refusal({ env: { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD_FILE: file } });
  const hint = "DOLT_REMOTE_PASSWORD_FILE=PATH bd dolt fetch";
  expect(refused(path)).toMatchObject({ code: "REMOTE_PASSWORD_FILE", hint });
  expect(refused(path).message).toContain("is empty");
  expect(refused(tmpdir())).toMatchObject({ code: "REMOTE_PASSWORD_FILE", hint });
});

it("is looked at only for a remote that asks for a password", () => {
  const environment = { env: { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD_FILE: "/nowhere/password" } };
  expect(credentialsFor(parseRemoteUrl("file:///srv/app"), environment)).toEqual({});
  expect(() => credentialsFor(parseRemoteUrl("http://host/app"), environment)).toThrow(BdError);
});

it("a password file that is not there is refused", () => {
  const error = refusal({ env: { DOLT_REMOTE_USER: "ann", DOLT_REMOTE_PASSWORD_FILE: "/nowhere/password" } });
  expect(error).toMatchObject({ kind: "config", code: "REMOTE_PASSWORD_FILE" });
  expect(error.message).toContain("ENOENT");
});

it("a password without a user is refused", () => {
  expect(refusal({ env: {}, remotePassword: "pw" })).toMatchObject({ kind: "config", code: "REMOTE_USER_MISSING" });
});
