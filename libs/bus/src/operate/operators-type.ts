/** The commands of operators, which every bus handles by itself, begin like this. */
export const isOperators = (type: string): boolean => type.startsWith('ops.');
