/** JSON as Dolt prints it, to be read by others: it leaves control characters in texts raw. */
export function jsonText(printed: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what this is about
  return printed.replace(/[\u0000-\u001f]/g, jsonEscape);
}

function jsonEscape(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
