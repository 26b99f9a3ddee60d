import { BdError, command } from "../../errors.ts";
import { checkLabel } from "../text-limits.ts";

/**
 * Checks a label that a person gives to an issue; what is imported may have any.
 * Throws BdError rejected RESERVED_LABEL, and what `checkLabel` throws.
 */
export function checkGivenLabel(label: string): void {
  checkLabel(label);
  if (!label.startsWith("provides:")) return;
  throw new BdError("rejected", "RESERVED_LABEL", "labels that start with provides: are reserved for capabilities", {
    hint: command`bd label list-all`,
    details: { label },
  });
}
