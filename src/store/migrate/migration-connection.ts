/**
 * What a migration needs of a session: one connection, one statement a call. It stays open when a statement fails,
 * because the write lock lives as long as the connection.
 */
export interface MigrationConnection {
  /** The rows, or none where a statement has none. Throws BdError. */
  query(
    sql: string,
    parameters?: readonly (string | number | null)[],
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
}
