import { closest, distance } from "fastest-levenshtein";
import { isWellKnownDependencyType, WELL_KNOWN_DEPENDENCY_TYPES } from "../../core/dependency/dependency-type.ts";
import { BdError } from "../../errors.ts";

/**
 * Whether a type may be asked for: a well-known one, or one that an edge has already, which came with an import or another
 * program. Throws BdError usage INVALID_DEPENDENCY_TYPE, with the nearest and all that are known.
 */
export function requireKnownDependencyType(type: string, used: Iterable<string>): void {
  if (isWellKnownDependencyType(type)) return;
  const known = [...new Set([...WELL_KNOWN_DEPENDENCY_TYPES, ...used])];
  if (known.includes(type)) return;
  const near = known.find((word) => word.startsWith(type)) ?? closest(type, known);
  const isNear = near.startsWith(type) || distance(type, near) <= type.length / 3;
  throw new BdError(
    "usage",
    "INVALID_DEPENDENCY_TYPE",
    `invalid dependency type ${JSON.stringify(type)}${isNear ? `; did you mean ${near}?` : ""} (known: ${known.join(", ")})`,
    { details: { value: type, known } },
  );
}
