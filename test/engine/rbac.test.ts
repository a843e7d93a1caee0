import {describe, expect, it} from 'vitest';
import {covers, matching, rulesOf} from '../../src/engine/rbac.ts';
import {parseObjects} from '../helpers/test-control.ts';

const rules = (yaml: string) => rulesOf({rules: parseObjects(`rules: ${yaml}`)[0]!.rules!});
const covered = (wide: string, narrow: string) => covers(rules(wide), rules(narrow));
const everything = '[{apiGroups: ["*"], resources: ["*"], verbs: ["*"], nonResourceURLs: ["*"]}]';

describe('what a rule gives of a permission', () => {
  const exec = {verbs: ['create', '*'], apiGroups: ['', '*'], resources: ['pods/exec', '*']};

  it('is the words that match, of all three kinds', () => {
    const [rule] = rules('[{apiGroups: [""], resources: [pods, pods/exec], verbs: [get, create]}]');
    expect(matching(rule!, exec)).toEqual({verbs: ['create'], apiGroups: [''], resources: ['pods/exec']});
  });

  it('is nothing where one kind is missing', () => {
    const [rule] = rules('[{apiGroups: [apps], resources: [pods/exec], verbs: [create]}]');
    expect(matching(rule!, exec)).toBeUndefined();
  });
});

describe('a role that is narrower', () => {
  it('is covered, resource by resource, across rules', () => {
    expect(
      covered(
        '[{apiGroups: [""], resources: [pods], verbs: [get]}, {apiGroups: [""], resources: [secrets], verbs: ["*"]}]',
        '[{apiGroups: [""], resources: [pods, secrets], verbs: [get]}]',
      ),
    ).toBe(true);
  });

  it('is not covered by one verb, group or resource less', () => {
    const wide = '[{apiGroups: [""], resources: [pods], verbs: [get, list]}]';
    expect(covered(wide, '[{apiGroups: [""], resources: [pods], verbs: [watch]}]')).toBe(false);
    expect(covered(wide, '[{apiGroups: [apps], resources: [pods], verbs: [get]}]')).toBe(false);
    expect(covered(wide, '[{apiGroups: [""], resources: [pods/log], verbs: [get]}]')).toBe(false);
  });

  it('is covered by wildcards, a wildcard by nothing less', () => {
    expect(covered(everything, everything)).toBe(true);
    expect(
      covered(
        '[{apiGroups: [""], resources: ["*/log"], verbs: [get]}]',
        '[{apiGroups: [""], resources: [pods/log], verbs: [get]}]',
      ),
    ).toBe(true);
    expect(
      covered(
        '[{apiGroups: [""], resources: [pods], verbs: [get]}]',
        '[{apiGroups: [""], resources: ["*"], verbs: [get]}]',
      ),
    ).toBe(false);
  });

  it('may be kept to names, but names do not cover all', () => {
    const one = '[{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [a]}]';
    expect(covered('[{apiGroups: [""], resources: [secrets], verbs: [get]}]', one)).toBe(true);
    expect(covered(one, '[{apiGroups: [""], resources: [secrets], verbs: [get]}]')).toBe(false);
  });

  it('is compared by URL too', () => {
    expect(
      covered(
        '[{nonResourceURLs: ["/health*"], verbs: [get]}]',
        '[{nonResourceURLs: ["/healthz"], verbs: [get]}]',
      ),
    ).toBe(true);
    expect(
      covered(
        '[{nonResourceURLs: [/healthz], verbs: [get]}]',
        '[{nonResourceURLs: ["/health*"], verbs: [get]}]',
      ),
    ).toBe(false);
  });
});
