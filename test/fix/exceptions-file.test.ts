import {describe, expect, it} from 'vitest';
import {
  addException,
  importExceptions,
  parseDecisions,
  parseExceptions,
} from '../../src/fix/exceptions-file.ts';

const text = `# what we accept, and why
exceptions:
  - control: C-0034 # tokens
    kind: ServiceAccount
    namespace: kube-system
    reason: Parts of Kubernetes call the API server.
    until: 2027-05-23
    by: mona
`;

describe('kubekata.yaml', () => {
  it('is read', () => {
    expect(parseExceptions(text, 'kubekata.yaml')).toEqual([
      {
        controls: ['C-0034'],
        kind: 'ServiceAccount',
        namespace: 'kube-system',
        reason: 'Parts of Kubernetes call the API server.',
        until: '2027-05-23',
        by: 'mona',
      },
    ]);
    expect(parseExceptions('', 'kubekata.yaml')).toEqual([]);
    expect(parseExceptions('exceptions:\n', 'kubekata.yaml')).toEqual([]);
  });

  it.each([
    ['exceptions:\n  - control: C-0034\n    until: never\n', 'f:2:5: It has no reason'],
    ['exceptions:\n  - control: C-0034\n    reason: x\n', 'f:2:5: It has no end'],
    ['exceptions:\n  - reason: x\n    until: never\n', 'f:2:5: It names no control'],
    ['exceptions:\n  - control: C-1\n    reason: x\n    until: 2027-13-01\n', 'f:4:12: until is a date'],
    ['exceptions:\n  - control: C-1\n    namspace: a\n', 'f:3:5: "namspace" is no field'],
    ['acceptions: []\n', 'f:1:1: "acceptions" is not known here'],
    ['exceptions: [\n', 'f:2:1: '],
    ['registries: docker.io\n', 'f:1:13: registries is a list'],
    ['registries: [{name: docker.io}]\n', 'f:1:14: An entry of registries is a text'],
    ['- a\n', 'f:1:1: It holds lists named exceptions'],
  ])('refuses %j with its line', (bad, message) => {
    expect(() => parseExceptions(bad, 'f')).toThrow(message);
  });

  it('holds the registries that images may come from, and what has to run in a sandbox', () => {
    expect(
      parseDecisions('registries: [docker.io, quay.io/argoproj]\nsandboxed:\n- shop/web\n', 'f'),
    ).toEqual({
      exceptions: [],
      attestations: [],
      registries: ['docker.io', 'quay.io/argoproj'],
      sandboxed: ['shop/web'],
    });
  });

  it('holds attestations beside exceptions', () => {
    const attested =
      'attestations:\n- control: log-review\n  statement: Mona reads them daily.\n  by: Mona\n  on: 2026-11-02\n  until: 2027-05-02\n';
    const attestation = {
      controls: ['log-review'],
      statement: 'Mona reads them daily.',
      by: 'Mona',
      on: '2026-11-02',
      until: '2027-05-02',
    };
    expect(parseDecisions(attested, 'f')).toEqual({exceptions: [], attestations: [attestation]});
    const added = addException(attested, 'f', {controls: ['C-0016'], reason: 'Later.', until: 'never'});
    expect(parseDecisions(added, 'f')).toEqual({
      exceptions: [{controls: ['C-0016'], reason: 'Later.', until: 'never'}],
      attestations: [attestation],
    });
  });

  it.each([
    ['by: Mona, on: 2026-11-02, until: 2027-05-02', 'f:2:3: It has no statement'],
    ['statement: x, on: 2026-11-02, until: 2027-05-02', 'f:2:3: It has no by'],
    ['statement: x, by: Mona, until: 2027-05-02', 'f:2:3: It has no on'],
    ['statement: x, by: Mona, on: 2026-11-02', 'f:2:3: It has no until'],
    [
      'statement: x, by: Mona, on: 2026-11-02, until: never',
      'until is a date as 2027-05-23, and not "never"',
    ],
    ['statement: x, by: Mona, at: 2026-11-02', '"at" is no field of an attestation'],
  ])('refuses an attestation of {%s}', (fields, message) => {
    const text = `attestations:\n- {control: log-review, ${fields}}\n`;
    expect(() => parseDecisions(text, 'f')).toThrow(message);
  });

  it('keeps comments and entries when one is added', () => {
    const added = addException(text, 'f', {
      controls: ['C-0016'],
      namespace: 'argo',
      reason: 'Later.',
      until: 'never',
    });
    expect(added.startsWith(text)).toBe(true);
    expect(added.slice(text.length)).toBe(
      '  - control: C-0016\n    namespace: argo\n    reason: Later.\n    until: never\n',
    );
    expect(parseExceptions(added, 'f')).toHaveLength(2);
  });

  it('begins a file that is empty or holds only a comment', () => {
    const exception = {controls: ['C-0016', 'C-0017'], reason: 'Later.', until: 'never'};
    for (const before of ['', '# ours\n', 'exceptions: []\n']) {
      const added = addException(before, 'f', exception);
      expect(parseExceptions(added, 'f')).toEqual([exception]);
      if (before.startsWith('#')) expect(added.startsWith(before)).toBe(true);
    }
  });

  it('takes over exceptions of kubescape', () => {
    const peer = [
      {
        name: 'exclude-kube-system',
        policyType: 'postureExceptionPolicy',
        actions: ['alertOnly'],
        resources: [{designatorType: 'Attributes', attributes: {kind: '.*', namespace: 'kube-.*'}}],
        posturePolicies: [{frameworkName: 'NSA', controlID: 'c-0013'}],
      },
    ];
    expect(importExceptions(JSON.stringify(peer), 'f', '2027-05-23')).toEqual([
      {
        controls: ['C-0013'],
        namespace: 'kube-*',
        reason: 'Taken over from exclude-kube-system.',
        until: '2027-05-23',
      },
    ]);
    expect(() => importExceptions('{', 'f', 'never')).toThrow('f is not JSON');
  });
});
