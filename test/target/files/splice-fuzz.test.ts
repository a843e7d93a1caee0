import {diffArrays} from 'diff';
import {expect, it} from 'vitest';
import {Document, isCollection, isScalar, visit} from 'yaml';
import {applyEdits, inverse, type ResolvedEdit} from '../../../src/engine/edits.ts';
import {isArray, isObject, type Json, type JsonObject} from '../../../src/engine/json.ts';
import type {Path} from '../../../src/engine/path.ts';
import {SpliceError} from '../../../src/target/files/locate.ts';
import {spliceEdits} from '../../../src/target/files/splice.ts';
import {parseYaml, toJson} from '../../../src/target/files/yaml.ts';

/** A seeded generator (mulberry32): a failure names its seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const scalars: readonly Json[] = [
  true,
  false,
  null,
  0,
  8080,
  'x',
  'nginx:1.14',
  'yes',
  '0644',
  '',
  'a: b',
  '# no',
  "it's",
  '- x',
  '1Gi',
  '*',
  'y',
  'line one\nline two\n',
  'keep\n\n',
  '  led by blanks',
  '{{ x }}',
];
const keys = [
  'name',
  'image',
  'spec',
  'securityContext',
  'env',
  'resources',
  'app.kubernetes.io/name',
  'on',
  'a b',
  '8080',
];

function anyValue(next: (below: number) => number, depth: number): Json {
  const kind = depth <= 0 ? 0 : next(5);
  if (kind < 2) return scalars[next(scalars.length)]!;
  if (kind === 2) return Array.from({length: next(4)}, () => anyValue(next, depth - 1));
  return anyObject(next, depth);
}

const anyObject = (next: (below: number) => number, depth: number): JsonObject =>
  Object.fromEntries(
    Array.from({length: next(5)}, () => [keys[next(keys.length)]!, anyValue(next, depth - 1)]),
  );

/** The data as somebody might have written them: flow style here and there, quotes, comments, other indentation. */
function write(data: JsonObject, next: (below: number) => number): string {
  const document = new Document(data, {compat: 'yaml-1.1'});
  let comments = 0;
  visit(document, {
    Node: (key, node) => {
      if (isCollection(node) && next(6) === 0) node.flow = true;
      if (isScalar(node) && typeof node.value === 'string' && next(4) === 0) {
        node.type = (['QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL'] as const)[
          key === 'key' ? next(2) : next(3)
        ]!;
      }
      if (key === 'key' || next(5) > 0) return;
      comments += 1;
      if (next(2) === 0) node.comment = ` comment ${comments}`;
      else node.commentBefore = ` comment ${comments}`;
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && next(8) === 0) pair.key.spaceBefore = true;
    },
  });
  const text = document.toString({indent: 2 + 2 * next(2), indentSeq: next(2) === 0, lineWidth: 0});
  const ended = next(5) === 0 ? text.trimEnd() : text;
  return next(4) === 0 ? ended.replaceAll('\n', '\r\n') : ended;
}

/** A path that is there, or one that leads a step or two beyond. */
function anyPath(data: Json, next: (below: number) => number): Path {
  const path: (string | number)[] = [];
  let current: Json | undefined = data;
  for (;;) {
    if (isObject(current)) {
      const own: readonly string[] = Object.keys(current);
      const key: string = own.length > 0 && next(4) > 0 ? own[next(own.length)]! : keys[next(keys.length)]!;
      path.push(key);
      current = current[key];
    } else if (isArray(current)) {
      const index: number = next(current.length + 1);
      path.push(index);
      current = current[index];
    } else {
      if (current === undefined && next(2) === 0) path.push(keys[next(keys.length)]!);
      return path;
    }
    if (path.length > 0 && next(4) === 0) return path;
  }
}

const dataOf = (text: string): Json => toJson(parseYaml(text)[0]!);
const commentsOf = (text: string): readonly string[] => text.match(/# comment \d+/g) ?? [];

/** `FUZZ_DOCUMENTS=20000 npx vitest run …` looks further. */
const documents = Number(process.env.FUZZ_DOCUMENTS ?? 1200);

it('any edit of any document gives the intended data and leaves other lines alone, or says why not', {
  timeout: 600_000,
}, () => {
  let edited = 0;
  let refused = 0;
  for (let seed = 1; seed <= documents; seed += 1) {
    const next = random(seed);
    const made = anyObject(next, 5);
    let text = write(made, next);
    let data: Json;
    try {
      data = dataOf(text);
    } catch {
      continue;
    }
    if (!isObject(data) || parseYaml(text).some(({errors}) => errors.length > 0)) continue;
    for (let time = 0; time < 3; time += 1) {
      const path = anyPath(data, next);
      const edit: ResolvedEdit =
        next(3) === 0 ? {op: 'remove', path} : {op: 'set', path, value: {json: anyValue(next, 2)}};
      let wanted: JsonObject;
      try {
        wanted = applyEdits(data, [edit]);
      } catch {
        continue;
      }
      const where = `seed ${seed}: ${JSON.stringify(edit)} on\n${text}`;
      let after: string;
      try {
        after = spliceEdits(text, 0, [], [edit]);
      } catch (error) {
        if (!(error instanceof SpliceError)) throw new Error(where, {cause: error});
        refused += 1;
        continue;
      }
      edited += 1;
      expect(dataOf(after), where).toEqual(wanted);
      if (text.includes('\r\n') && !after.split('\r\n').every((line) => !line.includes('\n'))) {
        expect.fail(`a line break changed: ${where}`);
      }
      const old = path.reduce<Json | undefined>(
        (value, key) =>
          isObject(value) ? value[key as string] : isArray(value) ? value[key as number] : undefined,
        data,
      );
      const isNew = edit.op === 'set' && (old === undefined || old === null || typeof old === 'number');
      if (isNew && wanted !== data) {
        expect(commentsOf(after), where).toEqual(commentsOf(text));
        const gone = diffArrays(text.split(/\r?\n/), after.split(/\r?\n/)).flatMap(({removed, value}) =>
          removed ? value : [],
        );
        expect(gone.length, where).toBeLessThanOrEqual(1);
      }
      const undone = spliceOrUndefined(after, inverse(data, [edit]));
      if (undone !== undefined) expect(dataOf(undone), `undo of ${where}`).toEqual(data);
      text = after;
      data = wanted;
    }
  }
  expect(edited).toBeGreaterThan(documents * 1.5);
  expect(refused / edited).toBeLessThan(0.02);
});

function spliceOrUndefined(text: string, edits: readonly ResolvedEdit[]): string | undefined {
  try {
    return spliceEdits(text, 0, [], edits);
  } catch (error) {
    if (error instanceof SpliceError) return undefined;
    throw error;
  }
}
