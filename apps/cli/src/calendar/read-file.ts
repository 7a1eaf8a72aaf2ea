import { readFile } from 'node:fs/promises';
import { CalendarImport } from '@linli/contracts';
import { UsageMistake } from '../exit-code.js';

const parsed = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageMistake(`${file} is not JSON`);
  }
};

/** A year in the form of holiday-cn, or office hours. What is wrong with a file is a mistake of usage: nothing was sent. */
export const calendarIn = async (file: string): Promise<CalendarImport> => {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageMistake(`cannot read ${file}`);
  });
  const { success, data, error } = CalendarImport.safeParse(parsed(file, text));
  if (success) return data;
  const flaws = error.issues.map(({ path, message }) => `  /${path.join('/')}: ${message}`);
  throw new UsageMistake(`${file} is no calendar:\n${flaws.join('\n')}`);
};
