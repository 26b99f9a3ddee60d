import { requireSetting } from "../config/settings/decide-setting.ts";
import { BdError } from "../errors.ts";
import type { OperationEntry } from "../ops/operation.ts";
import type { OpenedContext } from "./open-context.ts";

/** What has no use for the issues, or looks after the file itself. */
const APART = /^(?:(?:sync|daemon|server|config|completion)\.|workspace\.(?:ping|where|whoami|info)$)/;

/**
 * Where the project keeps its issues in a file, too: has an operation begin with what others have changed in it, at the price of one
 * look at its stat, and end with it written where that is wanted. No trouble with the file is one of the operation.
 */
export class OwnFile {
  readonly #context: OpenedContext;
  readonly #flushes: boolean;
  /** Nobody has said yet that this clone's file is to be heard. */
  #isUnknown = false;

  private constructor(context: OpenedContext, flushes: boolean) {
    this.#context = context;
    this.#flushes = flushes;
  }

  /** Undefined where the settings want nothing of it. */
  static async for(entry: OperationEntry, context: OpenedContext): Promise<OwnFile | undefined> {
    const needsIssues = entry.access === "read" || entry.access === "write" || entry.access === "exchange";
    if (!needsIssues || APART.test(entry.name) || isOutside(context)) return undefined;
    const sources = await context.sources();
    if (!requireSetting("sync.jsonl", sources)) return undefined;
    return new OwnFile(context, entry.access !== "read" && requireSetting("sync.flush", sources) === "always");
  }

  async begin(mayWrite: boolean): Promise<void> {
    await this.#heed(async () => {
      const { fileChange } = await import("../ops/sync/file-change.ts");
      const change = fileChange(this.#context.workspace());
      if (change === "same") return;
      if (change === "unknown") {
        this.#isUnknown = true;
        this.#context.note(".beads/issues.jsonl was never taken in here, and is left alone until you say bd sync");
        return;
      }
      if (!mayWrite) {
        this.#context.note(".beads/issues.jsonl has changed, and is not taken in under --readonly");
        return;
      }
      const { plan } = await this.#sync("import");
      const count = plan.taken.changed.length + plan.taken.deleted.length;
      if (count > 0) this.#context.note(`took in ${count} issue(s) of .beads/issues.jsonl`);
    });
  }

  async end(): Promise<void> {
    if (this.#flushes && !this.#isUnknown) await this.#heed(async () => void (await this.#sync("flush")));
  }

  async #sync(direction: "import" | "flush") {
    const { syncFile } = await import("../ops/sync/sync.ts");
    return syncFile.run(this.#context, {
      direction,
      full: false,
      dry_run: false,
      allow_deletes: false,
      by_itself: true,
    });
  }

  async #heed(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof BdError) || !isOfTheFile(error)) throw error;
      this.#context.note(`.beads/issues.jsonl was left alone: ${error.message}`);
    }
  }
}

/** The file never comes to rest, or others never let it go. */
const BUSY: ReadonlySet<string> = new Set(["SYNC_FILE_BUSY", "FILE_LOCKED"]);

/** Else it is the person's word or the server's state, which the operation is about, too. */
function isOfTheFile({ kind, code }: BdError): boolean {
  return BUSY.has(code) || (kind !== "interrupted" && kind !== "unavailable");
}

/** What is wrong with the workspace, the operation says. */
function isOutside(context: OpenedContext): boolean {
  try {
    return context.findWorkspace() === undefined;
  } catch {
    return true;
  }
}
