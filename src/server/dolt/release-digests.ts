import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { BdError, command } from "../../errors.ts";
import type { ServerEnvironment } from "../server-environment.ts";

/**
 * SHA-256 of release archives, by version and archive, as `1.83.2/dolt-linux-amd64`. Dolt publishes none, so an entry is
 * made by somebody who has compared archives from two networks. There is none so far.
 */
const KNOWN: ReadonlyMap<string, string> = new Map<string, string>();

const DIGEST = /^[0-9a-f]{64}$/i;

/**
 * Compares an archive with the digest that we know, or that `BEADS_DOLT_RELEASE_SHA256` names; says so where there is none.
 * Throws BdError unavailable DOLT_ARCHIVE_DIFFERS, config DOLT_DIGEST_INVALID.
 */
export async function checkDigest(
  environment: ServerEnvironment,
  { archive, key, known = KNOWN }: { readonly archive: string; readonly key: string; readonly known?: typeof KNOWN },
): Promise<void> {
  const expected = environment.env.BEADS_DOLT_RELEASE_SHA256 || known.get(key);
  if (expected === undefined) {
    environment.say(
      "No checksum of this archive is known: HTTPS and the version that dolt says are all that is checked (BEADS_DOLT_RELEASE_SHA256 names one)",
    );
    return;
  }
  if (!DIGEST.test(expected)) {
    throw new BdError(
      "config",
      "DOLT_DIGEST_INVALID",
      "BEADS_DOLT_RELEASE_SHA256 is no SHA-256 of 64 hexadecimal digits",
      {
        hint: command`env -u BEADS_DOLT_RELEASE_SHA256 bd server install`,
      },
    );
  }
  const hash = createHash("sha256");
  await pipeline(createReadStream(archive), hash);
  const found = hash.digest("hex");
  if (found === expected.toLowerCase()) return;
  throw new BdError(
    "unavailable",
    "DOLT_ARCHIVE_DIFFERS",
    `The dolt archive is not the expected one: its SHA-256 is ${found}, not ${expected.toLowerCase()}; nothing of it was unpacked`,
    { hint: command`bd server install`, details: { found, expected } },
  );
}
