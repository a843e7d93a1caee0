import {describe, expect, it} from 'vitest';
import {c0012} from '../../controls/c-0012.ts';
import type {Fix} from '../../src/engine/change.ts';
import {Inventory} from '../../src/engine/inventory.ts';
import {resourceOf} from '../../src/engine/objects.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {frameworkOf, parseObjects, testControl} from '../helpers/test-control.ts';

const deployment = (spec: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: ${spec}}}
`;
const key = '{name: API_KEY, value: s3cr3t}';

testControl(c0012, [
  {
    name: 'fails for a literal value under a telling name, and moves it to a Secret',
    objects: deployment(`{containers: [{name: web, env: [{name: MODE, value: fast}, ${key}]}]}`),
    counted: 1,
    findings: ['Deployment/shop/web spec.template.spec.containers[0].env[1].value: *** (6 chars)'],
    fixed: [
      {
        approach: 'to a Secret',
        objects: `
apiVersion: v1
kind: Secret
metadata: {name: web-credentials, namespace: shop}
type: Opaque
data: {API_KEY: czNjcjN0}
---
${deployment('{containers: [{name: web, env: [{name: MODE, value: fast}, {name: API_KEY, valueFrom: {secretKeyRef: {name: web-credentials, key: API_KEY}}}]}]}')}`,
        leaves: [],
      },
    ],
  },
  {
    name: 'fails by the value alone, in any case, and in an init container',
    objects: deployment(
      `{containers: [{name: web}], initContainers: [{name: init, env: [{name: HEADER, value: "Authorization: bearer abc"}]}]}`,
    ),
    findings: ['Deployment/shop/web spec.template.spec.initContainers[0].env[0].value: *** (25 chars)'],
  },
  {
    name: 'passes for a path, a reference, an empty value and a value from a Secret',
    objects: deployment(
      '{containers: [{name: web, env: [{name: KEY_FILE, value: /etc/key}, {name: TOKEN, value: ""}, {name: PASSWORD, value: $(OTHER)}, {name: PWD_FROM, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}',
    ),
    counted: 1,
    findings: [],
  },
  {
    name: 'passes for all variables of a Secret, which is where credentials belong',
    objects: deployment(
      '{containers: [{name: web, envFrom: [{secretRef: {name: s}}]}], initContainers: [{name: init, envFrom: [{secretRef: {name: s}}]}]}',
    ),
    counted: 1,
    findings: [],
  },
  {
    name: 'keeps two values of one name apart, and takes a name that is free',
    objects: `${deployment(`{containers: [{name: a, env: [{name: TOKEN, value: one}]}, {name: b, env: [{name: TOKEN, value: two}]}]}`)}---
apiVersion: v1
kind: Secret
metadata: {name: web-credentials, namespace: shop}
`,
    findings: [
      'Deployment/shop/web spec.template.spec.containers[0].env[0].value: *** (3 chars)',
      'Deployment/shop/web spec.template.spec.containers[1].env[0].value: *** (3 chars)',
    ],
    fixed: [
      {
        approach: 'to a Secret',
        objects: `
apiVersion: v1
kind: Secret
metadata: {name: web-credentials-2, namespace: shop}
type: Opaque
data: {a.TOKEN: b25l, b.TOKEN: dHdv}
---
${deployment('{containers: [{name: a, env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: web-credentials-2, key: a.TOKEN}}}]}, {name: b, env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: web-credentials-2, key: b.TOKEN}}}]}]}')}`,
      },
    ],
  },
  {
    name: 'leaves a text that is put together to the hand, because a Secret would not be',
    objects: deployment(
      '{containers: [{name: web, env: [{name: DB_PASSWORD_URL, value: "pg://u:$(PASS)@db"}]}]}',
    ),
    findings: ['Deployment/shop/web spec.template.spec.containers[0].env[0].value: *** (17 chars)'],
    manual: ['put together from a Secret'],
  },
  {
    name: 'recreates a Pod, which can not be changed',
    objects: `
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec: {containers: [{name: c, env: [${key}]}]}
`,
    findings: ['Pod/shop/p spec.containers[0].env[0].value: *** (6 chars)'],
    fixed: [
      {
        approach: 'to a Secret',
        objects: `
apiVersion: v1
kind: Secret
metadata: {name: p-credentials, namespace: shop}
type: Opaque
data: {API_KEY: czNjcjN0}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec: {containers: [{name: c, env: [{name: API_KEY, valueFrom: {secretKeyRef: {name: p-credentials, key: API_KEY}}}]}]}
`,
      },
    ],
  },
  {
    name: 'fails for an entry of a ConfigMap by its key, its text, or its text behind base64; by hand only',
    objects: `
apiVersion: v1
kind: ConfigMap
metadata: {name: cm, namespace: shop}
data: {db.password: x, notes: "AKIAABCDEFGHIJKLMNOP", blob: LS0tIFBSSVZBVEUgS0VZIC0tLS0t, mode: bearer}
`,
    counted: 1,
    findings: [
      'ConfigMap/shop/cm data["db.password"]: *** (1 chars)',
      'ConfigMap/shop/cm data.notes: *** (20 chars)',
      'ConfigMap/shop/cm data.blob: *** (28 chars)',
    ],
    manual: ['out of the ConfigMap'],
  },
]);

describe('C-0012 on disk', () => {
  const objects = parseObjects(deployment(`{containers: [{name: web, env: [${key}]}]}`));
  const inventory = new Inventory(
    objects.map((object) => resourceOf(object, 'web.yaml:1', 'Deployment/shop/web web.yaml#0')),
  );
  const failures = new Scanner(frameworkOf(c0012), inventory).scan().controls[0]!.failures;
  const fix = [...c0012.fixes(failures as Parameters<typeof c0012.fixes>[0], inventory)][0] as Fix;

  it('writes no Secret to a file, tells the command that makes it, and to rotate', () => {
    expect(fix.change.steps.map((step) => step.do)).toEqual(['edit']);
    expect(fix.steps?.[0]).toContain(
      'kubectl -n shop create secret generic web-credentials --from-file=API_KEY=/dev/stdin',
    );
    expect(fix.consequence).toContain('version control');
  });

  it('shows the value nowhere', () => {
    expect(JSON.stringify(fix)).not.toContain('s3cr3t');
    expect(JSON.stringify(failures.flatMap(({findings}) => findings))).not.toContain('s3cr3t');
  });
});
