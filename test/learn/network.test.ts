import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import type {JsonObject} from '../../src/engine/json.ts';
import {type Connection, type End, isAllowed} from '../../src/learn/network.ts';

const policy = (yaml: string): JsonObject => ({
  metadata: {name: 'p', namespace: 'shop'},
  spec: parse(yaml) as JsonObject,
});
const namespaces = [
  {metadata: {name: 'shop', labels: {team: 'a'}}},
  {metadata: {name: 'till', labels: {team: 'b'}}},
];
const pod = (app: string, namespace = 'shop'): End => ({namespace, labels: {app}});
const allowed = (policies: readonly JsonObject[], from: End, to: End, more: Partial<Connection> = {}) =>
  isAllowed({from, to, port: 80, protocol: 'TCP', ...more}, {policies, namespaces});

describe('NetworkPolicy', () => {
  it('lets all through where nothing selects the pods', () => {
    const other = policy('{podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress]}');
    expect(allowed([other], pod('a'), pod('b'))).toBe(true);
    expect(allowed([], {ip: '1.2.3.4'}, pod('b'))).toBe(true);
  });

  it('denies a direction that is named without rules, and that one alone', () => {
    const deny = [policy('{podSelector: {}, policyTypes: [Ingress]}')];
    expect(allowed(deny, pod('a', 'till'), pod('b'))).toBe(false);
    expect(allowed(deny, pod('a'), pod('b', 'till'))).toBe(true);
  });

  it('needs both ends open', () => {
    const deny = policy('{podSelector: {}, policyTypes: [Ingress, Egress]}');
    const way = '{from: [{podSelector: {matchLabels: {app: a}}}]}';
    const door = policy(`{podSelector: {matchLabels: {app: b}}, policyTypes: [Ingress], ingress: [${way}]}`);
    const out = policy('{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{}]}');
    expect(allowed([deny, door], pod('a'), pod('b'))).toBe(false);
    expect(allowed([deny, door, out], pod('a'), pod('b'))).toBe(true);
    expect(allowed([deny, door, out], pod('c'), pod('b'))).toBe(false);
  });

  it('takes selectors of one element together, and those of two elements apart', () => {
    const both = policy(
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: a}}}]}]}',
    );
    const either = policy(
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}, {podSelector: {matchLabels: {app: a}}}]}]}',
    );
    expect(allowed([both], pod('a'), pod('x'))).toBe(false);
    expect(allowed([both], pod('a', 'till'), pod('x'))).toBe(true);
    expect(allowed([either], pod('a'), pod('x'))).toBe(true);
    expect(allowed([either], pod('c', 'till'), pod('x'))).toBe(true);
    expect(allowed([either], pod('c'), pod('x'))).toBe(false);
  });

  it('knows every namespace by its name', () => {
    const named = policy(
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: till}}}]}]}',
    );
    expect(allowed([named], pod('a', 'till'), pod('x'))).toBe(true);
    expect(allowed([named], pod('a'), pod('x'))).toBe(false);
  });

  it('looks at ports, ranges, names and protocols', () => {
    const ports = policy(
      '{podSelector: {}, ingress: [{ports: [{port: 80}, {port: 8000, endPort: 8010}, {port: metrics}, {port: 53, protocol: UDP}]}]}',
    );
    const open = (port: number | string, protocol = 'TCP') =>
      allowed([ports], pod('a'), pod('b'), {port, protocol});
    expect([80, 8000, 8010, 'metrics'].map((port) => open(port))).toEqual([true, true, true, true]);
    expect([81, 8011, 'http', 53].map((port) => open(port))).toEqual([false, false, false, false]);
    expect(open(53, 'UDP')).toBe(true);
    expect(open(80, 'UDP')).toBe(false);
  });

  it('takes exceptions out of a block', () => {
    const out = policy(
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]}',
    );
    expect(allowed([out], pod('a'), {ip: '1.1.1.1'})).toBe(true);
    expect(allowed([out], pod('a'), {ip: '169.254.169.254'})).toBe(false);
    expect(allowed([out], pod('a'), pod('b'))).toBe(false);
  });
});
