import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readSetting } from "../../config/settings/decide-setting.ts";
import { BdError, command } from "../../errors.ts";
import { requireSecret } from "../../host/secret-file.ts";
import { createTextFile, fileNotWritable, makeFolders } from "../../host/write-file.ts";
import { xdgFolder } from "../../host/xdg-folder.ts";
import type { BaseContext } from "../context.ts";

/** What requests must show, and the file in which it stands. */
export interface ServeToken {
  readonly path: string;
  readonly token: string;
}

const FEWEST_CHARACTERS = 16;

/**
 * Reads the token; the one in the person's own folder is made when it is first needed.
 * Throws BdError config TOKEN_FILE_REFUSED, FILE_NOT_WRITABLE.
 */
export async function serveToken(context: BaseContext): Promise<ServeToken> {
  const { machine } = context;
  const named = readSetting("serve.token-file", await context.sources());
  const folder = join(xdgFolder("state", machine), "beads");
  const path = named ?? join(folder, "serve-token");
  if (named === undefined) {
    try {
      makeFolders(folder);
      createTextFile(path, `${randomBytes(24).toString("base64url")}\n`, 0o600);
    } catch (cause) {
      throw fileNotWritable(path, cause);
    }
  }
  const refused = (why: string, hint = command`bd config explain serve.token-file`) =>
    new BdError("config", "TOKEN_FILE_REFUSED", `${path} ${why}`, { hint, details: { path } });
  const token = requireSecret(path, machine, ({ why, mend }) => refused(why, mend));
  if (token.length < FEWEST_CHARACTERS || !/^[\x21-\x7e]+$/.test(token)) {
    throw refused(`must hold one word of at least ${FEWEST_CHARACTERS} letters and digits`);
  }
  return { path, token };
}
