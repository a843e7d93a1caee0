import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Change} from '../../src/engine/change.ts';
import {withoutServerFields} from '../../src/engine/server-fields.ts';
import {finishEntry} from '../../src/fix/apply.ts';
import {Journal} from '../../src/fix/journal.ts';
import {applyUndo, undoPlan} from '../../src/fix/undo.ts';
import {liveTarget} from '../../src/target/live/live.ts';
import type {Target} from '../../src/target/target.ts';
import {type ControlPlane, startControlPlane} from '../helpers/control-plane.ts';
import {intoInventory} from '../helpers/events.ts';
import {hasShared} from '../helpers/shared.ts';

const start = `
apiVersion: v1
kind: Namespace
metadata: {name: home}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: home, labels: {app: web}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: old, namespace: home}
data: {a: b}
`;
const ref = (kind: string, name: string) => ({apiVersion: 'v1', kind, namespace: 'home', name});
const change: Change = {
  id: 'crash',
  steps: [
    {
      do: 'edit',
      object: ref('ServiceAccount', 'web'),
      edits: [{op: 'set', path: ['automountServiceAccountToken'], value: {json: false}}],
    },
    {
      do: 'create',
      id: 'new',
      object: {
        base: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {name: 'new', namespace: 'home'},
          data: {a: 'b'},
        },
      },
    },
    {do: 'delete', object: ref('ConfigMap', 'old')},
  ],
};
const places = ['journalled:0', ...[0, 1, 2].flatMap((index) => [`applied:${index}`, `written:${index}`])];

describe.skipIf(!hasShared)('killed with -9 at any point', () => {
  let plane: ControlPlane;
  let target: Target;

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.load(start);
    target = await liveTarget({kubeconfig: plane.kubeconfig});
  }, 120_000);

  afterAll(async () => {
    await target?.close();
    await plane?.stop();
  });

  const seen = async () => {
    const objects = await Promise.all(
      [ref('ServiceAccount', 'web'), ref('ConfigMap', 'new'), ref('ConfigMap', 'old')].map((one) =>
        target.read(one),
      ),
    );
    return objects.map((object) => object && withoutServerFields(object));
  };
  const crash = async (state: string, place: string): Promise<string | null> => {
    const child = join(import.meta.dirname, 'crash-child.ts');
    const env = {
      ...process.env,
      KUBECONFIG: plane.kubeconfig,
      STATE: state,
      CHANGE: JSON.stringify(change),
      KILL: place,
    };
    try {
      await promisify(execFile)(process.execPath, [child], {env});
      return null;
    } catch (error) {
      return error instanceof Error && 'signal' in error ? String(error.signal) : String(error);
    }
  };

  for (const place of places) {
    it(`${place}: one open entry, which undo takes back and finish completes`, async () => {
      const before = await seen();
      for (const way of ['undo', 'finish'] as const) {
        const state = mkdtempSync(join(tmpdir(), 'kubekata-crash-'));
        expect(await crash(state, place)).toBe('SIGKILL');
        const journal = new Journal(state, await target.identity());
        const [entry, ...more] = journal.unfinished();
        expect(more).toEqual([]);
        const inventory = intoInventory(await target.list());
        if (way === 'finish') {
          const finished = await finishEntry({target, journal, entry: entry!});
          expect(finished.steps.map((step) => [step.state, step.reason])).toEqual(
            change.steps.map(() => ['done', undefined]),
          );
          const [web, made, old] = await seen();
          expect(web).toMatchObject({automountServiceAccountToken: false});
          expect(made).toMatchObject({data: {a: 'b'}});
          expect(old).toBeUndefined();
          const undo = await undoPlan({target, inventory, entry: finished, journal});
          await applyUndo({target, undo, journal});
        } else {
          await applyUndo({
            target,
            undo: await undoPlan({target, inventory, entry: entry!, journal}),
            journal,
          });
        }
        expect(await seen()).toEqual(before);
        expect(journal.unfinished()).toEqual([]);
        rmSync(state, {recursive: true});
      }
    });
  }
});
