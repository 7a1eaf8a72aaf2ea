/** JSON as it is committed: two spaces, a newline at the end. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
