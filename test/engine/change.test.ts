import {describe, expect, it} from 'vitest';
import {type Change, mergeChanges} from '../../src/engine/change.ts';

const web = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
const set = (field: string) => ({op: 'set', path: ['spec', field], value: {json: true}}) as const;
const secret = {
  do: 'create',
  id: 'Secret/shop/web',
  object: {
    base: {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'web', namespace: 'shop'}},
    edits: [
      {op: 'set', path: ['data', 'key'], value: {from: web, path: ['spec', 'value'], encode: 'base64'}},
    ],
  },
} as const;

describe('mergeChanges', () => {
  it('groups edits per object, each edit once', () => {
    const one: Change = {id: 'one', steps: [{do: 'edit', object: web, edits: [set('a')]}]};
    const two: Change = {id: 'two', steps: [{do: 'recreate', object: web, edits: [set('a'), set('b')]}]};
    expect(mergeChanges('all', [one, two]).steps).toEqual([
      {do: 'recreate', object: web, edits: [set('a'), set('b')]},
    ]);
  });

  it('makes a Secret before an earlier fix edits the object that holds its value', () => {
    const first: Change = {id: 'first', steps: [{do: 'edit', object: web, edits: [set('a')]}]};
    const second: Change = {
      id: 'second',
      steps: [secret, {do: 'edit', object: web, edits: [{op: 'remove', path: ['spec', 'value']}]}],
    };
    const {steps} = mergeChanges('all', [first, second]);
    expect(steps.map((step) => step.do)).toEqual(['create', 'edit']);
  });

  it('writes a new file of a node before the file that names it', () => {
    const manifest = {do: 'file', node: 'a', file: '/m.yaml', edits: [set('a')]} as const;
    const policy = {
      do: 'file',
      node: 'a',
      file: '/policy.yaml',
      edits: [{op: 'set', path: [], value: {json: {kind: 'Policy'}}}],
    } as const;
    const other = {...manifest, edits: [set('b')]} as const;
    const {steps} = mergeChanges('all', [
      {id: 'one', steps: [manifest]},
      {id: 'two', steps: [policy, other]},
    ]);
    expect(steps).toEqual([policy, {...manifest, edits: [set('a'), set('b')]}]);
  });

  it('makes what two fixes need once', () => {
    const change: Change = {id: 'one', steps: [secret]};
    expect(mergeChanges('all', [change, change]).steps).toEqual([secret]);
  });
});
