import type {Fix} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {isCredentialEntry, redacted} from '../src/engine/credentials.ts';
import {asObject, asString} from '../src/engine/json.ts';
import {describe, type Resource} from '../src/engine/objects.ts';
import {WORKLOADS} from '../src/engine/pod-spec.ts';
import {credentialVariables, toSecret} from './shared/credential-variables.ts';
import {listIn, spaceOf} from './shared/namespaces.ts';
import {mentionsConfigMap} from './shared/references.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0012',
  title: 'Applications credentials in configuration files',
  practice: 'secrets',
  baseScore: 8,
  needs: [...WORKLOADS, 'ConfigMap'],
  messages: {
    variable:
      'Variable {name} of container {container} holds a credential in plain text, {found}: everyone who may read {object} has it. Move it to a Secret.',
    entry:
      'Key {name} of {object} looks like a credential, {found}: a ConfigMap is readable for nearly everyone in the namespace. Move it to a Secret, unless it is none.',
  },
  references: [
    'Kubernetes Hardening Guidance, Network separation and hardening: Secrets',
    'https://kubernetes.io/docs/concepts/configuration/secret/',
  ],
} satisfies ControlMeta;

export const c0012 = defineControl({
  meta,
  kinds: [...WORKLOADS, 'ConfigMap'],
  counts: (resource) => resource.kind === 'ConfigMap' || overWorkloads.counts(resource),
  *check(resource) {
    const object = describe(resource);
    if (resource.kind === 'ConfigMap') {
      for (const [name, value] of Object.entries(asObject(resource.object.data))) {
        if (!isCredentialEntry(name, asString(value))) continue;
        yield {
          message: 'entry',
          path: ['data', name],
          found: redacted(asString(value)),
          data: {name, object},
        };
      }
      return;
    }
    for (const {name, value, container, path} of credentialVariables(resource)) {
      const data = {name, container: container.name, object};
      yield {message: 'variable', path: [...path, 'value'], found: redacted(value), data};
    }
  },
  fixes: (failures, view) => [
    ...failures
      .filter(({resource}) => resource.kind !== 'ConfigMap')
      .flatMap((one) => toSecret(meta, one, view)),
    ...failures.filter(({resource}) => resource.kind === 'ConfigMap').map((one) => outOfConfigMap(one, view)),
  ],
});

function outOfConfigMap({resource, findings}: Failure, view: View): Fix {
  const keys = findings.map(({data}) => data?.name ?? '');
  const {name} = resource;
  const space = spaceOf(resource.namespace);
  const users = usersOf(resource, view);
  const approach = 'out of the ConfigMap';
  return {
    approach,
    summary: 'moves the key to a Secret, and what reads it along',
    kind: 'manual',
    scope: 'object',
    change: {id: `${meta.id} ${approach} ${resource.key}`, steps: []},
    clears: [],
    asks: [],
    steps: [
      `Look at ${keys.join(', ')} first: a name alone says little. What is no credential can be accepted, with the reason.`,
      ...keys.map(
        (key, index) =>
          `Copy ${key}: kubectl -n ${space} get configmap ${name} -o go-template='{{index .data ${JSON.stringify(key)}}}' | kubectl -n ${space} create secret generic ${name}${index === 0 ? '' : `-${index + 1}`} --from-file=${key}=/dev/stdin`,
      ),
      users.length > 0
        ? `Make ${users.join(', ')} read the Secret: secretKeyRef instead of configMapKeyRef, secretRef instead of configMapRef, a secret volume instead of a configMap volume.`
        : 'Find what reads it, no workload that was seen does, and make it read the Secret.',
      `Then take ${keys.join(', ')} out: kubectl -n ${space} edit configmap ${name}. Change the credential at its source: it has been readable.`,
      `Verify: kubectl -n ${space} get configmap ${name} -o jsonpath='{.data}' does not show it any more.`,
    ],
  };
}

const usersOf = (configMap: Resource, view: View): readonly string[] =>
  WORKLOADS.flatMap((kind) => listIn(view, kind, configMap.namespace))
    .filter((workload) => overWorkloads.counts(workload) && mentionsConfigMap(workload, configMap.name))
    .map(describe);
