import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {generatedOnPurpose, onPurpose} from './api/differential-on-purpose.ts';
import {policyOnPurpose} from './api/differential-policy-cases.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/practice-cluster.md'), 'utf8').replaceAll(
  /\s+/g,
  ' ',
);
const reasons = [
  ...Object.values(onPurpose),
  ...Object.values(policyOnPurpose),
  ...generatedOnPurpose.map(({reason}) => reason),
];

test.each(reasons)('docs/practice-cluster.md tells: %s', (reason) => {
  expect(text).toContain(reason);
});
