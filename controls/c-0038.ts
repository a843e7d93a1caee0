import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {describe} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {remove, workloadFix} from './shared/fix.ts';
import {overWorkloads} from './shared/workload.ts';

const fields = ['hostPID', 'hostIPC'] as const;

const meta = {
  id: 'C-0038',
  title: 'Host PID/IPC privileges',
  practice: 'pod-security-enforcement',
  baseScore: 7,
  needs: WORKLOADS,
  messages: {
    hostPID:
      '{object} sees, and may signal, every process of its node, with their arguments and environment: hostPID is true. Take it away.',
    hostIPC:
      '{object} shares memory and queues with the processes of its node: hostIPC is true. Take it away.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Pod security enforcement',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
} satisfies ControlMeta;

export const c0038 = defineControl({
  meta,
  ...overWorkloads,
  keep: fields.map((field) => ({
    expression: `variables.pod.?${field}.orValue(false) == false`,
    message: `Take ${field} away: the pod is not to see the node's own.`,
  })),
  *check(resource) {
    const {spec, path} = podTemplate(resource);
    for (const field of fields) {
      if (spec[field] !== true) continue;
      yield {message: field, path: [...path, field], found: 'true', data: {object: describe(resource)}};
    }
  },
  fixes: (failures) =>
    failures.map((failure) =>
      workloadFix(meta, failure, {
        approach: 'at the workload',
        summary: 'takes it away, restarts its pods',
        kind: 'review',
        edits: failure.findings.map(({path}) => remove(path)),
        consequence: `${describe(failure.resource)} sees its own processes and memory only: what it did to those of the node fails.`,
      }),
    ),
});
