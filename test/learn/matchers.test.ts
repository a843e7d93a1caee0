import {describe, expect, it} from 'vitest';
import {stringify} from 'yaml';
import type {Json} from '../../src/engine/json.ts';
import {mismatch, parseMatcher, parsePath, valuesAt} from '../../src/learn/matchers.ts';
import {Field} from '../../src/learn/yaml-field.ts';

const matcher = (json: Json) => parseMatcher(Field.parse(stringify(json), 'drill.yaml'));
const tell = (value: Json, json: Json) => mismatch(value, matcher(json));

describe('paths', () => {
  const pod = {
    metadata: {labels: {'a.b/c': 'yes'}},
    spec: {
      containers: [
        {name: 'web', image: 'w'},
        {name: 'log', image: 'l'},
      ],
    },
  };
  it.each([
    ['spec.containers[1].image', ['l']],
    ['spec.containers[name=web].image', ['w']],
    ['spec.containers[*].image', ['w', 'l']],
    ['metadata.labels["a.b/c"]', ['yes']],
    ["metadata.labels['a.b/c']", ['yes']],
    ['spec.containers[name=gone].image', [undefined]],
    ['spec.volumes[*].name', [undefined]],
    ['', [pod]],
  ])('%s', (path, wanted) => {
    expect(valuesAt(pod, parsePath(path)!)).toEqual(wanted);
  });

  it.each(['spec.containers[', 'spec[name=]x]', 'a..b'])('%s is none', (path) => {
    expect(parsePath(path)).toBeUndefined();
  });
});

describe('matchers', () => {
  it.each<[string, Json, Json]>([
    ['equals, keys in another order', {a: {b: 1, c: 2}}, {path: 'a', equals: {c: 2, b: 1}}],
    ['notEquals where nothing is', {}, {path: 'a', notEquals: true}],
    ['exists', {a: false}, {path: 'a', exists: true}],
    ['exists: false', {}, {path: 'a', exists: false}],
    ['absent', {}, {path: 'a', absent: true}],
    ['contains a part of text', {a: 'hello'}, {path: 'a', contains: 'ell'}],
    ['contains an element', {a: ['x', 'y']}, {path: 'a', contains: 'y'}],
    ['contains each of several', {a: ['x', 'y', 'z']}, {path: 'a', contains: ['z', 'x']}],
    ['contains fields, deep', {a: [{p: [{port: 53, x: 1}]}]}, {path: 'a', contains: {p: [{port: 53}]}}],
    ['notContains', {a: ['x']}, {path: 'a', notContains: 'y'}],
    ['matches one line of a text', {a: 'one\ntwo'}, {path: 'a', matches: '^two$'}],
    ['matches an element', {a: ['one', 'two']}, {path: 'a', matches: '^t'}],
    ['atLeast a number', {a: 5}, {path: 'a', atLeast: 5}],
    ['atMost a quantity', {a: '512Mi'}, {path: 'a', atMost: '1Gi'}],
    ['oneOf', {a: 'b'}, {path: 'a', oneOf: ['a', 'b']}],
    ['length', {a: [1, 2]}, {path: 'a', length: 2}],
    ['every element', {a: [{b: 1}, {b: 1}]}, {path: 'a[*].b', equals: 1}],
  ])('holds: %s', (_, value, json) => {
    expect(tell(value, json)).toBeUndefined();
  });

  it.each<[Json, Json, string]>([
    [{a: 1}, {path: 'a', equals: 2}, 'a is 1, wanted 2'],
    [{}, {path: 'a', equals: 2}, 'a is not set, wanted 2'],
    [{a: true}, {path: 'a', notEquals: true}, 'a is true, wanted anything but true'],
    [{a: 1}, {path: 'a', absent: true}, 'a is 1, it may not be set'],
    [{}, {path: 'a', exists: true}, 'a is not set, it has to be set'],
    [{a: ['x']}, {path: 'a', contains: ['x', 'y']}, 'a is ["x"], it has to hold ["x","y"]'],
    [{a: [{b: 1}, {b: 2}]}, {path: 'a[*].b', equals: 1}, 'a[*].b is 2, wanted 1'],
    [{a: []}, {path: 'a[*].b', equals: 1}, 'a[*].b is not set, wanted 1'],
    [{a: '2Gi'}, {path: 'a', atMost: '1Gi'}, 'a is 2Gi, wanted at most 1Gi'],
    [{a: 'much'}, {path: 'a', atLeast: 1}, 'a is much, wanted at least 1'],
    ['text', {matches: 'other'}, 'it is text, it has to match other'],
  ])('tells %j against %j', (value, json, wanted) => {
    expect(tell(value, json)).toBe(wanted);
  });

  it('never tells what a Secret holds', () => {
    const told = mismatch({data: {key: 'aHVudGVyMg=='}}, matcher({path: 'data.key', equals: 'x'}), true);
    expect(told).toBe('data.key is another value, wanted x');
  });

  it.each([
    [{path: 'a'}, 'drill.yaml:1: A matcher needs one of'],
    [{path: 'a[', equals: 1}, 'drill.yaml:1: The path a[ can'],
    [{path: 'a', matches: '('}, 'drill.yaml:2: ( is no regular expression.'],
    [{path: 'a', equal: 1}, 'drill.yaml:2: equal is no key here.'],
  ])('refuses %j', (json, message) => {
    expect(() => matcher(json)).toThrow(message);
  });
});
