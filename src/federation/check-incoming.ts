import { BdError } from "../errors.ts";
import { type Identity, identityAt, SCHEMA_VERSION } from "../store/identity.ts";

/**
 * Whether what comes in may join this database at all. Throws BdError config OTHER_PROJECT, schema SCHEMA_DIFFERS.
 */
