import {expect, it} from 'vitest';
import {changedFields, type DiffRow, fold, objectDiff, textDiff} from '../../src/engine/diff.ts';

const show = (rows: readonly DiffRow[]): string =>
  rows.map((row) => ('folded' in row ? `⋯ ${row.folded}` : `${row.sign} ${row.text}`)).join('\n');

const account = {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {namespace: 'home', name: 'web'}};

it('prints an object with its fields in order and its name first, and marks what is added', () => {
  expect(show(objectDiff(account, {...account, automountServiceAccountToken: false}))).toBe(`\
  apiVersion: v1
+ automountServiceAccountToken: false
  kind: ServiceAccount
  metadata:
    name: web
    namespace: home`);
});

it('shows a made object as added and a deleted one as removed', () => {
  expect(objectDiff(undefined, account).every(({sign}) => sign === '+')).toBe(true);
  expect(objectDiff(account, undefined).every(({sign}) => sign === '-')).toBe(true);
});

it('folds what stays, but not the parents of a change', () => {
  const deployment = (image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'web', namespace: 'home', labels: {a: '1', b: '2', c: '3'}},
    spec: {
      replicas: 1,
      selector: {},
      template: {
        metadata: {labels: {app: 'web'}},
        spec: {containers: [{name: 'one', env: [], args: ['a'], ports: [], image, tty: true, x: 1, y: 2}]},
      },
    },
  });
  expect(show(fold(objectDiff(deployment('web:1'), deployment('web:2')), 1))).toBe(`\
⋯ 17
  spec:
    template:
      spec:
        containers:
        - name: one
          ports: []
-         image: web:1
+         image: web:2
          tty: true
⋯ 2`);
});

it('compares the text of files line by line', () => {
  expect(show(textDiff('a\nb\n', 'a\nc\n'))).toBe('  a\n- b\n+ c');
});

it('counts fields that changed at their leaves', () => {
  expect(changedFields({a: 1, b: {c: 2, d: 3}}, {a: 1, b: {c: 4}, e: 5})).toBe(3);
  expect(changedFields([1, 2], [1, 3])).toBe(1);
  expect(changedFields(undefined, {a: 1})).toBe(1);
});
