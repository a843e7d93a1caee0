import type {JsonObject} from '../engine/json.ts';
import {POD_SECURITY_LEVELS, type PodSecurityLevel} from '../engine/pod-security.ts';
import type {ObjectRef} from './api.ts';
import {type Matcher, parseMatchers} from './matchers.ts';
import type {Connection, End} from './network.ts';
import type {Field} from './yaml-field.ts';

const formats = ['text', 'lines', 'yaml', 'yamls', 'json', 'jsonl'] as const;
export type FileFormat = (typeof formats)[number];

export type Who = {readonly user: string; readonly groups: readonly string[]};
/** No end of a count; a number that JSON keeps. */
export const noLimit = Number.MAX_SAFE_INTEGER;

export type Count = {readonly atLeast: number; readonly atMost: number};

/** One thing that must be so; of state, never of the commands that led there. */
export type Check =
  | {
      readonly is: 'object';
      readonly object: ObjectRef;
      readonly absent: boolean;
      readonly expect: readonly Matcher[];
    }
  | {
      readonly is: 'list';
      readonly apiVersion: string;
      readonly kind: string;
      readonly namespace: string;
      readonly query: Readonly<Record<string, string>>;
      readonly every: readonly Matcher[] | undefined;
      readonly some: readonly Matcher[] | undefined;
      readonly none: readonly Matcher[] | undefined;
      readonly count: Count | undefined;
    }
  | {
      readonly is: 'control';
      readonly control: string;
      readonly namespace: string | undefined;
      readonly object: {readonly kind: string; readonly namespace: string; readonly name: string} | undefined;
      readonly passes: boolean;
    }
  | {
      readonly is: 'can';
      readonly who: Who;
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
      /** Instead of a resource. */
      readonly path: string;
      readonly allowed: boolean;
    }
  | {
      readonly is: 'dry-run';
      readonly manifest: JsonObject;
      readonly accepted: boolean;
      readonly message: string | undefined;
    }
  | {
      readonly is: 'file';
      readonly file: string;
      readonly format: FileFormat;
      readonly absent: boolean;
      readonly expect: readonly Matcher[];
    }
  | {
      readonly is: 'pod-security';
      readonly namespace: string;
      readonly level: PodSecurityLevel;
      readonly passes: boolean;
    }
  | {readonly is: 'network'; readonly connection: Connection; readonly allowed: boolean}
  | {readonly is: 'all' | 'any'; readonly checks: readonly Check[]}
  | {readonly is: 'not'; readonly check: Check};

const forms = [
  'object',
  'list',
  'control',
  'can',
  'rejected',
  'accepted',
  'file',
  'podSecurity',
  'networkAllowed',
  'all',
  'any',
  'not',
] as const;

/** Reads a check. @throws {ContentError} */
export function parseCheck(field: Field): Check {
  field.object();
  // A control may name an object, and is no check of that object by itself.
  const form = field.has('control') ? 'control' : forms.find((one) => field.has(one));
  switch (form) {
    case 'object':
      return parseObject(field.only('object', 'expect', 'matchers', 'absent'));
    case 'list':
      return parseList(field.only('list', 'all', 'any', 'none', 'count'));
    case 'control':
      return parseControl(field.only('control', 'namespace', 'object', 'passes'));
    case 'can':
      return parseCan(field.only('can', 'allowed'));
    case 'rejected':
    case 'accepted':
      field.only('rejected', 'accepted', 'message');
      return {
        is: 'dry-run',
        manifest: field.get(form).object(),
        accepted: form === 'accepted',
        message: field.get('message').optionalText(),
      };
    case 'file':
      return parseFile(field.only('file', 'parse', 'expect', 'matchers', 'absent'));
    case 'podSecurity': {
      const given = field.only('podSecurity', 'passes').get('podSecurity').only('namespace', 'level');
      const level = given.get('level').oneOf(POD_SECURITY_LEVELS);
      return {
        is: 'pod-security',
        namespace: given.get('namespace').text(),
        level,
        passes: orTrue(field, 'passes'),
      };
    }
    case 'networkAllowed': {
      const given = field
        .only('networkAllowed', 'allowed')
        .get('networkAllowed')
        .only('from', 'to', 'port', 'protocol');
      const port = given.get('port');
      return {
        is: 'network',
        allowed: orTrue(field, 'allowed'),
        connection: {
          from: parseEnd(given.get('from')),
          to: parseEnd(given.get('to')),
          port: typeof port.value === 'number' ? port.value : port.text(),
          protocol: given.get('protocol').optionalText() ?? 'TCP',
        },
      };
    }
    case 'all':
    case 'any':
      return {is: form, checks: field.only(form).get(form).list().map(parseCheck)};
    case 'not':
      return {is: 'not', check: parseCheck(field.only('not').get('not'))};
    default:
      return field.fail(`A check needs one of ${forms.join(', ')}.`);
  }
}

const orTrue = (field: Field, key: string): boolean => (field.has(key) ? field.get(key).boolean() : true);

const expected = (field: Field): readonly Matcher[] => {
  const key = field.has('expect') ? 'expect' : 'matchers';
  return field.has(key) ? parseMatchers(field.get(key)) : [];
};

function parseObject(field: Field): Check {
  const given = field.get('object').only('apiVersion', 'kind', 'namespace', 'name');
  return {
    is: 'object',
    object: {
      apiVersion: given.get('apiVersion').text(),
      kind: given.get('kind').text(),
      namespace: given.get('namespace').optionalText() ?? '',
      name: given.get('name').text(),
    },
    absent: field.has('absent') && field.get('absent').boolean(),
    expect: expected(field),
  };
}

function parseList(field: Field): Check {
  const given = field
    .get('list')
    .only('apiVersion', 'kind', 'namespace', 'labelSelector', 'fieldSelector', 'name');
  const query: Record<string, string> = {};
  for (const key of ['labelSelector', 'fieldSelector']) {
    if (given.has(key)) query[key] = given.get(key).text();
  }
  const matchers = (key: string) => (field.has(key) ? parseMatchers(field.get(key)) : undefined);
  const [every, some, none] = [matchers('all'), matchers('any'), matchers('none')];
  const count = field.has('count') ? parseCount(field.get('count')) : undefined;
  if (!every && !some && !none && !count) return field.fail('A list needs all, any, none or count.');
  return {
    is: 'list',
    apiVersion: given.get('apiVersion').text(),
    kind: given.get('kind').text(),
    namespace: given.get('namespace').optionalText() ?? '',
    query,
    every,
    some,
    none,
    count,
  };
}

function parseCount(field: Field): Count {
  if (typeof field.value === 'number') return {atLeast: field.value, atMost: field.value};
  const {atLeast, atMost} = {atLeast: field.get('atLeast'), atMost: field.get('atMost')};
  field.only('atLeast', 'atMost');
  return {
    atLeast: atLeast.isSet ? atLeast.number() : 0,
    atMost: atMost.isSet ? atMost.number() : noLimit,
  };
}

function parseControl(field: Field): Check {
  const given = field.get('object');
  return {
    is: 'control',
    control: field.get('control').text(),
    namespace: field.get('namespace').optionalText(),
    object: given.isSet
      ? {
          kind: given.get('kind').text(),
          namespace: given.get('namespace').optionalText() ?? '',
          name: given.get('name').text(),
        }
      : undefined,
    passes: orTrue(field, 'passes'),
  };
}

function parseCan(field: Field): Check {
  const given = field
    .get('can')
    .only(
      'user',
      'serviceAccount',
      'groups',
      'verb',
      'resource',
      'group',
      'namespace',
      'subresource',
      'name',
      'path',
    );
  const resource = given.get('resource').optionalText() ?? '';
  const path = given.get('path').optionalText() ?? '';
  if ((resource === '') === (path === '')) return given.fail('can needs a resource, or a path.');
  const subresource = given.get('subresource').optionalText();
  return {
    is: 'can',
    who: whoOf(given),
    verb: given.get('verb').text(),
    group: given.get('group').optionalText() ?? '',
    resource: subresource ? `${resource}/${subresource}` : resource,
    namespace: given.get('namespace').optionalText() ?? '',
    name: given.get('name').optionalText() ?? '',
    path,
    allowed: orTrue(field, 'allowed'),
  };
}

function whoOf(given: Field): Who {
  const groups = given
    .get('groups')
    .optionalList()
    .map((one) => one.text());
  const account = given.get('serviceAccount').optionalText();
  if (account === undefined) {
    return {user: given.get('user').text(), groups: [...groups, 'system:authenticated']};
  }
  const [first = '', second] = account.replace('/', ':').split(':').slice(-2);
  const [namespace, name] = second === undefined ? [given.get('namespace').text(), first] : [first, second];
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: [
      ...groups,
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ],
  };
}

function parseFile(field: Field): Check {
  const file = field.get('file').text();
  if (!/^(?:nodes|work)\/./.test(file) || file.split('/').includes('..')) {
    return field.get('file').fail(`A file stands below nodes/ or work/, not at ${file}.`);
  }
  const format = field.has('parse') ? field.get('parse').oneOf(formats) : 'text';
  return {
    is: 'file',
    file,
    format,
    absent: field.has('absent') && field.get('absent').boolean(),
    expect: expected(field),
  };
}

function parseEnd(field: Field): End {
  field.only('namespace', 'labels', 'ip');
  if (field.has('ip')) return {ip: field.get('ip').text()};
  const labels = field.has('labels') ? field.get('labels').object() : {};
  return {
    namespace: field.get('namespace').text(),
    labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])),
  };
}
