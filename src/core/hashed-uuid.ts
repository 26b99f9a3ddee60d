import { createHash } from "node:crypto";

/** A UUID of version 8 (its makers' own), made from a hash: who says the same for the same purpose gets the same. */
export function hashedUuid(purpose: string, parts: readonly string[]): string {
  const bytes = createHash("sha256")
    .update(`bd:${purpose}\0${parts.join("\0")}`)
    .digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
