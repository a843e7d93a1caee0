import type {Json, JsonObject} from '../../../src/engine/json.ts';
import {type Case, create, dry, patch} from './differential-requests.ts';

const properties: JsonObject = {
  size: {type: 'integer', minimum: 1, maximum: 10},
  most: {type: 'integer', default: 5},
  colour: {type: 'string', enum: ['red', 'green', 'white'], default: 'red'},
  word: {type: 'string', pattern: '^[a-z]+$', minLength: 2, maxLength: 5},
  ratio: {type: 'number', exclusiveMinimum: true, minimum: 0},
  flag: {type: 'boolean'},
  port: {'x-kubernetes-int-or-string': true},
  free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
  any: {'x-kubernetes-preserve-unknown-fields': true},
  nothing: {type: 'string', nullable: true},
  when: {type: 'string', format: 'date-time'},
  tags: {type: 'array', minItems: 1, maxItems: 3, items: {type: 'string'}, 'x-kubernetes-list-type': 'set'},
  parts: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: {
      type: 'object',
      required: ['name'],
      properties: {name: {type: 'string'}, weight: {type: 'integer', default: 1}},
    },
  },
  labels: {type: 'object', maxProperties: 2, additionalProperties: {type: 'string', maxLength: 3}},
  fixed: {
    type: 'string',
    'x-kubernetes-validations': [{rule: 'self == oldSelf', message: 'fixed is immutable'}],
  },
  one: {
    type: 'object',
    properties: {a: {type: 'string'}, b: {type: 'string'}},
    oneOf: [{required: ['a']}, {required: ['b']}],
  },
  not: {type: 'string', not: {enum: ['bad']}},
};

export const definition: Case = create(
  'definition',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  {
    metadata: {name: 'things.example.com'},
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: {plural: 'things', kind: 'Thing'},
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: {status: {}},
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: {
                spec: {
                  type: 'object',
                  required: ['size'],
                  'x-kubernetes-validations': [
                    {rule: 'self.size <= self.most', message: 'size must not be above most'},
                    {rule: 'self.size != 4'},
                    {
                      rule: "!has(self.colour) || self.colour != 'white'",
                      messageExpression: "'no ' + self.colour",
                      fieldPath: '.colour',
                      reason: 'FieldValueForbidden',
                    },
                    {rule: '!has(self.parts) || self.parts.all(p, p.weight < 9)'},
                  ],
                  properties,
                },
                status: {type: 'object', properties: {count: {type: 'integer'}}},
              },
            },
          },
        },
      ],
    },
  },
);

const things = '/apis/example.com/v1/namespaces/$ns/things';
const thing = (body: JsonObject, name = 't'): JsonObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: {name},
  ...body,
});
const spec = (value: JsonObject): JsonObject => ({spec: {size: 1, ...value}});

export const firstThing = create('first', things, thing(spec({fixed: 'a', parts: [{name: 'a'}]}), 'first'));

const values: Readonly<Record<string, readonly Json[]>> = {
  size: [0, 3, 4, 6, 11, '1', 1.5, null],
  colour: ['green', 'white', 'blue', null, 1],
  word: ['ab', 'A', 'abcdefgh', 'Abc', ''],
  ratio: [0, 0.3, 2, 'x'],
  flag: [true, 'true'],
  port: [80, 'http', true, 1.5],
  free: [{a: {b: [1]}}, 3, []],
  any: [[1], 'x', {a: null}],
  nothing: [null, 'x'],
  when: ['2026-01-01T00:00:00Z', 'x'],
  tags: [['a'], [], ['a', 'a'], ['a', 'b', 'c', 'd'], 'a', [1]],
  parts: [
    [{name: 'a', weight: 2}, {name: 'b'}],
    [{name: 'a'}, {name: 'a'}],
    [{weight: 2}],
    [{name: 'a', weight: 9}],
    {},
  ],
  labels: [{a: 'b'}, {a: 'b', c: 'd', e: 'f'}, {a: 'bcde'}, {a: 1}],
  one: [{a: 'x'}, {a: 'x', b: 'y'}],
  not: ['good', 'bad'],
  unknown: [1, {a: 2}],
};

export const customCases: readonly Case[] = [
  ...Object.entries(values).flatMap(([field, list]) =>
    list.map((value) =>
      create(`${field}: ${JSON.stringify(value)}`, `${things}${dry}`, thing(spec({[field]: value}))),
    ),
  ),
  ...[{}, {spec: {}}, {spec: []}, {spec: 'x'}, {spec: null}, {foo: 1, ...spec({})}].map((body: JsonObject) =>
    create(JSON.stringify(body), `${things}${dry}`, thing(body)),
  ),
  create('unknown, strict', `${things}${dry}&fieldValidation=Strict`, thing(spec({foo: 1}))),
  {name: 'get', path: `${things}/first`},
  patch('immutable', 'merge', `${things}/first`, {spec: {fixed: 'b'}}),
  patch('default comes back', 'merge', `${things}/first`, {spec: {most: null}}),
  patch('list element', 'json', `${things}/first`, [{op: 'add', path: '/spec/parts/-', value: {name: 'b'}}]),
  patch('no strategic merge', 'strategic-merge', `${things}/first`, {}),
  patch('status of another type', 'merge', `${things}/first/status`, {status: {count: 'x'}}),
  patch('status', 'merge', `${things}/first/status`, {status: {count: 2}, spec: {size: 3}}),
  {name: 'list', path: things},
  {name: 'delete', method: 'DELETE', path: `${things}/first`},
];
