import {expect, it} from 'vitest';
import {parseDocument} from 'yaml';
import {type Touched, touch, untouchedLoss} from './edited-bytes.ts';

const before = `spec:  # what it runs
  hostPID: true
  hostIPC: true  # for the agent
  name: "web"
  labels: {app: web}
`;
const touched: Touched = {replaced: [], grown: []};
touch(
  before,
  parseDocument(before).contents!,
  [
    {op: 'remove', path: ['spec', 'hostPID']},
    {op: 'set', path: ['spec', 'hostIPC'], value: {json: false}},
    {op: 'set', path: ['spec', 'replicas'], value: {json: 2}},
  ],
  touched,
);
const after = before
  .replace('  hostPID: true\n', '')
  .replace('hostIPC: true', 'hostIPC: false')
  .concat('  replicas: 2\n');

it('takes the edits, and no other change', () => {
  expect(untouchedLoss(before, after, touched)).toBeUndefined();
});

it.each([
  ['a comment beside a kept key', '  # what it runs', ''],
  ['a comment beside a changed value', '  # for the agent', ''],
  ['quotes', '"web"', 'web'],
  ['a space in a flow map', '{app: web}', '{ app: web }'],
  ['a line end', 'name: "web"\n', 'name: "web"\r\n'],
  ['a line', '  name: "web"\n', ''],
])('tells of %s', (_, from, to) => {
  expect(untouchedLoss(before, after.replace(from, to), touched)).toBeDefined();
});

it('tells of a line added elsewhere', () => {
  expect(untouchedLoss(before, `# added\n${after}`, touched)).toBeDefined();
});
