/** What the hashes of Dolt consist of, as text of a regular expression. */
export const HASH_CHARACTER = "[0-9a-v]";

/** A whole hash of a commit, as text of a regular expression. */
export const COMMIT_HASH = `${HASH_CHARACTER}{32}`;

/** A text that is the hash of a commit and nothing else. */
export const ONLY_COMMIT_HASH = new RegExp(`^${COMMIT_HASH}$`);
