import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {describe} from '../src/engine/objects.ts';
import {indexAccounts, needOfToken} from './shared/accounts.ts';
import {idsOf, shown} from './shared/fix.ts';
import {atTheAccount, falseWithTrueAtPods, tokenField, tokenReferences} from './shared/token-fixes.ts';

const meta = {
  id: 'C-0034',
  title: 'Automatic mapping of service account',
  practice: 'service-account-tokens',
  baseScore: 5,
  needs: ['ServiceAccount'],
  messages: {
    given:
      '{object} gives its token to every pod that runs as it: automountServiceAccountToken is {found}. Set it to false, and to true only at pods that call the API.',
  },
  references: tokenReferences,
} satisfies ControlMeta;

/** C-0034 as the editions of 2021 saw it: ServiceAccounts alone. */
export const c0034of2021 = defineControl({
  meta,
  kinds: ['ServiceAccount'],
  *check(resource) {
    const value = resource.object[tokenField];
    if (value === false) return;
    yield {message: 'given', path: [tokenField], found: shown(value), data: {object: describe(resource)}};
  },
  fixes(failures, view) {
    const accounts = indexAccounts(view);
    const atAccount = failures.map((failure) =>
      atTheAccount(meta, failure.resource, accounts, idsOf(meta, failure)),
    );
    const withTrue = failures
      .filter(({resource}) => needOfToken(resource, accounts) !== undefined)
      .map((failure) => falseWithTrueAtPods(meta, failure.resource, accounts, idsOf(meta, failure)));
    return [...atAccount, ...withTrue.filter((fix) => fix !== undefined)];
  },
});
