/** Rows in columns as wide as they need; the last one runs on. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const widths = head.map((name, n) => Math.max(name.length, ...rows.map((row) => row[n]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((text, n) => (n === head.length - 1 ? text : text.padEnd(widths[n] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

/** The first `most` characters, one line. */
export const short = (text: string, most: number): string => {
  const line = text.replaceAll(/\s+/gu, ' ');
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};

/** `45 s`, `12 min`, `3.5 h`, `2.0 d` */
export const duration = (seconds: number | null): string => {
  if (seconds === null) return '-';
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
};
