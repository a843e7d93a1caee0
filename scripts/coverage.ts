// The page docs/coverage.md: which practice is checked by what, what that is seen through, and how it is fixed.
import {frameworks} from '../controls/index.ts';
import type {AnyControl, Framework} from '../src/engine/control.ts';
import type {Inventory} from '../src/engine/inventory.ts';
import type {Lesson} from '../src/engine/lesson.ts';
import {WORKLOADS} from '../src/engine/pod-spec.ts';
import {Scanner} from '../src/engine/scan.ts';
import {homeInventory} from '../test/helpers/home.ts';
import {brokenInventories, lessonFiles, lessonOf} from '../test/helpers/lessons.ts';
import {weakInventory} from '../test/helpers/weak.ts';

/** What is counted or looked at; what is read only where its API is installed is not among it. */
function kindsOf({kinds, meta}: AnyControl): string {
  const derived = ['Grant'];
  const all = [...new Set([...kinds.filter((kind) => !derived.includes(kind)), ...meta.needs])];
  const hasAll = WORKLOADS.every((kind) => all.includes(kind));
  const others = all.filter((kind) => !hasAll || !WORKLOADS.some((one) => one === kind));
  return [...(hasAll ? ['workloads'] : []), ...others].join(', ');
}

/** What says more than its kinds do. */
const sources: Readonly<Record<string, string>> = {
  'etcd-clients': 'etcd: its static pod',
  'kubeconfig-files': 'the mode of the kubeconfig in use, and of those on the nodes of the practice cluster',
  'audit-policy': 'files: with `--manifests`, in ConfigMaps, and on the nodes of the practice cluster',
  'node-versions': 'API objects: Node; the version that the API server tells; the dates of releases',
  'client-certificates': 'API objects: CertificateSigningRequest; the certificate that you sign in with',
  'image-registries':
    'API objects: workloads; the list in `kubekata.yaml`, or what ValidatingAdmissionPolicies and Kyverno refuse',
  'image-verification':
    'API objects: workloads, Namespace, webhooks that are asked, policies of Kyverno, Sigstore, Connaisseur, Ratify',
  'runtime-sandbox':
    'API objects: workloads, RuntimeClass, Node; the list in `kubekata.yaml`, or a label that asks',
};

/** What a control is known from. */
export function sourceOf(control: AnyControl): string {
  const own = sources[control.meta.id];
  if (own !== undefined) return own;
  if (control.meta.needs.includes('attestation')) return 'a person, by attestation';
  if (control.kinds.includes('Component'))
    return 'the API server: static pod, `/flagz`, kubeadm-config, k3s and RKE2 node arguments, behaviour where that tells';
  if (control.kinds.includes('Kubelet'))
    return 'the kubelet: `configz` where asked for, k3s and RKE2 node arguments, kubelet-config';
  return `API objects: ${kindsOf(control)}`;
}

/** The kinds of fixes that a control offers over these inventories, the easiest first. */
export function fixKindsOf(control: AnyControl, inventories: readonly Inventory[]): readonly string[] {
  const {id, title, baseScore} = control.meta;
  const entries = [{id, title, baseScore, control}];
  const framework: Framework = {id: 'one', title, scoring: 'mean', excuses: () => undefined, entries};
  const found = new Set(
    inventories.flatMap((inventory) => {
      const failures = new Scanner(framework, inventory).scan().controls[0]?.failures ?? [];
      return [...control.fixes(failures, inventory)].map(({kind}) => kind);
    }),
  );
  return ['automatic', 'review', 'recreate', 'manual'].filter((kind) => found.has(kind as 'manual'));
}

const inOrder = (a: Lesson, b: Lesson): number =>
  a.section.localeCompare(b.section) || a.title.localeCompare(b.title);

/** The text of docs/coverage.md. */
export function coveragePage(): string {
  const {entries} = frameworks.kubekata;
  const shared = [homeInventory(), weakInventory()];
  const lessons = lessonFiles.map(({id}) => lessonOf(id)).sort(inOrder);
  const rows = lessons.flatMap((lesson) => {
    return entries
      .filter(({control}) => control.meta.practice === lesson.id)
      .map(({id, title, control}, index) => {
        const fixes = fixKindsOf(control, [...brokenInventories(lesson, id), ...shared]);
        const practice = index === 0 ? `[${lesson.title}](../lessons/${lesson.id}.md)` : '';
        return `| ${practice} | \`${id}\` ${title} | ${sourceOf(control)} | ${fixes.join(', ') || '-'} |`;
      });
  });
  const byPerson = entries.filter(({control}) => control.meta.needs.includes('attestation')).length;
  return [
    '# Coverage',
    '',
    'Written by `npx node scripts/docs.ts`: every practice of the guidance, the checks of edition `kubekata` for it, what they are seen through, and how a finding is fixed.',
    '',
    `${lessons.length} practices, ${entries.length} checks: ${entries.length - byPerson} automatic, ${byPerson} that only a person answers. These are never passed, only attested (\`attestations\` in kubekata.yaml), and count in no score.`,
    '',
    'A fix is *automatic* (no behaviour changes), for *review* (its consequence is told), *recreate* (interrupts), or *manual* (steps on a node or outside the cluster, and how to verify).',
    '',
    '| practice | check | seen through | fix |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
