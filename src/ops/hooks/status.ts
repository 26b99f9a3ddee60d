import { defineOperation, NO_INPUT } from "../operation.ts";
import { describeHooks, hooksWire } from "./describe-hooks.ts";

/** Says what is installed, and whether git runs it. Throws as `describeHooks`. */
export const hooksStatus = defineOperation({
  name: "hooks.status",
  access: "none",
  input: NO_INPUT,
  run: (context) => describeHooks(context),
  wire: hooksWire,
});
