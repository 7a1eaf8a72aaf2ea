import { InvalidArgumentError, Option, type Command } from 'commander';

const EXIT_CODES = `
Exit codes: 0 ok · 1 found problems · 2 wrong usage · 3 system not reachable`;
export { EXIT_CODES };

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/u.test(text) || port > 65_535) throw new InvalidArgumentError('must be 0 to 65535.');
  return port;
};

const address = (text: string): string => {
  if (!/^https?:\/\//u.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('must be like http://host:port.');
  return text;
};

/** A whole number from 0 on. */
export const whole = (text: string): number => {
  if (!/^[0-9]{1,15}$/u.test(text)) throw new InvalidArgumentError('must be a whole number.');
  return Number(text);
};

export const portOption = (): Option =>
  new Option('--port <port>', 'port of the public API').env('LINLI_PORT').argParser(portNumber);
export const urlOption = (): Option => new Option('--url <url>', 'base URL of the system').argParser(address);
export const keyOption = (): Option => new Option('--key <key>', 'API key').env('LINLI_API_KEY');
export const jsonOption = (): Option => new Option('--json', 'print JSON');
export const standardUrl = (): string => `http://localhost:${process.env['LINLI_PORT'] ?? 8080}`;

export const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}${EXIT_CODES}`;

/** A verb that talks to a running system. */
export const connected = (command: Command): Command =>
  command
    .addOption(urlOption().default(standardUrl()))
    .addOption(keyOption().makeOptionMandatory())
    .addOption(jsonOption());
