import { statfs } from 'node:fs/promises';
import { right, unknown, wrong, type Finding } from './finding.js';

const LEAST = 0.1;
const GB = 1e9;

/** Room where the embedded database lives; that of another host is not seen from here. */
export const examineDisk = async (dir: string | null): Promise<Finding> => {
  if (dir === null)
    return unknown('database', 'its disk is not seen from here', 'watch it on its host: alert at 80 % full');
  const { bavail, blocks, bsize } = await statfs(dir);
  const free = `${((bavail * bsize) / GB).toFixed(1)} GB (${Math.round((bavail / blocks) * 100)} %) free in ${dir}`;
  return bavail / blocks < LEAST
    ? wrong('database', `only ${free}`, 'make room: a full disk stops the database')
    : right('database', free);
};
