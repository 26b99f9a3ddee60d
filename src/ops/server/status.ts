import type * as z from "zod/mini";
import { type ServerStatus, serverStatus } from "../../server/server-status.ts";
import { defineOperation } from "../operation.ts";
import { identifyAs, PlaceInput, placeOf, serverEnvironment } from "./server-place.ts";

/** Looks at our own server, and at who answers in its place. */
export const ownServerStatus = defineOperation({
  name: "server.status",
  access: "none",
  input: PlaceInput,
  async run(context, input: z.infer<typeof PlaceInput>): Promise<ServerStatus> {
    const endpoint = await placeOf(context, input);
    const { host, port } = endpoint;
    return serverStatus(serverEnvironment(context), { host, port, identify: identifyAs(context, endpoint) });
  },
});
