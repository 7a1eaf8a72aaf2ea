/** A number of a service's `/metrics`, summed over its labels. */
export const sampleOf = async (serviceUrl: string, name: string): Promise<number> => {
  const page = await (await fetch(`${serviceUrl}/metrics`, { signal: AbortSignal.timeout(5000) })).text();
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
};
