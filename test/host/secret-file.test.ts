import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BdError } from "../../src/errors.ts";
import { trustedOwners } from "../../src/host/owners.ts";
import { readSecretFile, requireSecret, type SecretFault } from "../../src/host/secret-file.ts";
import { temporaryFolder } from "../config/temporary-folder.ts";

const ROOT = process.geteuid?.() === 0;
/** Who owns the files of these tests: not root, whose files everybody trusts. */
const OWNER = ROOT ? 4242 : (process.geteuid?.() ?? 0);
const OWNERS_OWN = { uid: OWNER, env: {} };

function secretFile(mode: number, text = "s3cret\n"): string {
  const path = join(temporaryFolder({ "my secret": text }), "my secret");
  if (ROOT) chownSync(path, OWNER, OWNER);
  chmodSync(path, mode);
  return path;
}

describe("the file of a secret", () => {
  test.each([0o600, 0o400, 0o700])("may have the mode %o", (mode) => {
    expect(readSecretFile(secretFile(mode), OWNERS_OWN)).toEqual({ text: "s3cret\n", fault: undefined });
  });

  test.each([0o640, 0o620, 0o610, 0o602, 0o601, 0o660])("may not have the mode %o", (mode) => {
    const path = secretFile(mode);

    expect(readSecretFile(path, OWNERS_OWN)?.fault).toEqual({
      why: "can be read or written by more than its owner",
      mend: `chmod 600 '${path}'`,
    });
  });

  test.each([0o604, 0o644, 0o666])("may not be everybody's (mode %o), behind a link either", (mode) => {
    const link = join(temporaryFolder(), "link");
    symlinkSync(secretFile(mode), link);

    expect(readSecretFile(link, OWNERS_OWN)?.fault?.why).toBe("can be read by everybody on this machine");
  });

  test("may belong to nobody but the person, root, and whoever called sudo", () => {
    const path = secretFile(0o600);
    const foreign = { why: `belongs to another user of this machine (uid ${OWNER})`, mend: undefined };

    expect(readSecretFile(path, { uid: OWNER + 1, env: {} })?.fault).toEqual(foreign);
    expect(readSecretFile(path, { uid: OWNER + 1, env: { SUDO_UID: String(OWNER) } })?.fault).toEqual(foreign);
    expect(readSecretFile(path, { uid: 0, env: {} })?.fault).toEqual(foreign);
    expect(readSecretFile(path, { uid: 0, env: { SUDO_UID: String(OWNER) } })?.fault).toBeUndefined();
  });
});

test("root's files are trusted by all, and a SUDO_UID that is no number says nothing", () => {
  expect(trustedOwners({ uid: 1000, env: {} })).toEqual([1000, 0]);
  expect(trustedOwners({ uid: 0, env: { SUDO_UID: "0x10" } })).toEqual([0, 0]);
  expect(trustedOwners({ uid: undefined, env: {} })).toBeUndefined();
});

describe("a secret that must be there", () => {
  const refuse = ({ why }: SecretFault): BdError => new BdError("config", "NO", why);

  test("loses the end of its line, and nothing else", () => {
    expect(requireSecret(secretFile(0o600, " p w \r\n"), OWNERS_OWN, refuse)).toBe(" p w ");
  });

  test("is refused in the caller's words where it is missing, empty, no file, or open to others", () => {
    const folder = temporaryFolder({ "folder/": "" });
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const faultOf = (path: string) => () => requireSecret(path, OWNERS_OWN, refuse);

    expect(faultOf(join(folder, "missing"))).toThrow("can't be read (ENOENT)");
    expect(faultOf(join(folder, "folder"))).toThrow("can't be read (EISDIR)");
    expect(faultOf(join(folder, "pipe"))).toThrow("is no file, but a pipe");
    expect(faultOf(secretFile(0o600, "\n"))).toThrow("is empty");
    expect(faultOf(secretFile(0o644))).toThrow("can be read by everybody");
  });
});
