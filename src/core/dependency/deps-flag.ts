import { BdError } from "../../errors.ts";
import { DEFAULT_DEPENDENCY_TYPE, isWellKnownDependencyType, WELL_KNOWN_DEPENDENCY_TYPES } from "./dependency-type.ts";

/** One item of `create --deps`. */
export interface DepsItem {
  readonly type: string;
  /** As the person wrote it: perhaps partial, perhaps `external:…`. */
  readonly id: string;
  /** False: the new issue waits for `id`. True (`blocks:id`): `id` waits for the new issue. */
  readonly swapped: boolean;
}

const EXTERNAL = "external";

/** A target in another project, `external:<project>:<capability>`: stored as it is, never resolved. */
export function isExternalTarget(id: string): boolean {
  return id.startsWith(`${EXTERNAL}:`);
}

/**
 * Reads the values of `create --deps`, each a comma list of: an id; `depends-on:id` or `blocked-by:id`, the same;
 * `blocks:id`, the other way round; `type:id` with a well-known type; `external:project:capability`.
 * Throws BdError usage INVALID_DEPS.
 */
export function parseDepsFlag(values: readonly string[]): DepsItem[] {
  const items = values.flatMap((value) => value.split(",")).map((item) => item.trim());
  return items.filter((item) => item !== "").map(parseItem);
}

function parseItem(item: string): DepsItem {
  const colon = item.indexOf(":");
  if (colon === -1 || isExternalTarget(item)) return { type: DEFAULT_DEPENDENCY_TYPE, id: item, swapped: false };
  const type = item.slice(0, colon).trim();
  const id = item.slice(colon + 1).trim();
  if (id === "") {
    throw invalidDeps(`invalid dependency ${JSON.stringify(item)} (expected type:id or id)`, item);
  }
  if (type === "depends-on" || type === "blocked-by") return { type: DEFAULT_DEPENDENCY_TYPE, id, swapped: false };
  if (!isWellKnownDependencyType(type)) {
    throw invalidDeps(
      `invalid dependency type ${JSON.stringify(type)} (valid: depends-on, blocked-by, ${WELL_KNOWN_DEPENDENCY_TYPES.join(", ")})`,
      item,
    );
  }
  return { type, id, swapped: type === "blocks" };
}

function invalidDeps(message: string, value: string): BdError {
  return new BdError("usage", "INVALID_DEPS", message, { details: { value } });
}
