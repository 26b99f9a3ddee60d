import * as z from "zod/mini";
import { normalizePrefix } from "../../core/issue/issue-id.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { BdError, command } from "../../errors.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { renameCounter } from "../../store/queries/rename-prefix.ts";
import { saveConfig } from "../../store/queries/write-settings.ts";
import type { Reader } from "../../store/session-types.ts";
import { loadRenaming, renameWrites } from "../issue/write/rename-writes.ts";
import { defineOperation, type Wire } from "../operation.ts";
import { natural } from "../wire/formats.ts";

const RenameInput = z.strictObject({ prefix: z.string() });

type RenameInput = z.infer<typeof RenameInput>;

export interface PrefixRename {
  readonly from: string;
  readonly to: string;
  /** Old ids and the new ones. */
  readonly ids: ReadonlyMap<string, string>;
}

const wire: Wire<RenameInput, PrefixRename> = {
  of: ({ from, to, ids }) => ({ old_prefix: from, new_prefix: to, issues_count: ids.size }),
  schema: () => z.looseObject({ old_prefix: z.string(), new_prefix: z.string(), issues_count: natural() }),
};

/**
 * Gives every issue of the project's prefix an id with another one, in one commit: wherever an id stands, in texts too.
 * Throws BdError usage PREFIX_INVALID; rejected PREFIX_IN_USE.
 */
export const renamePrefix = defineOperation({
  name: "workspace.rename-prefix",
  access: "write",
  input: RenameInput,
  async run(context, { prefix }: RenameInput): Promise<PrefixRename> {
    const to = checkedPrefix(prefix);
    const actor = (await context.actor()).name;
    const result = await context.write(`bd: rename prefix to ${to}`, async (tx) => {
      const renaming = await planRename(tx, to);
      const source = { actor, newId: context.newId, at: toWireTime(tx.now()) };
      await tx.all([
        ...renameWrites(renaming, source, tx.now()),
        ...renameCounter(renaming.change),
        saveConfig(["issue_prefix", to]),
      ]);
      return { from: renaming.change.from, to, ids: renaming.ids };
    });
    await context.lastTouched.move(result.ids);
    return result;
  },
  wire,
});

/** The same, only said. */
export const previewRename = defineOperation({
  name: "workspace.preview-rename",
  access: "read",
  input: RenameInput,
  async run(context, { prefix }: RenameInput): Promise<PrefixRename> {
    const to = checkedPrefix(prefix);
    const { change, ids } = await context.read((reader) => planRename(reader, to));
    return { from: change.from, to, ids };
  },
  wire,
});

/** As the peer takes them. */
function checkedPrefix(given: string): string {
  const prefix = normalizePrefix(given);
  if (/^[a-z][a-z0-9-]{0,199}$/.test(prefix)) return prefix;
  throw new BdError(
    "usage",
    "PREFIX_INVALID",
    `${JSON.stringify(given)} is no prefix: a small letter, then small letters, digits and hyphens`,
  );
}

async function planRename(reader: Reader, to: string) {
  const [config] = await reader.all([projectConfig]);
  const from = config.prefix;
  if (from === "")
    throw new BdError("config", "PREFIX_UNUSABLE", "the project has no prefix", { hint: command`bd init` });
  if (from === to) throw inUse(`the prefix is ${to} already`);
  const others = config.allowedPrefixes.filter((other) => other.startsWith(`${from}-`));
  const renaming = await loadRenaming(reader, { from, to, joint: "-", others });
  const { taken } = renaming;
  if (taken !== undefined) throw inUse(`there is an issue ${taken} already, which another one would become`);
  return renaming;
}

function inUse(message: string): BdError {
  return new BdError("rejected", "PREFIX_IN_USE", message, { hint: command`bd config get issue_prefix` });
}
