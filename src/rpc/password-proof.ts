import { createHmac } from "node:crypto";

/** Shows that a caller knows the login of the daemon's environment, to nobody who does not. */
export function passwordProof(salt: string, login: Readonly<Record<string, string>>): string {
  return createHmac("sha256", salt)
    .update(JSON.stringify(Object.entries(login)))
    .digest("hex");
}
