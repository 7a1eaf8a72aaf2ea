/** `linli start`: the system as `npm start` runs it; it takes over signals and the exit code. */
export const start = async (options: {
  readonly port?: number;
  readonly dataDir?: string;
}): Promise<void> => {
  if (options.port !== undefined) process.env['LINLI_PORT'] = String(options.port);
  if (options.dataDir !== undefined) process.env['LINLI_DATA_DIR'] = options.dataDir;
  await import(new URL('main.js', import.meta.resolve('@linli/all-in-one')).href);
};
