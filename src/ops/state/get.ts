import * as z from "zod/mini";
import { type State, stateOf } from "../../core/issue/state-label.ts";
import type { ReadContext } from "../context.ts";
import { listLabels } from "../label/list-labels.ts";
import { defineOperation } from "../operation.ts";

const StateInput = z.strictObject({ id: z.string(), dimension: z.string() });
const StatesInput = z.strictObject({ id: z.string() });

export interface StateValue {
  readonly id: string;
  readonly dimension: string;
  /** Undefined where nothing says it. */
  readonly value: string | undefined;
}

export interface States {
  readonly id: string;
  /** Of each dimension the first, as labels are ordered. */
  readonly states: readonly State[];
}

/** What one dimension of an issue is. Throws BdError not-found. */
export const getState = defineOperation({
  name: "state.get",
  access: "read",
  input: StateInput,
  async run(context, { id, dimension }: z.infer<typeof StateInput>): Promise<StateValue> {
    const found = await statesOf(context, id);
    return { id: found.id, dimension, value: found.states.find((state) => state.dimension === dimension)?.value };
  },
  wire: {
    of: ({ id, dimension, value }) => ({ issue_id: id, dimension, value: value ?? null }),
    schema: () => z.looseObject({ issue_id: z.string(), dimension: z.string(), value: z.nullable(z.string()) }),
  },
});

/** All that labels of the form `dimension:value` say of an issue. Throws BdError not-found. */
export const listStates = defineOperation({
  name: "state.list",
  access: "read",
  input: StatesInput,
  run: (context, { id }: z.infer<typeof StatesInput>): Promise<States> => statesOf(context, id),
  wire: {
    of: ({ id, states }) => ({
      issue_id: id,
      states: Object.fromEntries(states.map(({ dimension, value }) => [dimension, value])),
    }),
    schema: () => z.looseObject({ issue_id: z.string(), states: z.record(z.string(), z.string()) }),
  },
});

async function statesOf(context: ReadContext, named: string): Promise<States> {
  const { id, labels } = await listLabels.run(context, { id: named });
  const states = labels.flatMap((label) => stateOf(label) ?? []);
  const first = new Map(states.toReversed().map((state) => [state.dimension, state]));
  return { id, states: states.filter((state) => first.get(state.dimension) === state) };
}
