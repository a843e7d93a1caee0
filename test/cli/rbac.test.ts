import {describe, expect, it} from 'vitest';
import {frameworks} from '../../controls/frameworks.ts';
import {type Rule, rulesFor} from '../../src/cli/rbac.ts';
import {groupOf, KINDS, kindInfo} from '../../src/engine/kinds.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {homeInventory} from '../helpers/home.ts';

const allows = (rules: readonly Rule[], verb: string, group: string, resource: string): boolean =>
  rules.some(
    (rule) =>
      'resources' in rule &&
      rule.apiGroups.includes(group) &&
      rule.resources.includes(resource) &&
      rule.verbs.includes(verb),
  );

describe('the role for a scan', () => {
  it('lists and watches every kind that controls read, and writes nothing', () => {
    const rules = rulesFor('scan');
    for (const {group, resource} of KINDS) {
      expect(allows(rules, 'list', group, resource), resource).toBe(true);
      expect(allows(rules, 'watch', group, resource), resource).toBe(true);
    }
    const verbs = new Set(rules.flatMap((rule) => rule.verbs));
    expect([...verbs].sort()).toEqual(['get', 'list', 'watch']);
    expect(
      rules.filter((rule) => rule.verbs.includes('get')).every((rule) => 'nonResourceURLs' in rule),
    ).toBe(true);
  });

  it('has no wildcard', () => {
    expect(JSON.stringify(rulesFor('fix'))).not.toContain('"*"');
  });
});

describe('the role for a fix', () => {
  it('covers each step of each fix of the practice cluster', () => {
    const rules = rulesFor('fix');
    const inventory = homeInventory();
    const needed = new Set<string>();
    for (const framework of Object.values(frameworks)) {
      for (const {entry, failures} of new Scanner(framework, inventory).scan().controls) {
        for (const {change} of failures.length > 0 ? [...entry.control.fixes(failures, inventory)] : []) {
          for (const step of change.steps) {
            if (step.do === 'file') continue;
            const {apiVersion, kind} = step.do === 'create' ? step.object.base : step.object;
            const verbs = {edit: ['get', 'patch'], create: ['create'], delete: ['delete']};
            const all = {...verbs, recreate: ['get', 'create', 'delete']}[step.do];
            for (const verb of all) needed.add([verb, groupOf(String(apiVersion)), kind].join(' '));
          }
        }
      }
    }
    expect(needed.size).toBeGreaterThan(20);
    for (const one of needed) {
      const [verb = '', group = '', kind = ''] = one.split(' ');
      expect(allows(rules, verb, group, kindInfo(kind)?.resource ?? kind), one).toBe(true);
    }
  });
});
