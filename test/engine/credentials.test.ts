import {describe, expect, it} from 'vitest';
import {isCredentialEntry, isCredentialVariable, redact, redacted} from '../../src/engine/credentials.ts';
import {deepFreeze} from '../../src/engine/json.ts';
import {parseObjects} from '../helpers/test-control.ts';

describe('a variable', () => {
  it.each([
    ['DB_PASSWORD', 'x'],
    ['apikey', 'x'],
    ['URL', 'https://user:AKIAABCDEFGHIJKLMNOP@host'],
    ['HEADER', 'bearer abc'],
  ])('%s=%s is a credential', (name, value) => expect(isCredentialVariable(name, value)).toBe(true));

  it.each([
    ['DB_HOST', 'db'],
    ['KEY_FILE', '/etc/key'],
    ['TOKEN', ''],
    ['PASSWORD', '$(OTHER)'],
  ])('%s=%s is none', (name, value) => expect(isCredentialVariable(name, value)).toBe(false));
});

describe('an entry of a ConfigMap', () => {
  it('is a credential by its key, its text in this case, or its text behind base64', () => {
    expect(isCredentialEntry('db.password', 'x')).toBe(true);
    expect(isCredentialEntry('notes', 'Bearer abc')).toBe(true);
    expect(isCredentialEntry('notes', 'bearer abc')).toBe(false);
    expect(isCredentialEntry('blob', Buffer.from('-- PRIVATE KEY --').toString('base64'))).toBe(true);
    expect(isCredentialEntry('mode', 'fast')).toBe(false);
  });
});

describe('redact', () => {
  it('hides what a Secret holds, also in a list', () => {
    const [list] = parseObjects(`
kind: List
items:
- {kind: Secret, metadata: {name: s}, data: {a: YWJj}, stringData: {b: plain}}
- {kind: ConfigMap, data: {a: YWJj, token: abcdef}}
`);
    expect(redact(list!)).toEqual(
      parseObjects(`
kind: List
items:
- {kind: Secret, metadata: {name: s}, data: {a: "*** (4 chars)"}, stringData: {b: "*** (5 chars)"}}
- {kind: ConfigMap, data: {a: YWJj, token: "*** (6 chars)"}}
`)[0],
    );
  });

  it('hides variables, keys of an encryption configuration, and a last-applied configuration that holds one', () => {
    const applied = JSON.stringify({
      kind: 'Pod',
      spec: {containers: [{env: [{name: 'TOKEN', value: 'abc'}]}]},
    });
    const pod = {
      kind: 'Pod',
      metadata: {annotations: {'kubectl.kubernetes.io/last-applied-configuration': applied}},
      spec: {
        containers: [
          {
            name: 'c',
            env: [
              {name: 'TOKEN', value: 'abc'},
              {name: 'MODE', value: 'fast'},
            ],
          },
        ],
      },
    };
    expect(JSON.stringify(redact(pod))).not.toContain('abc');
    expect(redact(pod).spec.containers[0]!.env[1]).toBe(pod.spec.containers[0]!.env[1]);
    const encryption = {
      kind: 'EncryptionConfiguration',
      resources: [{resources: ['secrets'], providers: [{aescbc: {keys: [{name: 'a', secret: 'c2VjcmV0'}]}}]}],
    };
    expect(JSON.stringify(redact(encryption))).toContain('"secret":"*** (8 chars)"');
    expect(JSON.stringify(redact(encryption))).toContain('"resources":["secrets"]');
  });

  it('returns the same object where there is nothing to hide, and changes none', () => {
    const pod = deepFreeze({
      kind: 'Pod',
      spec: {containers: [{name: 'c', env: [{name: 'MODE', value: 'fast'}]}]},
    });
    expect(redact(pod)).toBe(pod);
  });

  it('counts characters, not bytes', () => expect(redacted('pässwörd')).toBe('*** (8 chars)'));
});
