import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {appendFileSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {expect, test} from 'vitest';
import {asArray, asObject} from '../../../src/engine/json.ts';
import {resetPracticeDirectory} from '../../../src/practice/practice-cluster.ts';
import {accessOf, clientOf, newDirectory, removeDirectory, startPractice} from './practice.ts';

const maps = '/api/v1/namespaces/shop/configmaps';

async function serve(directory: string): Promise<{child: ChildProcess; line: string}> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return {child, line};
}

const names = (items: unknown): string[] =>
  asArray(items as never).map((item) => String(asObject(asObject(item).metadata).name));

test.each([
  ['at the first writes', 3, 10],
  ['among many', 60, 10],
  // The log is written anew after eight megabytes.
  ['about when the log is compacted', 85, 100_000],
  ['after it was', 130, 100_000],
])(
  'what was acknowledged is there after kill -9 %s, with the revisions going on',
  async (_, when, size) => {
    const directory = newDirectory();
    const {child} = await serve(directory);
    const client = clientOf(accessOf(join(directory, 'kubeconfig')));
    /** What each object must hold now; undefined where it must be gone. */
    const acknowledged = new Map<string, string | undefined>();
    let writes = 0;
    let last = 0;
    const done = (name: string, value: string | undefined, revision: unknown): void => {
      acknowledged.set(name, value);
      last = Math.max(last, Number(revision ?? 0));
      writes += 1;
      if (writes === when) child.kill('SIGKILL');
    };
    const write = async (index: number): Promise<void> => {
      const name = `map-${index}`;
      const made = await client.ask(maps, {body: {metadata: {name}, data: {a: 'x'.repeat(size)}}});
      done(name, 'x'.repeat(size), asObject(made.json.metadata).resourceVersion);
      if (index % 3 === 0) {
        acknowledged.delete(name);
        const changed = await client.ask(`${maps}/${name}`, {body: {data: {a: 'new'}}, type: 'merge'});
        done(name, 'new', asObject(changed.json.metadata).resourceVersion);
      }
      if (index % 5 === 0) {
        acknowledged.delete(name);
        const removed = await client.ask(`${maps}/${name}`, {method: 'DELETE'});
        expect(removed.status).toBe(200);
        done(name, undefined, 0);
      }
    };
    await Promise.allSettled(Array.from({length: 200}, (_, index) => write(index)));
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const practice = await startPractice(directory);
    const {json} = await practice.ask(maps);
    const held = new Map(
      asArray(json.items).map((item) => [
        String(asObject(asObject(item).metadata).name),
        String(asObject(asObject(item).data).a),
      ]),
    );
    expect(acknowledged.size).toBeGreaterThan(0);
    const lost = [...acknowledged].filter(([name, value]) => held.get(name) !== value).map(([name]) => name);
    expect(lost).toEqual([]);
    const next = await practice.ask(maps, {body: {metadata: {name: 'later'}}});
    expect(Number(asObject(next.json.metadata).resourceVersion)).toBeGreaterThan(last);
    await practice.close();
  },
  60_000,
);

test('a torn last line is dropped', async () => {
  const directory = newDirectory();
  const practice = await startPractice(directory);
  await practice.ask(maps, {body: {metadata: {name: 'whole'}}});
  await practice.cluster.stop();
  const state = join(directory, 'state');
  const number = /\d+/.exec(readdirSync(state).find((name) => name.startsWith('state-'))!)![0];
  appendFileSync(
    join(state, `log-${number}.jsonl`),
    '{"revision":99999,"resource":"configmaps","object":{"apiVer',
  );
  const again = await startPractice(directory);
  expect(names((await again.ask(maps)).json.items)).toEqual(['whole']);
  await again.close();
});

test('a restart keeps objects, uids, port and token; a reset keeps the token alone', async () => {
  const directory = newDirectory();
  const first = await startPractice(directory);
  const made = await first.ask(maps, {body: {metadata: {name: 'kept'}}});
  await first.cluster.stop();
  const second = await startPractice(directory);
  expect(second.access).toEqual(first.access);
  expect((await second.ask(`${maps}/kept`)).json).toEqual(made.json);
  await second.cluster.stop();
  await resetPracticeDirectory(directory);
  const third = await startPractice(directory);
  expect(third.access).toEqual(first.access);
  expect((await third.ask(`${maps}/kept`)).status).toBe(404);
  await third.close();
});

test('keys, kubeconfig and state are for the owner alone', async () => {
  const practice = await startPractice();
  const modes = (path: string): string[] =>
    readdirSync(path, {withFileTypes: true}).flatMap((entry) => {
      if (entry.name === 'nodes') return [];
      const child = join(path, entry.name);
      const mode = (statSync(child).mode & 0o777).toString(8);
      return entry.isDirectory() ? [`${mode} directory`, ...modes(child)] : [`${mode} file`];
    });
  expect(new Set(modes(practice.directory))).toEqual(new Set(['600 file', '700 directory']));
  expect(readFileSync(practice.cluster.kubeconfigPath, 'utf8')).toContain('kubekata-practice');
  await practice.close();
});

test('a second process connects to the first; when that was killed, it serves itself', async () => {
  const directory = newDirectory();
  const first = await serve(directory);
  expect(first.line).toMatch(/^serving /);
  const second = await serve(directory);
  expect(second.line).toBe(first.line.replace('serving', 'connected'));
  await expect(resetPracticeDirectory(directory)).rejects.toThrow(`Process ${first.child.pid} serves`);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const third = await serve(directory);
  expect(third.line).toBe(first.line);
  third.child.kill('SIGKILL');
  await once(third.child, 'exit');
  removeDirectory(directory);
});
