import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {componentOf} from '../src/engine/derive.ts';
import {describeEvidence} from '../src/engine/evidence.ts';
import {labelsOf, type Resource} from '../src/engine/objects.ts';
import type {Path} from '../src/engine/path.ts';
import {labelledLevel, podSecurityLabel} from '../src/engine/pod-security.ts';
import {atFlag, flagOf, overServers, serverNeeds, versionOf} from './shared/component.ts';
import {labelFixes, upgrading} from './shared/label-fixes.ts';

/** Pod Security Admission is on by default since 1.23, whatever else the flags may say. */
const servers = overServers((component) => {
  const [major, minor] = versionOf(component) ?? [0, 0];
  return major > 1 || minor >= 23 ? 'likely' : undefined;
});
const enforce = podSecurityLabel('enforce');
const plugins = 'enable-admission-plugins';

const meta = {
  id: 'C-0068',
  title: 'PSP enabled',
  practice: 'pod-security-enforcement',
  baseScore: 1,
  needs: [...serverNeeds, 'Pod', 'Namespace'],
  messages: {
    unlabelled:
      'Nothing checks the pods of namespace {namespace} (API server {source}): its Pod Security label enforce is {found}. Whoever may create a pod there may create a privileged one. Label it with the strictest level that its pods pass.',
    noPlugin:
      'The API server {server} ({source}) admits every pod: PodSecurityPolicy is not among its admission plugins ({found}), and this version has nothing else.',
  },
  references: [
    'Kubernetes Hardening Guidance, Kubernetes Pod security: Pod security enforcement',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  ],
} satisfies ControlMeta;

/** Namespaces with pods, but kube-system, whose label enforces nothing. */
const unprotected = (view: View): readonly Resource[] =>
  view
    .list('Namespace')
    .filter(({name}) => name !== 'kube-system' && view.list('Pod', name).length > 0)
    .filter(({object}) => (labelledLevel(object) ?? 'privileged') === 'privileged');

const pathOf = ({name}: Resource): Path => [`Namespace/${name}`, 'metadata', 'labels', enforce];

export const c0068 = defineControl({
  meta,
  ...servers,
  unavailable(view) {
    const unseen = servers.unavailable(view);
    if (unseen !== undefined || unprotected(view).length === 0) return unseen;
    const file = view
      .list('Component')
      .filter((server) => servers.counts(server, view))
      .map((server) => flagOf(server, 'admission-control-config-file'))
      .find((value) => value !== undefined);
    return file === undefined
      ? undefined
      : `The API server reads ${file} of its node, which may set Pod Security defaults for namespaces without a label: look for PodSecurity in that file.`;
  },
  *check(resource, view) {
    const [major, minor] = versionOf(componentOf(resource)) ?? [1, 25];
    const isBefore = (release: number) => major === 1 && minor < release;
    // The plugin is gone since 1.25; Pod Security Admission is on since 1.23.
    if (isBefore(25) && flagOf(resource, plugins)?.includes('PodSecurityPolicy')) return;
    if (isBefore(23)) {
      yield atFlag('noPlugin', resource, plugins);
      return;
    }
    for (const namespace of unprotected(view)) {
      const value = labelsOf(namespace.object)[enforce];
      yield {
        message: 'unlabelled',
        path: pathOf(namespace),
        found: value === undefined ? 'not set' : String(value),
        data: {
          namespace: namespace.name,
          source: describeEvidence(componentOf(resource).evidence),
        },
      };
    }
  },
  fixes(failures, view) {
    const isOld = failures.every(({findings}) => findings.every(({message}) => message === 'noPlugin'));
    return isOld
      ? failures.map((failure) => upgrading(meta, failure))
      : labelFixes(meta, failures, view, unprotected(view));
  },
});
