import type {Fix} from '../src/engine/change.ts';
import {type ControlMeta, defineControl, type Failure, type View} from '../src/engine/control.ts';
import {describe, type Resource} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {type Accounts, accountOf, findAccount, indexingAccounts, needOfToken} from './shared/accounts.ts';
import {idsOf, set, shown, workloadFix} from './shared/fix.ts';
import {atTheAccount, tokenField, tokenReferences} from './shared/token-fixes.ts';
import {overWorkloads} from './shared/workload.ts';

const meta = {
  id: 'C-0034',
  title: 'Automatic mapping of service account',
  practice: 'service-account-tokens',
  baseScore: 6,
  needs: [...WORKLOADS, 'ServiceAccount'],
  messages: {
    mounted:
      '{object} mounts the token of ServiceAccount {account} into its pods: automountServiceAccountToken is {found}. Set it to false at the account or the workload, unless its pods call the API.',
  },
  references: tokenReferences,
} satisfies ControlMeta;

const ownValue = (workload: Resource) => podTemplate(workload).spec[tokenField];

export const c0034 = defineControl({
  meta,
  kinds: [...WORKLOADS, 'ServiceAccount'],
  // ServiceAccounts are counted, as the peer does, and judged at the workloads that run as them.
  counts: (resource) => resource.kind === 'ServiceAccount' || overWorkloads.counts(resource),
  // What the account says is known once the token is mounted: in pods, when they are admitted.
  keep: [
    {
      expression: 'variables.pod.?automountServiceAccountToken.orValue(false) == false',
      message: 'Set automountServiceAccountToken to false.',
    },
    {
      expression:
        "!variables.pod.?volumes.orValue([]).exists(volume, volume.name.startsWith('kube-api-access-'))",
      message: 'Set automountServiceAccountToken to false, here or at the ServiceAccount.',
    },
  ],
  *check(resource, view) {
    if (resource.kind === 'ServiceAccount') return;
    const value = ownValue(resource);
    if (value === false) return;
    if (value !== true && findAccount(view, resource)?.object[tokenField] === false) return;
    const data = {object: describe(resource), account: accountOf(resource)};
    yield {message: 'mounted', path: [...podTemplate(resource).path, tokenField], found: shown(value), data};
  },
  fixes: (failures, view) => [...fixing(failures, view)].filter((one) => one !== undefined),
  fixing,
});

function* fixing(failures: readonly Failure[], view: View): Iterable<Fix | undefined> {
  const accounts = yield* indexingAccounts(view);
  yield* accountFixes(failures, accounts, view);
  for (const failure of failures) yield workload(failure, accounts, view);
}

function* accountFixes(
  failures: readonly Failure[],
  accounts: Accounts,
  view: View,
): Iterable<Fix | undefined> {
  const byAccount = new Map<Resource | undefined, Failure[]>();
  for (const failure of failures) {
    yield;
    if (ownValue(failure.resource) === true) continue;
    const account = findAccount(view, failure.resource);
    const users = byAccount.get(account);
    if (users) users.push(failure);
    else byAccount.set(account, [failure]);
  }
  for (const [account, users] of byAccount) {
    const clears = users.flatMap((failure) => idsOf(meta, failure));
    if (account) yield atTheAccount(meta, account, accounts, clears);
  }
}

function workload(failure: Failure, accounts: Accounts, view: View): Fix {
  const {resource} = failure;
  const account = findAccount(view, resource);
  const consequence = account && needOfToken(account, accounts, [resource]);
  return workloadFix(meta, failure, {
    approach: 'at the workload',
    summary: 'sets it to false in the pod template, restarts its pods',
    kind: consequence === undefined ? 'automatic' : 'review',
    edits: [set([...podTemplate(resource).path, tokenField], false)],
    ...(consequence === undefined ? {} : {consequence}),
  });
}
