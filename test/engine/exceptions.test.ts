import {describe, expect, it} from 'vitest';
import {acceptBy, type Exception, isDate} from '../../src/engine/exceptions.ts';
import {resourceOf} from '../../src/engine/objects.ts';

const account = (namespace: string, name: string, accept?: string) =>
  resourceOf({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {name, namespace, ...(accept ? {annotations: {'kubekata.dev/accept': accept}} : {})},
  });
const system: Exception = {
  controls: ['C-0034'],
  kind: 'ServiceAccount',
  namespace: 'kube-*',
  reason: 'Parts of Kubernetes call the API server.',
  until: '2027-05-23',
  by: 'mona',
};

describe('accepted findings', () => {
  const accept = acceptBy([system], '2026-11-23');
  it('covers what the entry names, and nothing beside it', () => {
    expect(accept('C-0034', account('kube-system', 'coredns'))).toEqual({
      reason: 'Parts of Kubernetes call the API server. (accepted until 23 May 2027 by mona)',
    });
    expect(accept('C-0034', account('argo', 'argo'))).toBeUndefined();
    expect(accept('C-0016', account('kube-system', 'coredns'))).toBeUndefined();
  });
  it('holds on its last day, and fails again the day after', () => {
    const find = (today: string) => acceptBy([system], today)('C-0034', account('kube-system', 'x'));
    expect(find('2027-05-23')?.expired).toBeUndefined();
    expect(find('2027-05-24')).toEqual({
      reason: 'Accepted until 23 May 2027 by mona: the date has passed.',
      expired: true,
    });
  });
  it('takes an entry that holds before one that has expired', () => {
    const both = acceptBy([{...system, until: '2020-01-01'}, system], '2026-11-23');
    expect(both('C-0034', account('kube-system', 'x'))?.expired).toBeUndefined();
  });
  it('reads an annotation of the object', () => {
    const find = (text: string) => acceptBy([], '2026-11-23')('C-0034', account('argo', 'argo', text));
    expect(find('C-0016, C-0034 until 2027-01-31: lists Workflows')?.reason).toBe(
      'lists Workflows (accepted until 31 January 2027)',
    );
    expect(find('C-0016 until 2027-01-31: lists Workflows')).toBeUndefined();
    expect(find('C-0034 until 2027-02-31: no such day')).toBeUndefined();
    expect(find('C-0034: no date')).toBeUndefined();
  });
  it('knows a day from what only looks like one', () => {
    expect(isDate('2028-02-29')).toBe(true);
    expect(isDate('2027-2-1')).toBe(false);
  });
});
