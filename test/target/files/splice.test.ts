import {describe, expect, it} from 'vitest';
import type {ResolvedEdit} from '../../../src/engine/edits.ts';
import type {Json} from '../../../src/engine/json.ts';
import {element, type Path} from '../../../src/engine/path.ts';
import {SpliceError} from '../../../src/target/files/locate.ts';
import {spliceEdits} from '../../../src/target/files/splice.ts';

const set = (json: Json, ...path: Path): ResolvedEdit => ({op: 'set', path, value: {json}});
const remove = (...path: Path): ResolvedEdit => ({op: 'remove', path});
const web = element('name', 'web');
const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

type Case = {
  readonly name: string;
  readonly before: string;
  readonly edits: readonly ResolvedEdit[];
  readonly after: string;
};

const cases: readonly Case[] = [
  {
    name: 'a new key comes last in its mapping, before a comment that follows',
    before: lines('spec:', '  a: 1 # one', '  # about status', 'status: x'),
    edits: [set(true, 'spec', 'b')],
    after: lines('spec:', '  a: 1 # one', '  b: true', '  # about status', 'status: x'),
  },
  {
    name: 'missing parents in the container that the key names',
    before: lines('containers:', '- name: side', '- name: web', '  image: x', 'volumes: []'),
    edits: [set(false, 'containers', web, 'securityContext', 'allowPrivilegeEscalation')],
    after: lines(
      'containers:',
      '- name: side',
      '- name: web',
      '  image: x',
      '  securityContext:',
      '    allowPrivilegeEscalation: false',
      'volumes: []',
    ),
  },
  {
    name: 'two edits under one new parent, in the step of the author',
    before: lines('spec:', '    a:', '        b: 1'),
    edits: [set(1, 'spec', 'c', 'd'), set(2, 'spec', 'c', 'e')],
    after: lines('spec:', '    a:', '        b: 1', '    c:', '        d: 1', '        e: 2'),
  },
  {
    name: 'a list in the manner of the other lists: deeper',
    before: lines('spec:', '  list:', '    - a', '  x: 1'),
    edits: [set(['ALL'], 'spec', 'capabilities', 'drop')],
    after: lines('spec:', '  list:', '    - a', '  x: 1', '  capabilities:', '    drop:', '      - ALL'),
  },
  {
    name: 'a list in the manner of the other lists: below its key',
    before: lines('spec:', '  list:', '  - a', '  x: 1'),
    edits: [set(['ALL'], 'spec', 'capabilities', 'drop')],
    after: lines('spec:', '  list:', '  - a', '  x: 1', '  capabilities:', '    drop:', '    - ALL'),
  },
  {
    name: 'a scalar in its place, quotes and comment kept',
    before: lines('a: "x" # why', "b: 'y'", 'c: z'),
    edits: [set('no', 'a'), set("it's", 'b'), set('no', 'c')],
    after: lines('a: "no" # why', "b: 'it''s'", 'c: "no"'),
  },
  {
    name: 'a key without a value, with a comment behind it',
    before: lines('a: # todo', 'b:', 'c: ~'),
    edits: [set(1, 'a'), set(2, 'b', 'x'), set(3, 'c', 'z')],
    after: lines('a: 1 # todo', 'b:', '  x: 2', 'c:', '  z: 3'),
  },
  {
    name: 'an empty flow mapping below a block key becomes a block',
    before: lines('a:', '  securityContext: {} # default', '  b: 1'),
    edits: [set(true, 'a', 'securityContext', 'runAsNonRoot')],
    after: lines('a:', '  securityContext: # default', '    runAsNonRoot: true', '  b: 1'),
  },
  {
    name: 'a new key between braces',
    before: lines('containers:', '- {name: web, image: b}   # flow', '- {name: side,}'),
    edits: [
      set(['ALL'], 'containers', web, 'securityContext', 'capabilities', 'drop'),
      set('1', 'containers', element('name', 'side'), 'x'),
    ],
    after: lines(
      'containers:',
      '- {name: web, image: b, securityContext: {capabilities: {drop: [ALL]}}}   # flow',
      '- {name: side, x: "1",}',
    ),
  },
  {
    name: 'first, middle and only key between braces removed',
    before: lines('a: {x: 1, y: 2, z: 3}', 'b: {x: 1}'),
    edits: [remove('a', 'x'), remove('a', 'z'), remove('b', 'x')],
    after: lines('a: {y: 2}', 'b: {}'),
  },
  {
    name: 'a removed line takes its comment, not its neighbours',
    before: lines('spec:', '  # network', '  hostNetwork: true # why', '', '  hostPID: true', 'x: 1'),
    edits: [remove('spec', 'hostNetwork')],
    after: lines('spec:', '  # network', '', '  hostPID: true', 'x: 1'),
  },
  {
    name: 'the only key removed leaves an empty mapping, as the data say',
    before: lines('a:', '  b: 1 # x', 'c:', '- d: 1'),
    edits: [remove('a', 'b'), remove('c', 0, 'd')],
    after: lines('a: {} # x', 'c:', '- {}'),
  },
  {
    name: 'the key behind a dash removed',
    before: lines('list:', '- hostPort: 80', '  name: web', '- hostPort: 81 # x', '  # y', '  name: b'),
    edits: [remove('list', 0, 'hostPort'), remove('list', 1, 'hostPort')],
    after: lines('list:', '- name: web', '-  # x', '  # y', '  name: b'),
  },
  {
    name: 'list elements removed, appended and put in the middle',
    before: lines('list:', '  - name: a', '    x: 1', '  # of b', '  - name: b', '  - name: c', 'end: 1'),
    edits: [
      remove('list', element('name', 'a')),
      set({name: 'd'}, 'list', element('name', 'd')),
      set([{name: 'b'}, {name: 'between'}, {name: 'c'}, {name: 'd'}], 'list'),
    ],
    after: lines(
      'list:',
      '  # of b',
      '  - name: b',
      '  - name: between',
      '  - name: c',
      '  - name: d',
      'end: 1',
    ),
  },
  {
    name: 'a list of strings as one value, in the style that it has',
    before: lines('a: [NET_RAW, CHOWN] # few', 'b:', '- NET_RAW', '- CHOWN', 'c: 1'),
    edits: [set(['ALL'], 'a'), set(['ALL'], 'b')],
    after: lines('a: [ALL] # few', 'b:', '- ALL', 'c: 1'),
  },
  {
    name: 'behind a block scalar, whatever its end',
    before: lines('a:', '  b: |', '    text', '', 'c:', '  d: >-', '    folded', '    more', '# end'),
    edits: [set(1, 'a', 'x'), set(2, 'c', 'z')],
    after: lines(
      'a:',
      '  b: |',
      '    text',
      '  x: 1',
      '',
      'c:',
      '  d: >-',
      '    folded',
      '    more',
      '  z: 2',
      '# end',
    ),
  },
  {
    name: 'a block scalar replaced by a block scalar, and by a word',
    before: lines('data:', '  policy: |', '    a: 1', '  other: |', '    b: 1', '  last: x'),
    edits: [set('a: 2\nb: 3\n', 'data', 'policy'), set('word', 'data', 'other')],
    after: lines('data:', '  policy: |', '    a: 2', '    b: 3', '  other: word', '  last: x'),
  },
  {
    name: 'no line break at the end of the file',
    before: 'a:\n  b: 1',
    edits: [set(2, 'a', 'c')],
    after: 'a:\n  b: 1\n  c: 2',
  },
  {
    name: 'the last line removed from a file without a line break at its end',
    before: 'a: 1\nb: 2',
    edits: [remove('b')],
    after: 'a: 1',
  },
  {
    name: 'line breaks of Windows',
    before: 'a:\r\n  b: 1 # x\r\n  c:\r\n  - d\r\n',
    edits: [set({f: {g: 1}}, 'a', 'e'), remove('a', 'b')],
    after: 'a:\r\n  c:\r\n  - d\r\n  e:\r\n    f:\r\n      g: 1\r\n',
  },
  {
    name: 'quoted keys',
    before: lines('"spec":', '  "a": 1', "'x': {'y': 1}"),
    edits: [set(2, 'spec', 'a'), set(3, 'x', 'y'), set(4, 'spec', 'example.com/b')],
    after: lines('"spec":', '  "a": 2', '  example.com/b: 4', "'x': {'y': 3}"),
  },
  {
    name: 'JSON with entries on lines of their own',
    before: lines('{', '  "a": {', '    "b": 1', '  },', '  "c": [', '    "x"', '  ]', '}'),
    edits: [set({d: [1]}, 'a', 'e'), set('y', 'c', 1), remove('a', 'b')],
    after: lines(
      '{',
      '  "a": {',
      '    "e": {',
      '      "d": [',
      '        1',
      '      ]',
      '    }',
      '  },',
      '  "c": [',
      '    "x",',
      '    "y"',
      '  ]',
      '}',
    ),
  },
  {
    name: 'JSON on one line',
    before: '{"a":{"b":1},"c":{}}',
    edits: [set(true, 'a', 'd'), set(false, 'c', 'e')],
    after: '{"a":{"b":1, "d": true},"c":{"e": false}}',
  },
  {
    name: 'a key that a merge brings is overridden beside it; the anchor keeps its value',
    before: lines('base: &base', '  a: 1', '  b: {c: 1}', 'x:', '  <<: *base', '  d: 1'),
    edits: [set(2, 'x', 'a'), set(3, 'x', 'b', 'e')],
    after: lines(
      'base: &base',
      '  a: 1',
      '  b: {c: 1}',
      'x:',
      '  <<: *base',
      '  d: 1',
      '  a: 2',
      '  b:',
      '    c: 1',
      '    e: 3',
    ),
  },
  {
    name: 'an alias as a value is replaced at this one place',
    before: lines('a: &yes true', 'b: *yes', 'c: *yes'),
    edits: [set(false, 'b')],
    after: lines('a: &yes true', 'b: false', 'c: *yes'),
  },
  {
    name: 'an anchor that nothing uses is no obstacle',
    before: lines('a: &unused', '  b: 1'),
    edits: [set(2, 'a', 'c')],
    after: lines('a: &unused', '  b: 1', '  c: 2'),
  },
  {
    name: 'comments between a key and its value stay',
    before: lines('a:', '  # one', '  {} # two', 'b: # three', '  # four', '  c: 1'),
    edits: [set(1, 'a', 'x'), set('y z', 'b')],
    after: lines('a:', '  # one', '  x: 1 # two', 'b: y z # three', '  # four'),
  },
  {
    name: 'text that ends in blank lines is quoted, other text is a block',
    before: lines('a: 1'),
    edits: [set('one\ntwo\n', 'b'), set('one\n\n', 'c')],
    after: lines('a: 1', 'b: |', '  one', '  two', 'c: "one\\n\\n"'),
  },
  {
    name: 'strings that readers of YAML 1.1 would take for something else are quoted',
    before: lines('a: 1'),
    edits: [set({b: 'yes', c: '0644', d: '1e3', e: 'null', f: 'plain'}, 'x')],
    after: lines('a: 1', 'x:', '  b: "yes"', '  c: "0644"', '  d: "1e3"', '  e: "null"', '  f: plain'),
  },
];

describe('spliceEdits', () => {
  for (const {name, before, edits, after} of cases) {
    it(name, () => {
      expect(spliceEdits(before, 0, [], edits)).toBe(after);
    });

    it(`${name}: a second time changes nothing`, () => {
      expect(spliceEdits(after, 0, [], edits)).toBe(after);
    });
  }

  it('edits one document of several', () => {
    const text = '%YAML 1.2\n---\na: 1\n...\n---\na: 1\n';
    expect(spliceEdits(text, 1, [], [set(2, 'a')])).toBe('%YAML 1.2\n---\na: 1\n...\n---\na: 2\n');
  });

  it('edits an item of a List', () => {
    const text = lines('kind: List', 'items:', '- kind: Pod', '  spec: {}', '- kind: Pod');
    expect(spliceEdits(text, 0, ['items', 1], [set(1, 'spec', 'x')])).toBe(
      lines('kind: List', 'items:', '- kind: Pod', '  spec: {}', '- kind: Pod', '  spec:', '    x: 1'),
    );
  });

  const refused: Record<
    string,
    {readonly before: string; readonly edits: readonly ResolvedEdit[]; readonly says: string}
  > = {
    'below an alias': {
      before: lines('a: &sc', '  x: 1', 'b: *sc'),
      edits: [set(2, 'b', 'x')],
      says: 'b is the alias *sc (line {line})',
    },
    'below an anchor that others share': {
      before: lines('a: &sc', '  x: 1', 'b: *sc', 'c: *sc'),
      edits: [set(2, 'a', 'x')],
      says: 'a has the anchor &sc (line {line}), which 2 other places use',
    },
    'a key that a merge brings, removed': {
      before: lines('a: &sc', '  x: 1', 'b:', '  <<: *sc', '  y: 1'),
      edits: [remove('b', 'x')],
      says: 'b.x comes from an anchor',
    },
    'keys with a question mark': {before: lines('? a', ': 1'), edits: [set(2, 'a')], says: 'marked with `?`'},
    'a document with errors': {before: lines('a: 1', 'a: 2'), edits: [set(2, 'a')], says: 'has errors'},
  };
  for (const [name, {before, edits, says}] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      expect(() => spliceEdits(before, 0, [], edits)).toThrow(SpliceError);
      expect(() => spliceEdits(before, 0, [], edits)).toThrow(says);
    });
  }
});
