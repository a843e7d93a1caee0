import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asArray, asObject, asString, type Json} from '../src/engine/json.ts';
import {describe, type Resource} from '../src/engine/objects.ts';
import {podTemplate, templatePath, WORKLOADS} from '../src/engine/pod-spec.ts';
import {manualFix} from './shared/manual.ts';
import {isolationOf, policyKinds} from './shared/network.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'pod-isolation',
  title: 'Pods isolated in both directions',
  practice: 'network-policies',
  baseScore: 5,
  needs: [...WORKLOADS, ...policyKinds],
  messages: {
    ingress:
      'Everybody may talk to the pods of {object}: {found}. Make a policy that names who may, and on which port.',
    egress:
      'The pods of {object} may talk to everybody, also outside: {found}. Make a policy that names DNS and what they call.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Network policies',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
} satisfies ControlMeta;

/** A rule for every address on every port: as open as one without any peer. */
function letsEveryAddressPass(rule: Json): boolean {
  const {from, to, ports} = asObject(rule);
  const blocks = [...asArray(from), ...asArray(to)].map((peer) => asObject(asObject(peer).ipBlock));
  return (
    asArray(ports).length === 0 &&
    blocks.some(
      ({cidr, except}) => /^(0\.0\.0\.0|::)\/0$/.test(asString(cidr)) && asArray(except).length === 0,
    )
  );
}

/** Of the policies that select a pod, those that open a direction altogether. */
const openers = (policies: readonly Resource[], direction: 'ingress' | 'egress'): readonly Resource[] =>
  policies.filter(
    ({kind, object}) =>
      kind === 'NetworkPolicy' && asArray(asObject(object.spec)[direction]).some(letsEveryAddressPass),
  );

export const podIsolation = defineControl({
  meta,
  ...overWorkloads,
  // No policy holds on the network of the node, and kube-system has to start before any is there.
  counts: (resource) =>
    overWorkloads.counts(resource) &&
    resource.namespace !== 'kube-system' &&
    podTemplate(resource).spec.hostNetwork !== true,
  *check(resource, view) {
    const isolation = isolationOf(resource, view);
    const path = [...templatePath(resource.kind), 'metadata', 'labels'];
    for (const direction of ['ingress', 'egress'] as const) {
      const wide = openers(isolation.policies, direction);
      if (isolation[direction] === 'restricted' && wide.length === 0) continue;
      const open = (wide.length > 0 ? wide : isolation.policies).map(({name}) => name).join(', ');
      const found =
        isolation[direction] === 'none' ? `no policy for ${direction}` : `${open} lets everything pass`;
      yield {message: direction, path: [...path, direction], found, data: {object: describe(resource)}};
    }
  },
  fixes: (failures) =>
    failures.values().map(({resource}) => {
      const space = resource.namespace || 'default';
      return manualFix(meta, resource.key, {
        approach: 'deny all, then let through what is needed',
        summary: 'denies both directions for the namespace, and lets through what its pods need',
        scope: 'namespace',
        steps: [
          `Where no policy selects the pods at all, the fixes of C-0030 make both directions for ${describe(resource)}, from its Services and configuration: apply them first.`,
          'Where one lets everything pass, take its empty rules ({}) and its blocks of 0.0.0.0/0 out, or give these ports and exceptions: rules of all policies add up.',
          `Where one direction is missing, deny it for the namespace, with DNS: kubectl -n ${space} create -f - with podSelector {}, policyTypes [Ingress, Egress], and egress to port 53 of kube-system; then one policy for each need.`,
          `Verify: kubectl -n ${space} exec POD -- wget -T 2 -qO- http://1.1.1.1 fails, and what it needs still works.`,
        ],
      });
    }),
});
