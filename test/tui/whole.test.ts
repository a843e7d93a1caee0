import {expect, it} from 'vitest';
import {c0016} from '../../controls/c-0016.ts';
import {c0017} from '../../controls/c-0017.ts';
import {c0055} from '../../controls/c-0055.ts';
import type {AnyControl, Framework} from '../../src/engine/control.ts';
import {parseObjects} from '../helpers/test-control.ts';
import {harness} from './harness.ts';

const controls: readonly AnyControl[] = [c0016, c0017, c0055];
const framework: Framework = {
  id: 'test',
  title: 'test',
  scoring: 'mean',
  entries: controls.map((control) => ({...control.meta, control})),
  excuses: () => undefined,
};
const deployment = (name: string, namespace: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec: {template: {spec: {containers: [{name: ${name}, image: "${name}:1"}]}}}
`;
const objects = parseObjects(
  `${deployment('web', 'shop')}${deployment('api', 'shop')}${deployment('db', 'store')}`,
);
const open = () =>
  harness({
    columns: 120,
    rows: 40,
    objects,
    options: {
      frameworks: [framework],
      framework: 'test',
      lessonIds: ['non-root-containers', 'immutable-file-systems'],
    },
  });
const previewed = (tui: Awaited<ReturnType<typeof open>>): readonly string[] => {
  const {screen} = tui.state();
  if (screen.name !== 'preview' || screen.phase.is !== 'ready') return [];
  return screen.phase.plan.items.map(({ref}) => `${ref.namespace}/${ref.name}`).sort();
};
const escalation = (tui: Awaited<ReturnType<typeof open>>, key: string): string =>
  JSON.stringify(tui.target.objects.get(key)).includes('"allowPrivilegeEscalation":false')
    ? 'fixed'
    : 'as it was';

it('fixes all of a namespace as one change, each object once', async () => {
  const tui = await open();
  await tui.press(':', ...'fix namespace shop', 'enter');
  await tui.preview();
  expect(previewed(tui)).toEqual(['shop/api', 'shop/web']);
  expect(tui.screen()).toContain('Preview');
  expect(tui.screen()).toMatch(/C-0016: 3 ➜ 1 failing/);
  await tui.press('a', 'y');
  await tui.until(({screen, alarm}) => screen.name === 'applying' && screen.phase === 'guarding' && !alarm);
  expect(tui.state().entries.map(({title}) => title)).toEqual(['all of namespace shop']);
  expect(
    ['Deployment/shop/web', 'Deployment/shop/api', 'Deployment/store/db'].map((key) => escalation(tui, key)),
  ).toEqual(['fixed', 'fixed', 'as it was']);
});

it('fixes all of the object under the cursor by w, all of its namespace by W', async () => {
  const tui = await open();
  await tui.press('enter');
  await tui.until(({screen, details}) => screen.name === 'control' && details.has(screen.id));
  await tui.press('tab', 'G', 'w');
  await tui.preview();
  expect(previewed(tui)).toEqual(['store/db']);
  await tui.press('esc');
  expect(tui.state().screen.name).toBe('control');
  await tui.press('g', 'W');
  await tui.preview();
  expect(previewed(tui)).toEqual(['shop/api', 'shop/web']);
});

it('says when there is nothing of that name, and completes names', async () => {
  const tui = await open();
  await tui.press(':', ...'fix namespace shp', 'enter');
  expect(tui.screen().replaceAll(/\s+/g, ' ')).toContain('shp. Did you mean shop?');
  await tui.press(':', ...'fix object Deployment/st', 'tab');
  expect(tui.screen()).toContain(':fix object Deployment/store/db');
  await tui.press('enter');
  await tui.preview();
  expect(previewed(tui)).toEqual(['store/db']);
});

it('goes back by esc while fixes are chosen, and opens nothing afterwards', async () => {
  const tui = await open();
  const {preview} = tui.target;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  tui.target.preview = async (...of) => {
    await held;
    return preview(...of);
  };
  await tui.press(':', ...'fix namespace shop', 'enter');
  expect(tui.state().screen.name).toBe('preview');
  await tui.press('esc');
  release();
  await new Promise((resolve) => setImmediate(resolve));
  expect(tui.state().screen.name).toBe('walk');
});
