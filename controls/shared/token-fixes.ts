import type {Fix} from '../../src/engine/change.ts';
import type {ControlMeta} from '../../src/engine/control.ts';
import {type Resource, refOf} from '../../src/engine/objects.ts';
import {isImmutable, podTemplate} from '../../src/engine/pod-spec.ts';
import {type Accounts, named, needOfToken} from './accounts.ts';
import {set} from './fix.ts';
import {isMirrorPod, makerOf} from './owner.ts';

export const tokenField = 'automountServiceAccountToken';

export const tokenReferences = [
  'Kubernetes Hardening Guidance, Kubernetes Pod security: Protecting Pod service account tokens',
  'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  'https://kubernetes.io/docs/concepts/security/service-accounts/',
] as const;

/** False at the ServiceAccount: every pod that runs as it and does not say true itself starts without a token. */
export function atTheAccount(
  meta: ControlMeta,
  account: Resource,
  accounts: Accounts,
  clears: readonly string[],
): Fix {
  const consequence = needOfToken(account, accounts);
  return {
    approach: 'at the ServiceAccount',
    summary: 'sets it to false, restarts nothing',
    kind: consequence === undefined ? 'automatic' : 'review',
    scope: 'account',
    change: {
      id: `${meta.id} account ${account.key}`,
      steps: [{do: 'edit', object: refOf(account), edits: [set([tokenField], false)]}],
    },
    clears,
    asks: [],
    ...(consequence === undefined ? {} : {consequence}),
  };
}

const mayBeEdited = (workload: Resource): boolean =>
  !isMirrorPod(workload) && makerOf(workload) === undefined && !isImmutable(workload.kind);

/** False at an account that has roles, and true at the workloads that run as it now: nobody new gets a token unasked. */
export function falseWithTrueAtPods(
  meta: ControlMeta,
  account: Resource,
  accounts: Accounts,
  clears: readonly string[],
): Fix | undefined {
  const silent = accounts
    .workloads(account)
    .filter((workload) => podTemplate(workload).spec[tokenField] === undefined && !isMirrorPod(workload));
  if (silent.length === 0 || !silent.every(mayBeEdited)) return undefined;
  return {
    approach: 'at the ServiceAccount, true at its pods',
    summary: 'sets it to false, and to true at the workloads that run as it now',
    kind: 'review',
    scope: 'account',
    change: {
      id: `${meta.id} account and pods ${account.key}`,
      steps: [
        ...silent.map((workload) => ({
          do: 'edit' as const,
          object: refOf(workload),
          edits: [set([...podTemplate(workload).path, tokenField], true)],
        })),
        {do: 'edit', object: refOf(account), edits: [set([tokenField], false)]},
      ],
    },
    clears,
    asks: [],
    consequence: `The pods of ${named(silent)} restart once and keep their token; every other pod that runs as the account starts without one.`,
  };
}
