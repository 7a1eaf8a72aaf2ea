import { startProgram, type Program } from './program.js';

/** The first API key of a system under test. */
export const BOOTSTRAP_KEY = 'testing-bootstrap-key-0001';

/** What a system under test is told besides where its data and its servers are. */
export const linliEnvironment = {
  LINLI_PORT: '0',
  LINLI_HOST: '127.0.0.1',
  LINLI_API_KEY: BOOTSTRAP_KEY,
  LINLI_SECRET: 'testing-secret-of-more-than-thirty-two-characters',
  LINLI_LOG_LEVEL: 'warn',
};

/** `npm start`'s process. Its address is that of the public API; null where it does not run the gateway. */
export type LinliProgram = Program<string | null>;

export interface LinliProgramOptions {
  /** The file that `npm start` runs. */
  readonly main: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of Node. */
  readonly flags?: readonly string[];
  readonly hear?: (text: string) => void;
}

/** The public address once all has been said that the first line announces. */
export const linliUrlIn = (said: string): string | null | undefined => {
  const [, services] = /^Linli is ready after .*: (.*)\.$/mu.exec(said) ?? [];
  if (services === undefined) return undefined;
  const url = /^API\s+(http\S+)\/v1/mu.exec(said)?.[1];
  return services.includes('gateway') ? url : null;
};

export const startLinliProgram = ({
  main,
  flags = [],
  environment,
  hear,
}: LinliProgramOptions): Promise<LinliProgram> =>
  startProgram({ args: [...flags, main], environment, urlIn: linliUrlIn, hear });
