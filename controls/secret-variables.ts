import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asArray, asObject, asString} from '../src/engine/json.ts';
import {describe} from '../src/engine/objects.ts';
import {element} from '../src/engine/path.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {manualFix} from './shared/manual.ts';
import {inContainer, overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'secret-variables',
  title: 'Secrets as environment variables',
  practice: 'secrets',
  baseScore: 3,
  needs: WORKLOADS,
  messages: {
    variable:
      'Container {container} of {object} gets Secret {found} as environment variables: every child process has them, crash reports and /proc show them, and a rotation needs a restart. Mount it as files.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Secrets',
    'https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets',
  ],
} satisfies ControlMeta;

export const secretVariables = defineControl({
  meta,
  ...overWorkloads,
  *check(resource) {
    for (const container of podTemplate(resource).containers) {
      for (const item of asArray(container.spec.env)) {
        const {name, valueFrom} = asObject(item);
        const secret = asObject(asObject(valueFrom).secretKeyRef).name;
        if (secret === undefined) continue;
        const field = ['env', element('name', asString(name)), 'valueFrom', 'secretKeyRef'];
        yield inContainer('variable', resource, container, field, secret);
      }
      for (const [index, item] of asArray(container.spec.envFrom).entries()) {
        const secret = asObject(asObject(item).secretRef).name;
        if (secret === undefined) continue;
        yield inContainer('variable', resource, container, ['envFrom', index, 'secretRef'], secret);
      }
    }
  },
  fixes: (failures) =>
    failures.map(({resource, findings}) => {
      const secrets = [...new Set(findings.map(({found}) => found))].join(', ');
      const space = resource.namespace || 'default';
      return manualFix(meta, resource.key, {
        approach: 'as files',
        summary: 'mounts the Secret, and the program reads the file',
        steps: [
          `See whether the program can read a file: many take NAME_FILE beside NAME. Where it can't, accept this with that reason.`,
          `In the source of ${describe(resource)}, add a volume {name: secrets, secret: {secretName: ...}} for ${secrets} with defaultMode 0400, mount it readOnly, and name the file instead of the variable.`,
          'Take env.valueFrom.secretKeyRef and envFrom.secretRef out.',
          `Verify: kubectl -n ${space} get ${resource.kind.toLowerCase()} ${resource.name} -o yaml | grep -c -E 'secretKeyRef|secretRef' prints 0, and its pods are ready.`,
        ],
      });
    }),
});
