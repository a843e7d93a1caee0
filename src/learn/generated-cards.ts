import type {Framework} from '../engine/control.ts';
import {messageOf} from '../engine/control.ts';
import type {Inventory} from '../engine/inventory.ts';
import {asArray, asObject, type Json} from '../engine/json.ts';
import type {Resource} from '../engine/objects.ts';
import {describeRefusals, podSecurityRefusals} from '../engine/pod-security.ts';
import {isTopLevel, type PodTemplate, podTemplate, WORKLOADS} from '../engine/pod-spec.ts';
import {plainText} from '../engine/text.ts';
import type {Card, Option} from './cards.ts';
import {shuffled} from './random.ts';

/** A card about objects of the cluster, with what they say in columns. */
export type ObjectCard = Card & {
  readonly generated: true;
  /** A row has a field's name and its value in each object. */
  readonly rows: readonly (readonly [string, ...(readonly string[])])[];
  /** The objects as they were when the question was drawn, in the order of the options. */
  readonly objects: readonly Drawn[];
};

/** An object of a question: its key in the inventory, and what the question reads of it. */
export type Drawn = {readonly key: string; readonly spec: string};

/** What a question reads of an object: its status may change as it likes. */
export const specOf = ({object}: Pick<Resource, 'object'>): string => JSON.stringify(object.spec ?? null);

type Subject = {readonly resource: Resource; readonly wrong: string | undefined};

type Question = {
  readonly id: string;
  readonly competency: string;
  readonly question: string;
  readonly explanation: string;
  readonly source: string;
  readonly fields: readonly (readonly [string, (template: PodTemplate) => string])[];
  /** Why the object fails, undefined where it passes, null where it is not judged. */
  verdict(resource: Resource, inventory: Inventory, framework: Framework): string | undefined | null;
};

const shown = (value: Json | undefined): string =>
  value === undefined ? 'not set' : plainText(typeof value === 'string' ? value : JSON.stringify(value));

/** Of the first container, or of the pod where the container says nothing. */
const context =
  (name: string) =>
  ({containers, securityContext}: PodTemplate): string =>
    shown(containers[0]?.securityContext[name] ?? securityContext[name]);

const capabilities = ({containers}: PodTemplate): string => {
  const drop = asArray(asObject(containers[0]?.securityContext.capabilities).drop);
  return drop.length === 0 ? 'not set' : `[${drop.join(', ')}]`;
};

const seccomp = ({containers, securityContext}: PodTemplate): string =>
  shown(asObject(containers[0]?.securityContext.seccompProfile ?? securityContext.seccompProfile).type);

const podSecurity = (level: 'baseline' | 'restricted'): Question => ({
  id: `own/pod-security-${level}`,
  competency: 'microservices/pod-security-standards',
  question: `Which of these does Pod Security "${level}" reject?`,
  explanation: `Judged by the scanner on your own objects, by the rules of ${level}.`,
  source: 'lesson Pod Security Standards',
  fields:
    level === 'restricted'
      ? [
          ['runAsNonRoot', context('runAsNonRoot')],
          ['allowPrivilegeEscalation', context('allowPrivilegeEscalation')],
          ['capabilities.drop', capabilities],
          ['seccompProfile.type', seccomp],
        ]
      : [
          ['privileged', context('privileged')],
          ['hostNetwork', ({spec}) => shown(spec.hostNetwork)],
          ['hostPID', ({spec}) => shown(spec.hostPID)],
          [
            'hostPath volumes',
            ({spec}) => String(asArray(spec.volumes).filter((one) => asObject(one).hostPath != null).length),
          ],
        ],
  verdict: (resource) => {
    const refusals = podSecurityRefusals(level, podTemplate(resource));
    return refusals.length === 0 ? undefined : `${level} refuses ${describeRefusals(refusals)}.`;
  },
});

const control = (
  id: string,
  competency: string,
  question: string,
  source: string,
  fields: Question['fields'],
): Question => ({
  id: `own/${id.toLowerCase()}`,
  competency,
  question,
  explanation: `Judged by control ${id} on your own objects.`,
  source,
  fields,
  verdict: (resource, inventory, framework) => {
    const entry = framework.entries.find((one) => one.id === id);
    if (!entry?.control.kinds.includes(resource.kind)) return null;
    if (!(entry.control.counts?.(resource, inventory) ?? true)) return null;
    const [first] = entry.control.check(resource, inventory);
    return first && messageOf(entry.control.meta, first);
  },
});

const questions: readonly Question[] = [
  podSecurity('restricted'),
  podSecurity('baseline'),
  control(
    'C-0017',
    'runtime/immutability',
    'In which of these could an attacker write to the root file system?',
    'lesson Immutable container file systems',
    [
      ['readOnlyRootFilesystem', context('readOnlyRootFilesystem')],
      ['containers', ({containers}) => String(containers.length)],
    ],
  ),
  control(
    'C-0016',
    'microservices/pod-security-standards',
    'In which of these may a process gain more privileges than its parent has?',
    'lesson Pod Security Standards',
    [
      ['allowPrivilegeEscalation', context('allowPrivilegeEscalation')],
      ['capabilities.drop', capabilities],
    ],
  ),
];

const most = 3;

/**
 * Questions about objects of this cluster, judged by the scanner: one for each thing that some of them do right and some
 * wrong. `seed` chooses the objects; their ids stay, so that what is practised is the question.
 */
export function cardsOfCluster(
  inventory: Inventory,
  framework: Framework,
  seed: number,
): readonly ObjectCard[] {
  const workloads = WORKLOADS.flatMap((kind) => inventory.list(kind)).filter(isTopLevel);
  return questions.flatMap((question) => {
    const subjects = workloads.flatMap((resource): readonly Subject[] => {
      const wrong = question.verdict(resource, inventory, framework);
      return wrong === null ? [] : [{resource, wrong}];
    });
    const [bad, good] = [true, false].map((isWrong) =>
      shuffled(
        subjects.filter(({wrong}) => (wrong !== undefined) === isWrong),
        seed,
      ),
    );
    if (!bad?.[0] || !good?.[0]) return [];
    const third = seed % 2 === 0 ? (bad[1] ?? good[1]) : (good[1] ?? bad[1]);
    const chosen = shuffled([bad[0], good[0], ...(third ? [third] : [])], seed + 1).slice(0, most);
    return [cardOf(question, chosen)];
  });
}

function cardOf(question: Question, subjects: readonly Subject[]): ObjectCard {
  const {id, competency, explanation, source} = question;
  const nameOf = ({resource}: Subject) => `${resource.namespace}/${resource.name}`;
  return {
    id,
    competency,
    question: question.question,
    explanation,
    source,
    yaml: undefined,
    verdicts: [],
    generated: true,
    objects: subjects.map(({resource}) => ({key: resource.key, spec: specOf(resource)})),
    options: subjects.map(
      (subject): Option => ({
        text: `${subject.resource.kind} ${nameOf(subject)}`,
        correct: subject.wrong !== undefined,
        why: plainText(subject.wrong ?? 'It passes.'),
      }),
    ),
    rows: question.fields.map(([name, read]) => [
      name,
      ...subjects.map(({resource}) => read(podTemplate(resource))),
    ]),
  };
}
