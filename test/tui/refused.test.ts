import {expect, it} from 'vitest';
import {c0009} from '../../controls/c-0009.ts';
import {TargetError} from '../../src/target/target.ts';
import {frameworkOf, parseObjects} from '../helpers/test-control.ts';
import {harness} from './harness.ts';

const objects = parseObjects(`
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: web, image: "web:1"}]}}}
`);

it('tells which object was refused, and what was left out since it needs it', async () => {
  const tui = await harness({
    columns: 120,
    rows: 40,
    objects,
    options: {frameworks: [frameworkOf(c0009)], framework: 'test'},
  });
  const {apply} = tui.target;
  tui.target.apply = async (item) => {
    if (item.ref.kind === 'LimitRange')
      throw new TargetError('rejected', 'Webhook limits.example denies it.');
    return apply(item);
  };
  await tui.press('enter', 'tab', 'a');
  await tui.until(({screen}) => screen.name === 'preview' && screen.phase.is === 'questions');
  for (const value of ['1', '1', '1Gi', '1Gi', '4', '4Gi']) await tui.press('ctrl-u', ...value, 'enter');
  await tui.preview();
  await tui.press('a', 'y');
  await tui.until(({screen}) => screen.name === 'result' || screen.name === 'applying');
  await tui.until(({screen}) => screen.name === 'result');
  const left = tui
    .lines()
    .map((one) => one.split('╎')[0]?.trim())
    .join(' ');
  expect(left).toContain('Nothing was changed, 1 refused, 1 left out, nothing restarted: change 1.');
  expect(left).toContain('LimitRange shop/kubekata-limits was refused: Webhook limits.example denies it.');
  expect(left).toContain(
    'ResourceQuota shop/kubekata-quota was left out: it needs LimitRange shop/kubekata-limits, which was refused.',
  );
  expect([...tui.target.objects.keys()]).not.toContain('ResourceQuota/shop/kubekata-quota');
});
