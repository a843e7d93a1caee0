import type {Edit, Fix, Step} from '../../src/engine/change.ts';
import {type ControlMeta, type Failure, findingId, type View} from '../../src/engine/control.ts';
import {isCredentialVariable} from '../../src/engine/credentials.ts';
import {asArray, asObject, asString} from '../../src/engine/json.ts';
import {describe, objectId, type Resource, refOf} from '../../src/engine/objects.ts';
import {element, type Path} from '../../src/engine/path.ts';
import {type Container, podTemplate} from '../../src/engine/pod-spec.ts';
import {remove, set, workloadFix} from './fix.ts';
import {getIn, spaceOf} from './namespaces.ts';

export type CredentialVariable = {
  readonly name: string;
  readonly value: string;
  readonly container: Container;
  /** Path of the variable in the workload. */
  readonly path: Path;
};

/** The environment variables of a workload whose literal value is a credential. */
export const credentialVariables = (resource: Resource): readonly CredentialVariable[] =>
  podTemplate(resource).containers.flatMap((container) => {
    const all = asArray(container.spec.env).map(asObject);
    return all.flatMap((variable, index): readonly CredentialVariable[] => {
      const name = asString(variable.name);
      const value = asString(variable.value);
      if (!isCredentialVariable(name, value)) return [];
      const isOnly = all.filter((one) => one.name === variable.name).length === 1;
      return [
        {name, value, container, path: [...container.path, 'env', isOnly ? element('name', name) : index]},
      ];
    });
  });

// The kubelet replaces $(NAME) in a literal value, but not in one from a Secret.
const isComposed = ({value}: CredentialVariable): boolean => /\$\([^)]*\)/.test(value);

/** Moves the credentials of a workload into a Secret, which its containers refer to from then on. */
export function toSecret(meta: ControlMeta, failure: Failure, view: View): readonly Fix[] {
  const {resource} = failure;
  const variables = credentialVariables(resource);
  const movable = variables.filter((one) => !isComposed(one));
  const composed = variables.filter(isComposed);
  return [
    ...(movable.length > 0 ? [moving(meta, failure, view, movable)] : []),
    ...(composed.length > 0 ? [recomposing(meta, resource, composed)] : []),
  ];
}

function moving(
  meta: ControlMeta,
  failure: Failure,
  view: View,
  variables: readonly CredentialVariable[],
): Fix {
  const {resource} = failure;
  const secret = freeName(resource, view);
  const keys = new Map(variables.map((one) => [one, keyOf(one, variables)]));
  const edits = variables.flatMap(({path}, index): readonly Edit[] => [
    set([...path, 'valueFrom'], {secretKeyRef: {name: secret, key: keys.get(variables[index]!)!}}),
    remove([...path, 'value']),
  ]);
  const paths = new Set(variables.map(({path}) => JSON.stringify([...path, 'value'])));
  const onDisk = resource.source !== 'live';
  const fix = workloadFix(meta, failure, {
    approach: 'to a Secret',
    summary: onDisk
      ? 'refers to a Secret that you create with the command shown; the value leaves the file'
      : 'creates a Secret with the value and refers to it; the value leaves the workload',
    kind: 'review',
    edits,
    clears: failure.findings
      .filter(({path}) => paths.has(JSON.stringify(path)))
      .map((one) => findingId(meta.id, resource, one)),
    consequence: onDisk
      ? `The pods start only where Secret ${secret} exists. The old value stays in version control: change it at its source.`
      : `The pods start anew. The old value stays in the history of ${describe(resource)}: change it at its source.`,
  });
  if (fix.kind === 'manual') return fix;
  if (onDisk) return {...fix, steps: commands(resource, secret, [...keys.values()])};
  const create: Step = {
    do: 'create',
    id: objectId('Secret', resource.namespace, secret),
    object: {
      base: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {name: secret, namespace: resource.namespace},
        type: 'Opaque',
      },
      edits: variables.map((one) => ({
        op: 'set',
        path: ['data', keys.get(one)!],
        value: {from: refOf(resource), path: [...one.path, 'value'], encode: 'base64'},
      })),
    },
  };
  return {...fix, change: {...fix.change, steps: [create, ...fix.change.steps]}};
}

/** The variable's name, with the container's before it where two containers differ. */
function keyOf(variable: CredentialVariable, all: readonly CredentialVariable[]): string {
  const isTwice = all.some(({name, value}) => name === variable.name && value !== variable.value);
  return isTwice ? `${variable.container.name}.${variable.name}` : variable.name;
}

function freeName({name, namespace}: Resource, view: View): string {
  const wanted = `${name}-credentials`;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? wanted : `${wanted}-${number}`;
    if (getIn(view, 'Secret', namespace, candidate) === undefined) return candidate;
  }
}

function commands(resource: Resource, secret: string, keys: readonly string[]): readonly string[] {
  const space = spaceOf(resource.namespace);
  const create = `kubectl -n ${space} create secret generic ${secret}`;
  const only = keys.length === 1 ? keys[0] : undefined;
  return [
    only === undefined
      ? `Create the Secret, with one line KEY=VALUE for each of ${keys.join(', ')}, ended by Ctrl-D: ${create} --from-env-file=/dev/stdin`
      : `Create the Secret, with the value typed or piped in and ended by Ctrl-D: ${create} --from-file=${only}=/dev/stdin`,
    'Change the credential at its source first, and put the new one in: version control has seen the old one.',
    `Verify: kubectl -n ${space} get secret ${secret} -o jsonpath='{.data}' lists ${keys.join(', ')}.`,
  ];
}

function recomposing(meta: ControlMeta, resource: Resource, variables: readonly CredentialVariable[]): Fix {
  const names = variables.map(({name}) => name).join(', ');
  const approach = 'put together from a Secret';
  return {
    approach,
    summary: 'keeps the text, and takes the credential in it from a Secret',
    kind: 'manual',
    scope: 'object',
    change: {id: `${meta.id} ${approach} ${resource.key}`, steps: []},
    clears: [],
    asks: [],
    steps: [
      `${names} of ${describe(resource)} holds $(...), which is filled in only in a value that stands here: it can't move to a Secret as a whole.`,
      'Put the credential itself into a Secret, give it a variable of its own by secretKeyRef before this one, and write $(THAT_VARIABLE) in its place.',
      `Verify: kubectl -n ${spaceOf(resource.namespace)} get ${resource.kind.toLowerCase()} ${resource.name} -o yaml shows no credential.`,
    ],
  };
}
