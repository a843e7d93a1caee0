import {type AnyControl, defineControl, type Framework, findingId} from '../../src/engine/control.ts';
import {refOf} from '../../src/engine/objects.ts';
import {lessonOf} from '../helpers/lessons.ts';
import {parseObjects} from '../helpers/test-control.ts';

const field = 'automountServiceAccountToken';

/** A control over ServiceAccounts whose fix is automatic, and one by review for those of the system. */
const tokens = defineControl({
  meta: {
    id: 'T-0001',
    title: 'Tokens that nobody needs',
    practice: 'service-account-tokens',
    baseScore: 5,
    needs: ['ServiceAccount'],
    messages: {given: '{found} at the account.'},
    references: [],
  },
  kinds: ['ServiceAccount'],
  *check({object}) {
    if (object[field] !== false)
      yield {message: 'given', path: [field], found: String(object[field] ?? 'not set')};
  },
  fixes: (failures) =>
    failures.map(({resource, findings}) => ({
      approach: 'at the ServiceAccount',
      summary: 'sets it to false, restarts nothing',
      kind: resource.namespace === 'kube-system' ? 'review' : 'automatic',
      scope: 'object',
      consequence: 'What calls the API with this token no longer can.',
      change: {
        id: resource.id,
        steps: [
          {do: 'edit', object: refOf(resource), edits: [{op: 'set', path: [field], value: {json: false}}]},
        ],
      },
      clears: findings.map((finding) => findingId('T-0001', resource, finding)),
      asks: [],
    })),
});

const question = {
  id: 'replicas',
  label: 'CPU limit',
  type: 'quantity',
  suggestion: '500m',
  reason: 'largest use 310m and half again',
} as const;

/** A control over Namespaces whose fix makes an object with a value that is asked for. */
const limits = defineControl({
  meta: {
    id: 'T-0002',
    title: 'Namespaces without limits',
    practice: 'resource-policies',
    baseScore: 2,
    needs: ['Namespace', 'LimitRange'],
    messages: {none: 'No LimitRange.'},
    references: [],
  },
  kinds: ['Namespace'],
  *check({name}, view) {
    if (view.list('LimitRange', name).length === 0)
      yield {message: 'none', path: ['metadata'], found: 'not set'};
  },
  fixes: (failures) =>
    failures.map(({resource, findings}) => ({
      approach: 'limits for the namespace',
      summary: 'gives containers without limits a default',
      kind: 'review',
      scope: 'namespace',
      consequence: 'Containers above the limit are slowed.',
      change: {
        id: resource.id,
        steps: [
          {
            do: 'create',
            id: `limits ${resource.name}`,
            object: {
              base: {
                apiVersion: 'v1',
                kind: 'LimitRange',
                metadata: {name: 'limits', namespace: resource.name},
              },
              edits: [
                {
                  op: 'set',
                  path: ['spec'],
                  value: {json: {limits: [{type: 'Container', default: {}}]}},
                },
                {op: 'set', path: ['spec', 'limits', 0, 'default', 'cpu'], value: {ask: question}},
              ],
            },
          },
        ],
      },
      clears: findings.map((finding) => findingId('T-0002', resource, finding)),
      asks: [question],
    })),
});

const entry = (control: AnyControl) => ({
  id: control.meta.id,
  title: control.meta.title,
  baseScore: control.meta.baseScore,
  control,
});

export const frameworks: readonly Framework[] = [
  {
    id: 'two',
    title: 'Two controls',
    scoring: 'sum',
    entries: [entry(tokens), entry(limits)],
    excuses: () => undefined,
  },
  {id: 'one', title: 'One control', scoring: 'mean', entries: [entry(tokens)], excuses: () => undefined},
];

export const objects = parseObjects(`
apiVersion: v1
kind: Namespace
metadata: {name: home}
---
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: backend, namespace: home}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: frontend, namespace: home}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: coredns, namespace: kube-system}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: quiet, namespace: home}
automountServiceAccountToken: false
`);

export const lessonIds = ['service-account-tokens', 'resource-policies'];
export const lesson = async (id: string) => lessonOf(id);
