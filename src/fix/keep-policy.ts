import type {AdmissionRule} from '../engine/admission-rule.ts';
import type {Edit, Fix, Question, Step} from '../engine/change.ts';
import type {FrameworkEntry, View} from '../engine/control.ts';
import {asArray, asObject, asString, equal, type JsonObject} from '../engine/json.ts';
import {describe, type Resource, refOf} from '../engine/objects.ts';
import {WORKLOADS} from '../engine/pod-spec.ts';

const group = 'admissionregistration.k8s.io';
const nameLabel = 'kubernetes.io/metadata.name';

/** What the API server is to do with an object that fails: also noted in the audit log in either case. */
export const policyActions = ['Warn', 'Deny'] as const;

/** Name of the policy, and of its binding, that keep a control. */
export const policyName = (id: string): string => `kubekata-${id.toLowerCase()}`;

/**
 * A ValidatingAdmissionPolicy that keeps new objects from failing a control, bound to the namespaces in which nothing
 * fails it now. Undefined where the control can't be told to the API server, or where no namespace is to be added.
 */
export function policyFix({id, control}: FrameworkEntry, view: View): Fix | undefined {
  const {keep} = control;
  if (keep === undefined) return undefined;
  const namespaces = meeting(control, view);
  const name = policyName(id);
  const policy = view.get('ValidatingAdmissionPolicy', '', name);
  const binding = view.get('ValidatingAdmissionPolicyBinding', '', name);
  const bound = binding === undefined ? [] : boundTo(binding);
  const added = namespaces.filter((one) => !bound.includes(one));
  if (added.length === 0) return undefined;
  const values = [...new Set([...bound, ...added])].sort();
  const ask = question(name);
  const steps: readonly Step[] = [
    ...policySteps(policy, name, `${id} ${control.meta.title}`, keep),
    bindingStep(binding, name, values, ask),
  ];
  const where = added.length > 3 ? `${added.length} namespaces` : `namespace ${listed(added)}`;
  return {
    approach: 'keep it so by a policy',
    summary: `warns of, or refuses, what would fail ${id} in ${where}`,
    kind: 'review',
    scope: 'cluster',
    change: {id: `${id} keep it so`, steps},
    clears: [],
    asks: [ask],
    consequence: `Nothing that runs in ${where} fails ${id} now. With Deny, whoever applies what does is refused; with Warn, told so. What something starts now and then, and nobody sees today, counts as well.`,
  };
}

/** The namespaces of a fix of `policyFix`, as a person reads them: `home`, `5 namespaces`. */
export function policySpaces(fix: Fix): string {
  for (const step of fix.change.steps) {
    const edits = step.do === 'create' ? (step.object.edits ?? []) : 'edits' in step ? step.edits : [];
    for (const edit of edits) {
      if (edit.op !== 'set' || !('json' in edit.value) || !equal(edit.path, valuesPath)) continue;
      const names = asArray(edit.value.json).map(asString);
      return names.length > 1 ? `${names.length} namespaces` : listed(names);
    }
  }
  return '';
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Namespaces in which something is judged and nothing fails, accepted or not. The system's own is left alone. */
function meeting(control: FrameworkEntry['control'], view: View): readonly string[] {
  const counted = new Set<string>();
  const failing = new Set<string>();
  for (const kind of control.kinds) {
    for (const resource of view.list(kind)) {
      if (control.counts && !control.counts(resource, view)) continue;
      const {namespace} = resource;
      if (isWorkload(kind)) counted.add(namespace);
      for (const _ of control.check(resource, view)) {
        failing.add(namespace);
        break;
      }
    }
  }
  return [...counted].filter((name) => name !== '' && !name.startsWith('kube-') && !failing.has(name)).sort();
}

const isWorkload = (kind: string): boolean => (WORKLOADS as readonly string[]).includes(kind);

const boundTo = ({object}: Resource): readonly string[] =>
  asArray(asObject(asObject(asObject(object.spec).matchResources).namespaceSelector).matchExpressions)
    .map(asObject)
    .filter(({key, operator}) => key === nameLabel && operator === 'In')
    .flatMap(({values}) => asArray(values).map(asString));

const question = (name: string): Question => ({
  id: `${name} action`,
  label: 'what it does',
  type: 'choice',
  choices: policyActions,
  suggestion: 'Warn',
  reason: 'Warn tells whoever applies it, Deny refuses it; the audit log notes both',
});

function policySteps(
  existing: Resource | undefined,
  name: string,
  title: string,
  rule: AdmissionRule,
): readonly Step[] {
  const spec = policySpec(rule);
  if (existing === undefined) {
    const base = {
      apiVersion: `${group}/v1`,
      kind: 'ValidatingAdmissionPolicy',
      metadata: {name, annotations: {'kubekata.io/keeps': title}},
      spec,
    };
    return [{do: 'create', id: describe({kind: base.kind, namespace: '', name}), object: {base}}];
  }
  const now = asObject(existing.object.spec);
  const edits = Object.entries(spec).flatMap(([field, json]): readonly Edit[] =>
    equal(now[field], json) ? [] : [{op: 'set', path: ['spec', field], value: {json}}],
  );
  return edits.length === 0 ? [] : [{do: 'edit', object: refOf(existing), edits}];
}

const valuesPath = ['spec', 'matchResources', 'namespaceSelector', 'matchExpressions', 0, 'values'] as const;

function bindingStep(
  existing: Resource | undefined,
  name: string,
  namespaces: readonly string[],
  ask: Question,
): Step {
  const edits: readonly Edit[] = [
    {op: 'set', path: valuesPath, value: {json: namespaces}},
    {op: 'set', path: ['spec', 'validationActions', 0], value: {ask}},
  ];
  if (existing) return {do: 'edit', object: refOf(existing), edits};
  const kind = 'ValidatingAdmissionPolicyBinding';
  const base = {
    apiVersion: `${group}/v1`,
    kind,
    metadata: {name},
    spec: {
      policyName: name,
      validationActions: ['Warn', 'Audit'],
      matchResources: {namespaceSelector: {matchExpressions: [{key: nameLabel, operator: 'In', values: []}]}},
    },
  };
  return {do: 'create', id: describe({kind, namespace: '', name}), object: {base, edits}};
}

const resourceRule = (apiGroup: string, resources: readonly string[], operations: readonly string[]) => ({
  apiGroups: [apiGroup],
  apiVersions: ['v1'],
  operations,
  resources,
  scope: '*',
});

/**
 * Workloads are judged when they are made or changed, pods when they are made: so a pod that was there before is neither
 * kept from being changed nor from going. What another workload owns is judged there: the ReplicaSet of a Deployment's
 * last version may fail, and must still be scaled down.
 */
function policySpec(rule: AdmissionRule): JsonObject {
  const both = ['CREATE', 'UPDATE'];
  return {
    failurePolicy: 'Fail',
    // Also what the server would fill in: an unchanged policy is to be told from a changed one.
    matchConstraints: {
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      resourceRules: [
        resourceRule('', ['pods'], ['CREATE']),
        resourceRule('', ['pods/ephemeralcontainers'], ['UPDATE']),
        resourceRule('apps', ['deployments', 'replicasets', 'statefulsets', 'daemonsets'], both),
        resourceRule('batch', ['jobs', 'cronjobs'], both),
      ],
    },
    matchConditions: [
      {name: 'not-going', expression: '!has(object.metadata.deletionTimestamp)'},
      {
        name: 'judged-here',
        expression:
          "request.resource.resource == 'pods' || !object.metadata.?ownerReferences.orValue([]).exists(owner, owner.?controller.orValue(false))",
      },
    ],
    variables: [
      {
        name: 'pod',
        expression:
          'dyn(object).spec.?jobTemplate.?spec.?template.?spec.orValue(dyn(object).spec.?template.?spec.orValue(dyn(object).spec))',
      },
      {name: 'own', expression: 'variables.pod.?containers.orValue([])'},
      {name: 'lasting', expression: 'variables.own + variables.pod.?initContainers.orValue([])'},
      {
        name: 'containers',
        expression: 'variables.lasting + variables.pod.?ephemeralContainers.orValue([])',
      },
      {
        name: 'linux',
        expression:
          "variables.pod.?os.?name.orValue('') != 'windows' && variables.pod.?nodeSelector[?'kubernetes.io/os'].orValue('') != 'windows'",
      },
    ],
    validations: rule.map(({expression, message}) => ({expression, message})),
  };
}
