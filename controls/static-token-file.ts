import {flagControl} from './shared/flag-control.ts';

export const staticTokenFile = flagControl({
  id: 'static-token-file',
  title: 'API server static token file',
  practice: 'authentication',
  baseScore: 7,
  flag: 'token-auth-file',
  isBad: (value, flag) => Boolean(value) || Boolean(flag('basic-auth-file')),
  message:
    'The API server {server} ({source}) knows people from a list of tokens or passwords on its disk, --token-auth-file is {found}: they never end, and a change needs a restart. Use an identity provider, or short client certificates.',
  summary: 'stops knowing people from a file',
  edit: 'take --token-auth-file and --basic-auth-file out, when everybody in that file has another way to sign in (OIDC by --authentication-config).',
  verify: 'kubectl --token=OLD get namespaces answers Unauthorized.',
  change: () => ({
    flags: {'token-auth-file': undefined, 'basic-auth-file': undefined},
    consequence: 'Who signs in by a token or password of that file is refused from then on.',
  }),
  references: [
    'Kubernetes Hardening Guidance, Authentication and authorization: Authentication',
    'https://kubernetes.io/docs/reference/access-authn-authz/authentication/',
  ],
});
