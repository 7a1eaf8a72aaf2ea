import { expect, it } from '@jest/globals';
import { groupBy } from './group-by.js';

it('groups keep the order of the items, and come in the order in which their keys did', () => {
  expect([...groupBy(['pear', 'apple', 'plum'], (name) => name[0])]).toEqual([
    ['p', ['pear', 'plum']],
    ['a', ['apple']],
  ]);
});
