import type {Edit} from '../src/engine/change.ts';
import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asObject, type Json} from '../src/engine/json.ts';
import {describe, type Resource} from '../src/engine/objects.ts';
import type {Path} from '../src/engine/path.ts';
import {podTemplate, templatePath, WORKLOADS} from '../src/engine/pod-spec.ts';
import {remove, set, shown, workloadFix} from './shared/fix.ts';
import {linuxContainers, overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'unconfined-profiles',
  title: 'Containers taken out of their confinement',
  practice: 'container-engines',
  baseScore: 6,
  needs: WORKLOADS,
  messages: {
    apparmor:
      '{who} of {object} runs outside AppArmor, its profile is {found}: what the runtime forbids by default, such as writing to /sys, is allowed again. Leave the profile to the runtime.',
    selinux:
      '{who} of {object} runs with SELinux type {found}, which is confined by nothing. Take it out, so that the runtime gives it a type of its own.',
    proc: '{who} of {object} sees all of /proc, procMount is {found}: it may change settings of the kernel of its node. Take it out.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Hardening container environments',
    'https://kubernetes.io/docs/tutorials/security/apparmor/',
  ],
} satisfies ControlMeta;

type Loose = {
  readonly message: keyof typeof meta.messages;
  readonly path: Path;
  readonly value: Json;
  readonly who: string;
  readonly edit: Edit;
};

const oldAnnotation = 'container.apparmor.security.beta.kubernetes.io/';
const freeTypes = ['spc_t', 'unconfined_t'];

/** What a security context, of the pod or of a container, takes off. */
function* inContext(context: Json | undefined, path: Path, who: string): Iterable<Loose> {
  const {appArmorProfile, seLinuxOptions, procMount} = asObject(context);
  if (asObject(appArmorProfile).type === 'Unconfined') {
    const at = [...path, 'appArmorProfile'];
    yield {message: 'apparmor', path: at, value: 'Unconfined', who, edit: set(at, {type: 'RuntimeDefault'})};
  }
  const {type} = asObject(seLinuxOptions);
  if (freeTypes.includes(String(type))) {
    const at = [...path, 'seLinuxOptions', 'type'];
    yield {message: 'selinux', path: at, value: type ?? null, who, edit: remove(at)};
  }
  if (procMount === 'Unmasked') {
    const at = [...path, 'procMount'];
    yield {message: 'proc', path: at, value: procMount, who, edit: remove(at)};
  }
}

function loose(resource: Resource): readonly Loose[] {
  const {metadata, securityContext, path, windows} = podTemplate(resource);
  if (windows) return [];
  const containers = linuxContainers(resource);
  // Until 1.30 there was but the annotation; a container that sets the field does not go by it.
  const annotated = Object.entries(asObject(metadata.annotations)).flatMap(
    ([key, value]): readonly Loose[] => {
      const name = key.startsWith(oldAnnotation) ? key.slice(oldAnnotation.length) : '';
      const container = containers.find((one) => one.name === name);
      if (value !== 'unconfined' || container === undefined) return [];
      if (container.securityContext.appArmorProfile !== undefined) return [];
      const at = [...templatePath(resource.kind), 'metadata', 'annotations', key];
      return [{message: 'apparmor', path: at, value, who: `Container ${name}`, edit: remove(at)}];
    },
  );
  return [
    ...inContext(securityContext, [...path, 'securityContext'], 'Each container'),
    ...containers.flatMap((container) => [
      ...inContext(
        container.securityContext,
        [...container.path, 'securityContext'],
        `Container ${container.name}`,
      ),
    ]),
    ...annotated,
  ];
}

export const unconfinedProfiles = defineControl({
  meta,
  ...overWorkloads,
  *check(resource) {
    for (const {message, path, value, who} of loose(resource)) {
      yield {message, path, found: shown(value), data: {who, object: describe(resource)}};
    }
  },
  fixes: (failures) =>
    failures.map((failure) =>
      workloadFix(meta, failure, {
        approach: 'back into confinement',
        summary: 'takes out what frees it, restarts its pods',
        kind: 'review',
        edits: loose(failure.resource).map(({edit}) => edit),
        consequence:
          'What it did outside its confinement is refused: mounting, writing to /sys or /proc, reading files of other containers.',
      }),
    ),
});
