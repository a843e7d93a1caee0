import {describe, expect, it} from 'vitest';
import {auditPolicy} from '../../controls/audit-policy.ts';
import {c0067} from '../../controls/c-0067.ts';
import {auditPolicy as written} from '../../controls/shared/audit-policy.ts';
import {lintAuditPolicy, parseAuditPolicy} from '../../src/engine/audit-policy.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import {nodeFileResource} from '../../src/engine/node-file.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {lessonOf} from '../helpers/lessons.ts';
import {frameworkOf, inventoryOf, parseObjects, testControl} from '../helpers/test-control.ts';
import {apiServer} from './api-server.ts';

const policy = (rules: string, more = ''): string =>
  `apiVersion: audit.k8s.io/v1\nkind: Policy\n${more}rules: ${rules}\n`;
const system = "{level: None, users: ['system:kube-proxy'], verbs: [watch]}";
const secrets =
  "{level: Metadata, resources: [{group: '', resources: [secrets, configmaps, serviceaccounts/token]}, {group: authentication.k8s.io}]}";
const rest = '{level: Metadata}';
const file = (yaml: string) =>
  parseObjects(yaml).map((object) => nodeFileResource('cp', '/etc/kubernetes/audit/policy.yaml', object));
const at = 'NodeFile/cp/etc/kubernetes/audit/policy.yaml';
const approaches = ['order the rules'];

testControl(auditPolicy, [
  {
    name: 'passes with secrets as Metadata, and everything else behind them',
    objects: '',
    more: file(
      policy(`[${system}, ${secrets}, {level: RequestResponse, verbs: [create, update, patch]}, ${rest}]`),
    ),
    counted: 1,
    findings: [],
  },
  {
    name: 'fails where everything is written with its content',
    objects: '',
    more: file(policy('[{level: RequestResponse}]')),
    findings: [`${at} rules[0].level: RequestResponse`],
  },
  {
    name: 'fails where writes of secrets are kept as requests',
    objects: '',
    more: file(
      policy("[{level: Request, resources: [{group: '', resources: [secrets]}]}, {level: Metadata}]"),
    ),
    findings: [`${at} rules[0].level: Request`],
  },
  {
    name: 'passes where only reads are kept as requests, which carry nothing',
    objects: '',
    more: file(policy('[{level: Request, verbs: [get, list]}, {level: Metadata}]')),
    findings: [],
  },
  {
    name: 'fails where a broad rule comes before the one for secrets',
    objects: '',
    more: file(policy(`[{level: Request, verbs: [create, update]}, ${secrets}, ${rest}]`)),
    findings: [`${at} rules[0].level: Request`],
  },
  {
    name: 'fails where a rule is never reached',
    objects: '',
    more: file(policy(`[${secrets}, ${rest}, {level: Request, resources: [{group: apps}]}]`)),
    findings: [`${at} rules[2]: Request`],
    manual: approaches,
  },
  {
    name: 'fails without a rule for everything else',
    objects: '',
    more: file(policy(`[${secrets}]`)),
    findings: [`${at} rules: 1 rule`],
  },
  {
    name: 'fails where secrets are left out',
    objects: '',
    more: file(policy("[{level: None, resources: [{group: '', resources: [secrets]}]}, {level: Metadata}]")),
    findings: [`${at} rules[0].level: None`],
  },
  {
    name: 'passes where a part of the system alone is left out',
    objects: '',
    more: file(policy(`[{level: None, userGroups: ['system:nodes']}, ${rest}]`)),
    findings: [],
  },
  {
    name: 'fails where all who signed in are left out',
    objects: '',
    more: file(policy(`[{level: None, userGroups: ['system:authenticated']}, ${rest}]`)),
    findings: [`${at} rules[0].level: None`],
  },
  {
    name: 'fails where the outcome is left out',
    objects: '',
    more: file(policy(`[${rest}]`, 'omitStages: [RequestReceived, ResponseComplete]\n')),
    findings: [`${at} omitStages: ResponseComplete`],
  },
  {
    name: 'fails with a level that is none, and without rules',
    objects: '',
    more: [...file(policy('[{level: Everything}]'))],
    findings: [`${at} rules[0].level: Everything`],
    manual: approaches,
  },
  {
    name: 'is repaired where it stands in a file',
    objects: policy(
      "[{level: RequestResponse, resources: [{group: '', resources: [configmaps]}]}, {level: Request}]",
    ),
    findings: ['Policy// rules[0].level: RequestResponse', 'Policy// rules[1].level: Request'],
    fixed: [
      {
        approach: 'rules first and last',
        objects: policy(
          "[{level: Metadata, resources: [{group: '', resources: [secrets, configmaps]}, {group: authentication.k8s.io, resources: [tokenreviews]}]}, {level: Request}]",
        ),
      },
    ],
    manual: approaches,
  },
  {
    name: 'fails in a ConfigMap, which is edited by hand',
    objects: `
apiVersion: v1
kind: ConfigMap
metadata: {name: audit, namespace: kube-system}
data:
  policy.yaml: |
    apiVersion: audit.k8s.io/v1
    kind: Policy
    rules: [{level: RequestResponse}]
`,
    findings: ['ConfigMap/kube-system/audit data["policy.yaml"].rules[0].level: RequestResponse'],
    manual: approaches,
  },
  {
    name: 'fails with labels and names that claim it',
    objects: policy(
      '[{level: RequestResponse}]',
      'metadata: {name: metadata-only, labels: {audit: hardened}}\n',
    ),
    findings: ['Policy//metadata-only rules[0].level: RequestResponse'],
  },
  {
    name: 'is not evaluated where none is seen',
    objects: 'apiVersion: kyverno.io/v1\nkind: Policy\nmetadata: {name: audit, namespace: shop}',
    findings: [],
    notEvaluated:
      'No audit policy is seen: it is a file of the control-plane node, and the API shows only its name. Give kubekata the file: kubekata scan --framework kubekata --manifests POLICY.yaml. Without any, see C-0067.',
  },
]);

describe('the policies that kubekata itself hands out', () => {
  it('are written by the fix of C-0067, as file and as steps, without a finding', () => {
    expect(lintAuditPolicy(written)).toEqual([]);
    const flags = apiServer(['--profiling=false']);
    const inventory = inventoryOf(flags);
    const control: AnyControl = c0067;
    const {failures} = new Scanner(frameworkOf(control), inventory).scan().controls[0]!;
    const [fix] = [...control.fixes(failures, inventory)];
    const text = /printf '(apiVersion[^']*)'/.exec(fix?.steps?.join('\n') ?? '')?.[1] ?? '';
    expect(parseAuditPolicy(text.replaceAll('\\n', '\n'))).toEqual(written);
  });

  it('stand in the lesson without a finding', () => {
    const policy = parseAuditPolicy(lessonOf('logging').after.code.text);
    expect(policy && lintAuditPolicy(policy)).toEqual([]);
  });
});
