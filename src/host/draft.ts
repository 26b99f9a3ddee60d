import { isUtf8 } from "node:buffer";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { BdError, command } from "../errors.ts";
import { errnoOf } from "./errno.ts";
import { fileNotWritable } from "./write-file.ts";

/** A text in a file that is the person's alone, for another program to change. */
export interface Draft {
  readonly path: string;
  /**
   * What it says now, without blanks at its end; undefined where it says what it said. Throws BdError usage
   * INPUT_UNREADABLE.
   */
  readonly changed: () => string | undefined;
  readonly remove: () => void;
}

/** Makes it in a new folder below that for temporary files. Throws BdError config FILE_NOT_WRITABLE. */
export function makeDraft(
  { env }: { readonly env: Readonly<Record<string, string | undefined>> },
  name: string,
  text: string,
): Draft {
  const parent = env["TMPDIR"] !== undefined && isAbsolute(env["TMPDIR"]) ? env["TMPDIR"] : "/tmp";
  // Editors end the last line, too.
  const whole = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  const { folder, path } = makeFile(parent, name, whole);
  return {
    path,
    changed() {
      const now = readDraft(path) ?? whole;
      const trimmed = now.trimEnd();
      return now === whole || trimmed === text ? undefined : trimmed;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function makeFile(parent: string, name: string, text: string): { readonly folder: string; readonly path: string } {
  try {
    const folder = mkdtempSync(join(parent, "bd-edit-"));
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return { folder, path };
  } catch (cause) {
    throw fileNotWritable(parent, cause);
  }
}

function readDraft(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw unreadable(path, errnoOf(error) ?? "unknown error", error);
  }
  if (!isUtf8(bytes)) throw unreadable(path, "it is not UTF-8 text");
  return bytes.toString("utf8");
}

function unreadable(path: string, why: string, cause?: unknown): BdError {
  return new BdError("usage", "INPUT_UNREADABLE", `can't read ${path}: ${why}`, {
    hint: command`ls -l ${path}`,
    cause,
  });
}
