import { idPatterns, requireResolved, resolvePartialId } from "../../core/issue/partial-id.ts";
import { BdError } from "../../errors.ts";
import { idsLike } from "../../store/queries/id-matches.ts";
import type { ProjectConfig } from "../../store/queries/project-config.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "../../store/queries/tables.ts";
import { combine } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import type { ItemFailure } from "../operation.ts";

/** What the first packet of a command has found out about ids. */
export interface KnownIds {
  readonly config: ProjectConfig;
  /** Ids that exist among those the inputs spell out. */
  readonly exact: readonly string[];
  readonly exactWisps?: readonly string[];
  /** The inputs are whole ids: what they are a part of does not count. */
  readonly whole?: boolean;
}

export interface ResolvedIds {
  /** In the order of the inputs, each id once. */
  readonly ids: readonly string[];
  /** The id that each input stands for, where it stands for one. */
  readonly byInput: ReadonlyMap<string, string>;
  readonly failures: readonly ItemFailure[];
}

/** Which issues parts of ids stood for, to be said where no answer names those issues. */
export function notesOfParts({ prefix }: ProjectConfig, byInput: ReadonlyMap<string, string>): string[] {
  return [...byInput]
    .filter(([input, id]) => id !== input && id !== `${prefix}-${input}`)
    .map(([input, id]) => `${JSON.stringify(input)} is ${id}`);
}

/** Finds the issues that people mean. Whole ids cost nothing; parts of ids cost one more round trip in all. */
export async function resolveIds(reader: Reader, inputs: readonly string[], known: KnownIds): Promise<ResolvedIds> {
  const { config, exact, exactWisps = [], whole = false } = known;
  const spelled = { ...config, ids: exact, wispIds: exactWisps };
  const rest = inputs.filter((input) => resolvePartialId(input, spelled).kind !== "found");
  const patterns = rest.map((input) => idPatterns(input, config)).filter((pattern) => pattern !== undefined);
  const likeIn = (tables: TableFamily) =>
    combine(
      patterns.map((pattern) => idsLike(tables, pattern)),
      (...ids) => ids.flat(),
    );
  const [more, wisps] =
    patterns.length === 0 ? [[], []] : await reader.all([likeIn(ISSUE_TABLES), likeIn(WISP_TABLES)]);
  const counting = (ids: readonly string[]) => (whole ? ids.filter((id) => inputs.includes(id)) : ids);
  const candidates = {
    ...config,
    ids: counting([...exact, ...more]),
    wispIds: counting([...exactWisps, ...wisps]),
  };
  const byInput = new Map<string, string>();
  const failures: ItemFailure[] = [];
  for (const input of inputs) {
    try {
      byInput.set(input, requireResolved(input, resolvePartialId(input, candidates)));
    } catch (error) {
      if (!(error instanceof BdError)) throw error;
      failures.push({ item: input, error });
    }
  }
  return { ids: [...new Set(byInput.values())], byInput, failures };
}
