import { parseSync } from '@swc/core';

export interface Reach {
  readonly rule: 'time-from-the-clock' | 'settings-from-config';
  readonly line: number;
  readonly what: string;
}

interface Node {
  readonly type?: string;
  readonly span?: { readonly start: number };
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const named = (value: unknown, name: string): boolean =>
  isNode(value) && value.type === 'Identifier' && value['value'] === name;

const member = (node: Node, object: string, property: string): boolean =>
  node.type === 'MemberExpression' && named(node['object'], object) && named(node['property'], property);

const reachOf = (node: Node): Omit<Reach, 'line'> | null => {
  const { type } = node;
  const given = node['arguments'];
  if (
    type === 'NewExpression' &&
    named(node['callee'], 'Date') &&
    Array.isArray(given) &&
    given.length === 0
  ) {
    return { rule: 'time-from-the-clock', what: 'new Date()' };
  }
  if (member(node, 'Date', 'now')) {
    return { rule: 'time-from-the-clock', what: 'Date.now' };
  }
  return member(node, 'process', 'env') ? { rule: 'settings-from-config', what: 'process.env' } : null;
};

const walk = (value: unknown, visit: (node: Node) => void): void => {
  if (Array.isArray(value)) {
    value.forEach((each) => walk(each, visit));
  } else if (isNode(value)) {
    visit(value);
    Object.values(value).forEach((each) => walk(each, visit));
  }
};

/** Where a source reaches for the time or the environment by itself. */
export const reachesOutside = (source: string): Reach[] => {
  const program = parseSync(source, { syntax: 'typescript', decorators: true, target: 'es2022' });
  const found: Reach[] = [];
  // swc counts bytes, and from where the file before ended.
  const bytes = Buffer.from(source);
  const lineAt = (offset: number): number =>
    bytes
      .subarray(0, Math.max(0, offset - program.span.start))
      .toString()
      .split('\n').length;
  walk(program.body, (node) => {
    const reach = reachOf(node);
    if (reach) {
      found.push({ ...reach, line: lineAt(node.span?.start ?? 0) });
    }
  });
  return found;
};
