import {type ControlMeta, defineControl} from '../src/engine/control.ts';
import {asString} from '../src/engine/json.ts';
import {annotationsOf, describe, type Resource} from '../src/engine/objects.ts';
import {manualFix} from './shared/manual.ts';

const account = 'kubernetes.io/service-account.name';

const meta = {
  id: 'legacy-tokens',
  title: 'Tokens that never end',
  practice: 'authentication',
  baseScore: 6,
  needs: ['Secret'],
  messages: {
    endless:
      '{object} holds a token of ServiceAccount {found} that never ends, and that every reader of Secrets in the namespace may copy. Use short tokens (kubectl create token, projected volumes) and delete it.',
  },
  references: [
    'Kubernetes Hardening Guidance, Authentication and authorization: Authentication',
    'https://kubernetes.io/docs/concepts/security/service-accounts/#get-a-token',
  ],
} satisfies ControlMeta;

// Lists of metadata leave the type out; the annotation is what the token controller itself goes by.
const accountOf = ({object}: Resource): string =>
  object.type === undefined || object.type === 'kubernetes.io/service-account-token'
    ? asString(annotationsOf(object)[account])
    : '';

export const legacyTokens = defineControl({
  meta,
  kinds: ['Secret'],
  *check(resource) {
    const found = accountOf(resource);
    if (found === '') return;
    const path = ['metadata', 'annotations', account];
    yield {message: 'endless', path, found, data: {object: describe(resource)}};
  },
  fixes: (failures) =>
    failures.map(({resource}) => {
      const {namespace, name, key} = resource;
      return manualFix(meta, key, {
        approach: 'a short token instead',
        summary: 'finds who uses it, gives them a short one, deletes it',
        steps: [
          `When it was used last stands in label kubernetes.io/legacy-token-last-used: kubectl -n ${namespace} get secret ${name} -o jsonpath='{.metadata.labels}'`,
          `Give its users another: kubectl -n ${namespace} create token ${accountOf(resource)} --duration=1h for people and pipelines, a projected serviceAccountToken volume for pods.`,
          `Try without it for a while, then delete it, which ends the token at once: kubectl -n ${namespace} delete secret ${name}`,
          `Verify: kubectl -n ${namespace} get secret ${name} answers NotFound.`,
        ],
      });
    }),
});
