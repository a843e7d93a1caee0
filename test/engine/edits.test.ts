import {describe, expect, it} from 'vitest';
import type {Edit, Question} from '../../src/engine/change.ts';
import {
  applyEdits,
  buildObject,
  EditError,
  inverse,
  resolveEdits,
  touchedValues,
  UnresolvedError,
} from '../../src/engine/edits.ts';
import {deepFreeze, type Json, type JsonObject} from '../../src/engine/json.ts';
import {element, type Path} from '../../src/engine/path.ts';

const set = (path: Path, json: Json): Edit => ({op: 'set', path, value: {json}});
const remove = (path: Path): Edit => ({op: 'remove', path});
const web = element('name', 'web');

const pod = (): JsonObject =>
  deepFreeze({
    kind: 'Pod',
    spec: {
      hostNetwork: true,
      containers: [
        {name: 'init', image: 'a'},
        {name: 'web', image: 'b', securityContext: {capabilities: {drop: ['NET_RAW', 'CHOWN']}}},
      ],
      volumes: null,
    },
  });

describe('applyEdits', () => {
  it('makes missing parents', () => {
    expect(applyEdits({}, [set(['spec', 'template', 'x'], 1)])).toEqual({spec: {template: {x: 1}}});
  });

  it('finds a list element by its key, wherever it stands', () => {
    const after = applyEdits(pod(), [set(['spec', 'containers', web, 'image'], 'c')]);
    expect(after.spec).toMatchObject({
      containers: [
        {name: 'init', image: 'a'},
        {name: 'web', image: 'c'},
      ],
    });
  });

  it('appends an element that is missing, with its key', () => {
    const after = applyEdits(pod(), [
      set(['spec', 'containers', element('name', 'side'), 'image'], 'c'),
      set(['spec', 'containers', element('name', 'last')], {image: 'd'}),
    ]);
    expect((after.spec as JsonObject).containers).toMatchObject([
      {},
      {},
      {name: 'side', image: 'c'},
      {name: 'last', image: 'd'},
    ]);
  });

  it('replaces a list of strings as one value', () => {
    const drop = ['spec', 'containers', web, 'securityContext', 'capabilities', 'drop'];
    const after = applyEdits(pod(), [set(drop, ['ALL'])]);
    expect(JSON.stringify(after)).toContain('"drop":["ALL"]');
  });

  it('takes a plain value out of a list, wherever it stands, and none where it is gone', () => {
    const object = {add: ['CHOWN', 'SYS_ADMIN', 'NET_RAW']};
    const edits = [{op: 'remove', path: ['add', {key: '', value: 'SYS_ADMIN'}]}] as const;
    const after = applyEdits(object, edits);
    expect(after).toEqual({add: ['CHOWN', 'NET_RAW']});
    expect(applyEdits(after, edits)).toBe(after);
    expect(applyEdits(after, inverse(object, edits))).toEqual(object);
  });
  it('treats null as missing, and a string as a misfit', () => {
    expect(applyEdits(pod(), [set(['spec', 'volumes', 0, 'name'], 'tmp')]).spec).toMatchObject({
      volumes: [{name: 'tmp'}],
    });
    expect(() => applyEdits(pod(), [set(['kind', 'x'], 1)])).toThrow(EditError);
    expect(() => applyEdits(pod(), [set(['spec', 'x', 3], 1)])).toThrow(EditError);
  });

  it('removes the field and leaves its parents', () => {
    const drop = ['spec', 'containers', web, 'securityContext', 'capabilities', 'drop'];
    const after = applyEdits(pod(), [remove(drop), remove(['spec', 'hostNetwork'])]);
    expect(after.spec).not.toHaveProperty('hostNetwork');
    expect(JSON.stringify(after)).toContain('"securityContext":{"capabilities":{}}');
  });

  it('shares what is untouched, and returns the same object when nothing changes', () => {
    const before = pod();
    const edits = [set(['spec', 'containers', web, 'image'], 'c'), remove(['spec', 'nothing', 'here'])];
    const after = applyEdits(before, edits);
    const first = (object: JsonObject) => ((object.spec as JsonObject).containers as Json[])[0];
    expect(first(after)).toBe(first(before));
    expect(applyEdits(after, edits)).toBe(after);
  });

  it('does not take what a prototype has for a field', () => {
    expect(applyEdits({}, [set(['constructor', 'x'], 1)])).toEqual({constructor: {x: 1}});
  });
});

describe('resolveEdits', () => {
  const question: Question = {id: 'memory', label: 'memory limit', type: 'quantity', reason: 'no metrics'};
  const ask: Edit = {op: 'set', path: ['limit'], value: {ask: question}};

  it('takes the answer, else the suggestion, else says what is missing', () => {
    expect(resolveEdits([ask], new Map([['memory', '1Gi']]))).toEqual([set(['limit'], '1Gi')]);
    const suggested: Edit = {
      op: 'set',
      path: ['limit'],
      value: {ask: {...question, suggestion: '2Gi'}},
    };
    expect(resolveEdits([suggested], () => undefined)).toEqual([set(['limit'], '2Gi')]);
    expect(() => resolveEdits([ask])).toThrow(UnresolvedError);
  });

  it('sets a number where one is asked for, and says so where the answer is none', () => {
    const ask = {id: 'user', label: 'user', type: 'number', reason: ''} as const;
    const edits = [{op: 'set', path: ['runAsUser'], value: {ask}}] as const;
    expect(applyEdits({}, edits, new Map([['user', '1000']]))).toEqual({runAsUser: 1000});
    expect(() => applyEdits({}, edits, new Map([['user', 'root']]))).toThrow('whole number');
  });
  it('reads a reference, and encodes what a Secret holds', () => {
    const ref = {apiVersion: 'v1', kind: 'Pod', namespace: 'home', name: 'web'};
    const edit: Edit = {
      op: 'set',
      path: ['data', 'key'],
      value: {from: ref, path: ['env'], encode: 'base64'},
    };
    expect(resolveEdits([edit], new Map(), () => 'grün')).toEqual([set(['data', 'key'], 'Z3LDvG4=')]);
    expect(() => resolveEdits([edit], new Map(), () => undefined)).toThrow('Pod web has no env any more');
  });

  it('builds an object from its template', () => {
    expect(buildObject({base: {kind: 'LimitRange'}, edits: [ask]}, () => '1Gi')).toEqual({
      kind: 'LimitRange',
      limit: '1Gi',
    });
  });
});

describe('inverse', () => {
  const cases: Record<string, readonly Edit[]> = {
    'a field set anew': [set(['spec', 'containers', web, 'image'], 'c')],
    'parents that were made': [set(['spec', 'a', 'b'], 1), set(['spec', 'a', 'c'], 2)],
    'a field below null': [set(['spec', 'volumes', 0, 'name'], 'tmp')],
    'an element that was appended': [set(['spec', 'containers', element('name', 'x'), 'image'], 'c')],
    'a field removed': [remove(['spec', 'hostNetwork'])],
    'an element out of the middle': [
      remove(['spec', 'containers', 0]),
      set(['spec', 'containers', 0, 'image'], 'z'),
    ],
    'the last element': [remove(['spec', 'containers', web])],
    'the same field twice': [set(['spec', 'hostNetwork'], false), remove(['spec', 'hostNetwork'])],
    nothing: [remove(['nothing'])],
  };
  for (const [name, edits] of Object.entries(cases)) {
    it(`puts back ${name}`, () => {
      const after = applyEdits(pod(), edits);
      expect(applyEdits(after, inverse(pod(), edits))).toEqual(pod());
    });
  }

  it('names no path twice, and nothing that was not touched', () => {
    expect(inverse(pod(), cases['parents that were made']!)).toEqual([remove(['spec', 'a'])]);
    expect(inverse(pod(), cases.nothing!)).toEqual([]);
  });
});

it('touchedValues tells what each path held', () => {
  expect(touchedValues(pod(), [remove(['spec', 'hostNetwork']), set(['spec', 'x'], 1)])).toEqual([
    {path: ['spec', 'hostNetwork'], value: true},
    {path: ['spec', 'x'], value: undefined},
  ]);
});
