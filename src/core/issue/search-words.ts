/**
 * The words that a search asks for, each of which has to be found: what blanks part, and phrases between double quotes as
 * one. None for an empty query.
 */
export function searchWords(query: string): string[] {
  const parts = [...query.matchAll(/"([^"]*)"|[^\s"]+/g)].map(([word, phrase]) => (phrase ?? word).trim());
  return [...new Set(parts.filter((part) => part !== ""))];
}
