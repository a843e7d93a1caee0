import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {describe} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {remove, workloadFix} from './shared/fix.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0041',
  title: 'HostNetwork access',
  practice: 'pod-security-enforcement',
  baseScore: 7,
  needs: WORKLOADS,
  messages: {
    hostNetwork:
      '{object} is on the network of its node: it reaches what listens there on localhost, and no network policy holds it. hostNetwork is true. Take it away.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Pod security enforcement',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
} satisfies ControlMeta;

export const c0041 = defineControl({
  meta,
  ...overWorkloads,
  keep: [
    {
      expression: 'variables.pod.?hostNetwork.orValue(false) == false',
      message: 'Take hostNetwork away, and reach the pod by a Service.',
    },
  ],
  *check(resource) {
    const {spec, path} = podTemplate(resource);
    if (spec.hostNetwork !== true) return;
    const data = {object: describe(resource)};
    yield {message: 'hostNetwork', path: [...path, 'hostNetwork'], found: 'true', data};
  },
  fixes: (failures) =>
    failures.map((failure) =>
      workloadFix(meta, failure, {
        approach: 'at the workload',
        summary: 'takes it away, its pods get an address of their own',
        kind: 'review',
        edits: failure.findings.map(({path}) => remove(path)),
        consequence: `${describe(failure.resource)} is no longer reached at the address of its node but by a Service, and reaches nothing on its localhost. What manages the network of nodes can't do without.`,
      }),
    ),
});
