import {
  type AuditProblem,
  isAuditPolicy,
  lintAuditPolicy,
  parseAuditPolicy,
  repairedAuditPolicy,
} from '../src/engine/audit-policy.ts';
import type {Edit, Fix, Step} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure} from '../src/engine/control.ts';
import {asArray, asObject, asString, equal, type JsonObject} from '../src/engine/json.ts';
import {filePathOf} from '../src/engine/node-file.ts';
import {describe, type Resource, refOf} from '../src/engine/objects.ts';
import type {Path} from '../src/engine/path.ts';
import {idsOf, set} from './shared/fix.ts';
import {manualFix} from './shared/manual.ts';
import {perList} from './shared/per-list.ts';

const meta = {
  id: 'audit-policy',
  title: 'Audit policy that records the right things',
  practice: 'logging',
  baseScore: 4,
  needs: ['audit policy'],
  messages: {
    leaks:
      'A rule of the audit policy in {place} writes {about} into the log with their content, its level is {found}: who reads the log has them. Let a rule before it record them as Metadata.',
    blind:
      'A rule of the audit policy in {place} records nothing of {about}, its level is {found}: who touches them leaves no trace. Let a rule before it record them as Metadata.',
    gap: 'The audit policy in {place} ({found}) has no rule for everything else: what none of them names is not recorded. End it with a rule of level Metadata and nothing else.',
    shadowed:
      'A rule of the audit policy in {place}, of level {found}, is never reached: rule {about} takes all of its requests before. Move it up.',
    outcome:
      'The audit policy in {place} leaves out stage {found}: whether a request was allowed is never written. Take it out of omitStages.',
    invalid:
      'The API server does not start with the audit policy in {place}: it has {found} where a rule with level None, Metadata, Request or RequestResponse has to be.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Logging',
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#audit-policy',
  ],
} satisfies ControlMeta;

type Found = {readonly policy: JsonObject; readonly at: Path};

/** The audit policies that an object is, or holds. */
function policiesIn({kind, object}: Resource): readonly Found[] {
  if (kind !== 'ConfigMap') return isAuditPolicy(object) ? [{policy: object, at: []}] : [];
  return Object.entries(asObject(object.data)).flatMap(([key, text]) => {
    const policy = parseAuditPolicy(asString(text));
    return policy === undefined ? [] : [{policy, at: ['data', key]}];
  });
}

/** Where it stands, as a person would look for it. */
const placeOf = (resource: Resource): string =>
  resource.kind === 'NodeFile'
    ? `${filePathOf(resource)} of node ${resource.namespace}`
    : resource.kind === 'Policy'
      ? resource.source
      : describe(resource);

/** Problems that more rules, or fewer stages, take away; the others need a person who knows what was meant. */
const isRepaired = ({problem}: AuditProblem): boolean => problem !== 'shadowed' && problem !== 'invalid';

export const auditPolicy = defineControl({
  meta,
  kinds: ['Policy', 'NodeFile', 'ConfigMap'],
  counts: (resource) => policiesIn(resource).length > 0,
  unavailable: (view) =>
    ['Policy', 'NodeFile', 'ConfigMap'].some((kind) =>
      perList(view, kind, 'audit policies', (list) => list.some((one) => policiesIn(one).length > 0)),
    )
      ? undefined
      : 'No audit policy is seen: it is a file of the control-plane node, and the API shows only its name. Give kubekata the file: kubekata scan --framework kubekata --manifests POLICY.yaml. Without any, see C-0067.',
  evidence: (resource) =>
    resource.kind === 'NodeFile'
      ? 'known from the file of the node: recorded, and read by the API server when it starts'
      : 'known from what was given: whether the API server reads it is not seen',
  *check(resource) {
    for (const {policy, at} of policiesIn(resource)) {
      for (const {problem, path, found, about} of lintAuditPolicy(policy)) {
        yield {message: problem, path: [...at, ...path], found, data: {place: placeOf(resource), about}};
      }
    }
  },
  fixes: (failures) => failures.flatMap((failure) => [...repair(failure), byHand(failure)]),
});

/** New rules before and behind those that are there, where a file of ours or of a node holds the policy alone. */
function repair(failure: Failure): readonly Fix[] {
  const {resource} = failure;
  const isFile = resource.kind === 'NodeFile' || resource.kind === 'Policy';
  if (!isFile || !lintAuditPolicy(resource.object).every(isRepaired)) return [];
  const {rules, omitStages} = repairedAuditPolicy(resource.object);
  const edits: readonly Edit[] = [
    ...(equal(asArray(resource.object.rules), rules) ? [] : [set(['rules'], rules)]),
    ...(equal(asArray(resource.object.omitStages), omitStages) ? [] : [set(['omitStages'], omitStages)]),
  ];
  const step: Step =
    resource.kind === 'NodeFile'
      ? {do: 'file', node: resource.namespace, file: filePathOf(resource), edits}
      : {do: 'edit', object: refOf(resource), edits};
  return [
    {
      approach: 'rules first and last',
      summary:
        'records what leaks or is left out as Metadata, before the other rules, and everything else at the end',
      kind: 'review',
      scope: 'cluster',
      change: {id: `${meta.id} rules ${resource.key}`, steps: [step]},
      clears: idsOf(meta, failure),
      asks: [],
      consequence:
        'The log grows by what was left out so far, and the API server reads the policy when it starts: comments between the rules are written anew, so keep a copy.',
    },
  ];
}

const byHand = ({resource}: Failure): Fix =>
  manualFix(meta, resource.key, {
    approach: 'order the rules',
    summary: 'rewrites the policy so that the first rule that takes a request is the one that was meant',
    scope: 'cluster',
    steps: [
      `Copy the policy of ${placeOf(resource)}, and order its rules: first None for what the system itself asks all the time (users system:kube-proxy, verbs watch; nonResourceURLs /healthz*, /livez*, /readyz*), then Metadata for secrets, configmaps, serviceaccounts/token and tokenreviews, then more for what you look into, last {level: Metadata} alone.`,
      'Put it on each control-plane node, where --audit-policy-file names it, and start the API server anew: a policy that it can not read keeps it from starting, so keep the copy at hand.',
      'Verify: kubectl create secret generic probe --from-literal=a=b && kubectl delete secret probe, and in the log of the node both are there without the value: tail -n 50 /var/log/kubernetes/audit/audit.log | grep probe',
    ],
  });
