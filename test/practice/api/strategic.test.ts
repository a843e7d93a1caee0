import {beforeAll, describe, expect, test} from 'vitest';
import type {JsonObject} from '../../../src/engine/json.ts';
import {deepFreeze} from '../../../src/engine/json.ts';
import {strategicMerge} from '../../../src/practice/api/patch/strategic.ts';
import {loadRegistry} from '../../../src/practice/api/registry-data.ts';
import type {TypeInfo} from '../../../src/practice/api/schema.ts';

let podSpec: TypeInfo;
beforeAll(async () => {
  podSpec = (await loadRegistry()).schema.type('core/v1.PodSpec');
});

const a = {name: 'a', image: '1'};
const b = {name: 'b', image: '1'};

describe('strategic merge of a pod spec', () => {
  const rows: readonly [name: string, original: JsonObject, patch: JsonObject, result: JsonObject][] = [
    [
      'merges a container by name',
      {containers: [a, b]},
      {containers: [{name: 'b', image: '2'}]},
      {containers: [a, {name: 'b', image: '2'}]},
    ],
    ['puts a new container first', {containers: [a]}, {containers: [b]}, {containers: [b, a]}],
    [
      'deletes by name',
      {containers: [a, b]},
      {containers: [{name: 'a', $patch: 'delete'}]},
      {containers: [b]},
    ],
    [
      'replaces a list',
      {containers: [a, b]},
      {containers: [{$patch: 'replace'}, {name: 'c'}]},
      {containers: [{name: 'c'}]},
    ],
    [
      'keeps the order that is asked for',
      {containers: [a, b]},
      {'$setElementOrder/containers': [{name: 'b'}, {name: 'a'}], containers: [{name: 'a', image: '3'}]},
      {containers: [b, {name: 'a', image: '3'}]},
    ],
    [
      'replaces a list without a merge key',
      {tolerations: [{key: 'a'}]},
      {tolerations: [{key: 'b'}]},
      {tolerations: [{key: 'b'}]},
    ],
    ['removes a field by null', {hostNetwork: true, dnsPolicy: 'x'}, {hostNetwork: null}, {dnsPolicy: 'x'}],
    [
      'retains the keys of a volume',
      {volumes: [{name: 'v', emptyDir: {}}]},
      {volumes: [{name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: {path: '/'}}]},
      {volumes: [{name: 'v', hostPath: {path: '/'}}]},
    ],
    [
      'replaces a map',
      {nodeSelector: {a: 'b'}},
      {nodeSelector: {$patch: 'replace', c: 'd'}},
      {nodeSelector: {c: 'd'}},
    ],
    [
      'leaves no directive in what is new',
      {},
      {
        containers: [
          {name: 'x', $patch: 'delete'},
          {...a, env: null},
        ],
      },
      {containers: [a]},
    ],
    [
      'merges deep lists',
      {containers: [{...a, env: [{name: 'A', value: '1'}]}]},
      {containers: [{name: 'a', env: [{name: 'B', value: '2'}]}]},
      {
        containers: [
          {
            ...a,
            env: [
              {name: 'B', value: '2'},
              {name: 'A', value: '1'},
            ],
          },
        ],
      },
    ],
  ];
  test.each(rows)('%s', (_name, original, patch, result) => {
    expect(strategicMerge(deepFreeze(original), deepFreeze(patch), podSpec)).toEqual(result);
  });

  test('refuses an item without its key, and a directive that is none', () => {
    const merge = (patch: JsonObject) => () => strategicMerge({containers: [a]}, patch, podSpec);
    expect(merge({containers: [{image: 'x'}]})).toThrow(
      'map: map[image:x] does not contain declared merge key: name',
    );
    expect(merge({containers: [{name: 'a', $patch: 'foo'}]})).toThrow(
      'unknown patch type: foo in map: map[$patch:foo name:a]',
    );
  });
});
