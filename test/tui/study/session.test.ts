import {expect, it, onTestFinished} from 'vitest';
import {frameworks} from '../../../controls/frameworks.ts';
import {asObject, type JsonObject} from '../../../src/engine/json.ts';
import {refOfObject} from '../../../src/engine/objects.ts';
import {KubeClient} from '../../../src/target/live/client.ts';
import {StudySession} from '../../../src/tui/study/session.ts';
import type {Event} from '../../../src/tui/study/state.ts';
import {memoryTarget} from '../../helpers/memory-target.ts';
import {temporaryFolder} from '../../helpers/program.ts';
import {scenarioObjects} from '../../helpers/scenario-home.ts';
import {study} from './harness.ts';

/** A session over objects in memory; the events that it told. */
async function open() {
  const target = memoryTarget(scenarioObjects());
  const access = {
    context: {
      name: 'practice',
      cluster: '',
      user: '',
      namespace: '',
      current: true,
      server: 'https://127.0.0.1:1',
    },
    files: [],
    cluster: {server: 'https://127.0.0.1:1'},
    user: {},
  };
  const told: Event[] = [];
  const session = new StudySession(
    {
      ...{name: 'practice', isPractice: true, target, kubeconfig: '/nowhere'},
      client: new KubeClient('practice', access),
      ...{work: temporaryFolder(), nodes: undefined, pristineNodes: undefined},
      locks: {acquire: async () => 'a', release: () => undefined},
      close: () => target.close(),
    },
    {framework: frameworks.nsa!, walkFramework: frameworks['nsa-2021']!},
    (event) => told.push(event),
  );
  onTestFinished(() => session.close());
  void session.follow();
  await expect.poll(() => told.some(({type}) => type === 'read')).toBe(true);
  const own = told.flatMap((event) => (event.type === 'read' ? event.own : []));
  const changed = () => told.findLast((event) => event.type === 'changed')?.keys ?? new Set();
  return {target, told, own, changed};
}

it('tells which objects of a card are not as they were when it was drawn', async () => {
  const {target, own, changed} = await open();
  const [first, second] = own[0]!.objects.map(({key}) => key);
  const before = target.objects.get(first!)!;
  const tui = study();
  tui.send({type: 'read', suggestion: undefined, own});
  const show = () => {
    tui.send({type: 'changed', keys: changed()});
    return tui.screen();
  };
  tui.press('c');
  while (tui.state().screen.name === 'cards' && !tui.screen().includes('From the objects of this cluster.')) {
    tui.press('enter', '3');
  }
  const notice = 'has changed since the question was drawn';
  expect(show()).not.toContain(notice);

  // Its status changes all the time, and that is nothing.
  target.set({...before, status: {observedGeneration: 7}});
  expect(changed()).toEqual(new Set());
  const spec: JsonObject = {...asObject(before.spec), paused: true};
  target.set({...before, spec});
  expect(changed()).toEqual(new Set([first]));
  target.set(before);
  expect(changed()).toEqual(new Set());
  target.delete(second!);
  expect(changed()).toEqual(new Set([second]));

  const card = own.find(({question}) => tui.screen().includes(question.slice(0, 40)))!;
  const shown = card.objects[0]!.key;
  const object = target.objects.get(shown) ?? {};
  target.set({...object, spec: {...asObject(object.spec), paused: true}});
  expect(show().replaceAll(/\s+/g, ' ')).toMatch(/changed since the question was drawn/);
  expect(refOfObject(object).name).not.toBe('');
  tui.press('enter');
  expect(show().replaceAll(/\s+/g, ' ')).toMatch(/changed since the question was drawn/);
});
