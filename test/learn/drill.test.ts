import {describe, expect, it} from 'vitest';
import {outsideOf, parseDrill, parseManifests} from '../../src/learn/drill.ts';

const text = `
title: A drill
competencies: [hardening/rbac]
difficulty: easy
minutes: 5
namespace: shop
task: Do it.
hints: [One, Two]
criteria:
  - id: first
    text: It is so.
    check:
      object: {apiVersion: v1, kind: Secret, namespace: shop, name: key}
      expect: [{path: type, equals: Opaque}]
  - id: second
    text: And so.
    check: {can: {serviceAccount: shop/web, verb: get, resource: pods, namespace: shop}, allowed: false}
`;

describe('drill.yaml', () => {
  it('is read', () => {
    const drill = parseDrill(text, 'a-drill');
    expect(drill).toMatchObject({id: 'a-drill', namespaces: ['shop'], onNodes: false, hints: ['One', 'Two']});
    expect(drill.criteria[1]?.check).toMatchObject({
      is: 'can',
      who: {user: 'system:serviceaccount:shop:web'},
      allowed: false,
    });
  });

  it.each([
    ['competencies: [hardening/rbac]', 'competencies: [hardening/all]', '3: hardening/all is no competency'],
    ['difficulty: easy', 'difficulty: simple', '4: difficulty has to be one of easy, medium, hard'],
    ['minutes: 5', 'minutes: five', '5: minutes has to be a number'],
    ['id: second', 'id: first', '10: Two criteria have the id first'],
    ['id: second', 'id: Second One', '15: The id Second One is not in kebab case'],
    ['resource: pods, ', '', '17: can needs a resource, or a path'],
    ['equals: Opaque', 'equal: Opaque', '14: equal is no key here'],
    ['      object:', '      thing:', '13: A check needs one of object, list'],
    ['task: Do it.', 'task: [', '8: '],
    ['hints: [One, Two]', 'hint: [One]', '8: hint is no key here'],
  ])('tells the line where %s became %s', (old, changed, message) => {
    expect(() => parseDrill(text.replace(old, changed), 'a-drill')).toThrow(`a-drill/drill.yaml:${message}`);
  });

  it('keeps a file below nodes/ and work/', () => {
    const check = (file: string) =>
      text.replace(/check: \{can.*/, `check: {file: ${file}, expect: [{contains: x}]}`);
    expect(() => parseDrill(check('work/../../x'), 'a-drill')).toThrow('A file stands below nodes/ or work/');
    expect(() => parseDrill(check('/etc/passwd'), 'a-drill')).toThrow('A file stands below nodes/ or work/');
    expect(parseDrill(check('work/x.txt'), 'a-drill').criteria[1]?.check).toMatchObject({is: 'file'});
  });

  it('knows what lies outside its namespaces, each once', () => {
    const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: wide}\n';
    const setup = parseManifests(`${role}---\n${role}`, 'setup.yaml');
    const drill = parseDrill(text, 'a-drill', 'a-drill', setup);
    expect(outsideOf(drill).map(({kind, name}) => `${kind}/${name}`)).toEqual(['ClusterRole/wide']);
  });

  it('tells the line of a manifest without a name', () => {
    expect(() =>
      parseManifests('kind: Pod\napiVersion: v1\nmetadata: {name: a}\n---\nkind: Pod\n', 's.yaml'),
    ).toThrow('s.yaml:5: an object needs');
    expect(parseManifests('', 's.yaml')).toEqual([]);
    expect(parseManifests('# nothing\n', 's.yaml')).toEqual([]);
  });
});
